"""Markdown blocks of the manual, and of answers, as small trees whose leaves hold runs.

The fiches use a closed part of Markdown (paragraphs, lists, block quotes, pipe tables); a general parser
would give back HTML, in which a passage that crosses markup can no longer be marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from assistant.markup.inline import Run, parse_inline, plain_text

__all__ = ["Leaf", "Node", "leaves_of", "parse_blocks", "parse_node", "plain_of"]

NodeKind = Literal["paragraph", "heading", "list", "item", "table", "row", "quote", "group"]

_BULLET = re.compile(r"^(?P<indent>[ \t]*)(?:[-*•→]|(?P<n>\d{1,2})[.)])[ \t]+(?P<rest>.*)$")
_RULE = re.compile(r"^\|?[\s:|-]+\|?$")
_HEADING = re.compile(r"^#{1,6}\s+(.*)$")


@dataclass(slots=True)
class Leaf:
    """Where text stands; its runs are cut in place when a passage is marked."""

    runs: list[Run]


@dataclass(slots=True)
class Node:
    """One block or part of a block.

    Attributes:
        kind: What it is; ``group`` only holds others together.
        leaf: Its own text, if any.
        children: What stands in it, after its own text.
        start: First number of a numbered list; None for a bulleted one.
    """

    kind: NodeKind
    leaf: Leaf | None = None
    children: list[Node] = field(default_factory=list)
    start: int | None = None


@dataclass(frozen=True, slots=True)
class _Reader:
    bare_ids: bool
    chips: bool

    def leaf(self, text: str) -> Leaf:
        return Leaf(list(parse_inline(text.strip(), bare_ids=self.bare_ids, chips=self.chips)))

    def nodes(self, lines: list[str]) -> list[Node]:
        """Blocks of lines without blank ones between them."""
        if lines and all(line.lstrip().startswith(">") for line in lines):
            inner = [re.sub(r"^\s*> ?", "", line) for line in lines]
            return [Node("quote", children=self.paragraphs(inner))]
        if lines and all(line.lstrip().startswith("|") for line in lines):
            return [self.table(lines)]
        return list(self.text_and_lists(lines))

    def paragraphs(self, lines: list[str]) -> list[Node]:
        """Blocks of lines that blank ones may part."""
        groups = [g.split("\n") for g in re.split(r"\n[ \t]*\n+", "\n".join(lines).strip("\n")) if g.strip()]
        return [node for group in groups for node in self.nodes(group)]

    def table(self, lines: list[str]) -> Node:
        rows = [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            for line in lines
            if not _RULE.match(line.strip())
        ]
        return Node("table", children=[
            Node("row", children=[Node("paragraph", self.leaf(cell)) for cell in row]) for row in rows
        ])  # fmt: skip

    def text_and_lists(self, lines: list[str]) -> Iterator[Node]:
        text: list[str] = []
        k = 0
        while k < len(lines):
            heading, bullet = _HEADING.match(lines[k]), _BULLET.match(lines[k])
            if not heading and not bullet:
                text.append(lines[k])
                k += 1
                continue
            if text:
                yield Node("paragraph", self.leaf("\n".join(text)))
                text = []
            if heading:
                yield Node("heading", self.leaf(heading[1]))
                k += 1
                continue
            end = self._list_end(lines, k)
            yield self.list_of(lines[k:end])
            k = end
        if text:
            yield Node("paragraph", self.leaf("\n".join(text)))

    @staticmethod
    def _list_end(lines: list[str], k: int) -> int:
        end = k + 1
        while end < len(lines) and (_BULLET.match(lines[end]) or lines[end].startswith((" ", "\t"))):
            end += 1
        return end

    def list_of(self, lines: list[str]) -> Node:
        """A list, with the lists that stand in it; its first line is an item."""
        first = _BULLET.match(lines[0])
        assert first
        depth, items = len(first["indent"]), []
        for line in lines:
            bullet = _BULLET.match(line)
            if bullet and len(bullet["indent"]) <= depth:
                items.append([bullet["rest"]])
            else:
                items[-1].append(line)
        return Node(
            "list",
            children=[self.item(item) for item in items],
            start=int(first["n"]) if first["n"] else None,
        )

    def item(self, lines: list[str]) -> Node:
        inner = next((k for k, line in enumerate(lines) if k and _BULLET.match(line)), len(lines))
        children = [self.list_of(lines[inner:])] if inner < len(lines) else []
        return Node("item", self.leaf("\n".join(lines[:inner])), children)


def parse_node(text: str, *, bare_ids: bool = False) -> Node:
    """One block of a fiche."""
    return Node("group", children=_Reader(bare_ids, False).paragraphs(text.split("\n")))


def parse_blocks(text: str, *, bare_ids: bool = False, chips: bool = False) -> list[Node]:
    """Blocks of a longer text, such as an answer's."""
    return _Reader(bare_ids, chips).paragraphs(text.split("\n"))


def leaves_of(nodes: Iterable[Node]) -> list[Leaf]:
    """Every leaf below the nodes, in reading order."""
    out: list[Leaf] = []
    for node in nodes:
        if node.leaf is not None:
            out.append(node.leaf)
        out += leaves_of(node.children)
    return out


def plain_of(nodes: Iterable[Node]) -> str:
    """Plain text of the nodes, a line a leaf."""
    return "\n".join(plain_text(leaf.runs) for leaf in leaves_of(nodes))
