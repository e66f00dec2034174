"""Footnotes: superscript figures in the text, and the notes they call.

A number alone does not name a note: the introduction starts again at 1 in its second half, so the k-th
note of a number goes with the k-th call of that number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.model import Footnote, Section

__all__ = ["find_calls", "from_superscript", "tie_notes", "to_superscript"]

_FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CALL = re.compile(f"[{_FIGURES}]+")


def to_superscript(n: int) -> str:
    """12 → « ¹² »."""
    return "".join(_FIGURES[int(c)] for c in str(n))


def from_superscript(text: str) -> int:
    """« ¹² », or plain « 12 », → 12."""
    return int("".join(str(_FIGURES.index(c)) if c in _FIGURES else c for c in text))


def find_calls(text: str) -> list[int]:
    """Numbers of the footnote calls of a text, in order."""
    return [from_superscript(m.group()) for m in _CALL.finditer(text)]


def tie_notes(sections: Iterable[Section], notes: Sequence[tuple[int, str]]) -> tuple[Footnote, ...]:
    """Tie each note to the section that calls it.

    Args:
        sections: The fiche's sections in order.
        notes: Number and text of each note, in order.

    Returns:
        The notes; ``section`` is empty when nothing calls the note.
    """
    calls: dict[int, list[str]] = {}
    for section in sections:
        for n in find_calls(section.text):
            calls.setdefault(n, []).append(section.anchor)
    seen: dict[int, int] = {}
    out = []
    for n, text in notes:
        k = seen[n] = seen.get(n, -1) + 1
        places = calls.get(n, [])
        out.append(Footnote(n, text, places[k] if k < len(places) else ""))
    return tuple(out)
