"""Titles of the table of contents: the only place of the source where a fiche's id meets its title."""

from __future__ import annotations

import re

from corpus.references import find_mentions

__all__ = ["toc_titles"]

_FIRST, _LAST = 19, 94  # lines of the first table of contents
_END = re.compile(r"[\s.*]*\bFiche I[\w-]*\**\s*$")


def toc_titles(source: list[str]) -> dict[str, str]:
    """Title by fiche id, leaders and bold marks removed."""
    out = {}
    for line in source[_FIRST : _LAST + 1]:
        mention = next(find_mentions(line), None)
        if mention:
            out[mention.to] = _END.sub("", line).strip()
    return out
