"""Blocks of a section's Markdown: the unit that is chunked, quoted and marked on a page.

The fiches use a small, closed part of Markdown, so a full parser would only hide the one rule that
matters here: blocks are parted by blank lines, a list or a block quote is one block, and a list stays
with the line that introduces it when no blank line parts them.
"""

from __future__ import annotations

import re

from corpus.model import Block, BlockKind

__all__ = ["split_blocks"]

_LIST_ITEM = re.compile(r"\s*(?:[-*•→]|\d+[.)])\s+")


def _kind(lines: list[str]) -> BlockKind:
    if all(line.startswith(">") for line in lines):
        return "illustration"
    if all(line.lstrip().startswith("|") for line in lines):
        return "table"
    if any(_LIST_ITEM.match(line) for line in lines):
        return "list"
    return "paragraph"


def split_blocks(text: str) -> tuple[Block, ...]:
    """Split a section's Markdown into blocks.

    Args:
        text: Markdown of one section, without its heading.

    Returns:
        Blocks in order; their texts joined by a blank line give ``text`` back, outer blank lines aside.
    """
    groups = [g.split("\n") for g in re.split(r"\n[ \t]*\n+", text.strip("\n")) if g.strip()]
    return tuple(Block(n, _kind(lines), "\n".join(lines)) for n, lines in enumerate(groups))
