"""Finding a cited passage in a fiche's text, and marking it.

A quote is compared with the plain text, first character by character (white space aside), then by its
letters and figures alone: a language model's typographic apostrophe, a list's sign or a bold mark cut in
half must not lose the passage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.markup.blocks import Leaf, parse_blocks, plain_of
from assistant.markup.inline import Run, plain_text

__all__ = ["Passage", "locate", "mark", "shorten"]

_LONG = 320  # characters of a quote that go into an address whole
_EDGE = 140  # of a longer one, characters kept of its beginning and of its end


@dataclass(frozen=True, slots=True)
class Passage:
    """What an address asks to be marked.

    Attributes:
        start: The quote, or its beginning.
        end: The quote's end when ``start`` is only its beginning; else empty.
    """

    start: str
    end: str = ""


def shorten(quote: str) -> Passage:
    """A passage short enough for an address.

    Args:
        quote: Markdown, verbatim from a fiche.
    """
    plain = re.sub(r"\s+", " ", plain_of(parse_blocks(quote))).strip()
    if len(plain) <= _LONG:
        return Passage(plain)
    return Passage(plain[:_EDGE].rsplit(" ", 1)[0], plain[-_EDGE:].split(" ", 1)[-1])


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and figures, folded, and where each stands."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for base in unicodedata.normalize("NFKD", char).casefold():
            if base.isalnum():
                out.append(base)
                places.append(place)
    return "".join(out), places


def _visible(text: str) -> tuple[str, list[int]]:
    """Characters that are no white space, and where each stands."""
    places = [k for k, char in enumerate(text) if not char.isspace()]
    return "".join(text[k] for k in places), places


def _find(text: str, wanted: str, after: int = 0) -> tuple[int, int] | None:
    for reduce in (_visible, _letters):
        sought, _ = reduce(wanted)
        if not sought:
            continue
        reduced, places = reduce(text)
        begin = next((k for k, place in enumerate(places) if place >= after), len(places))
        at = reduced.find(sought, begin)
        if at >= 0:
            return places[at], places[at + len(sought) - 1] + 1
    return None


def locate(text: str, passage: Passage) -> tuple[int, int] | None:
    """Where a passage stands in a plain text: its first character and the one after its last.

    Returns:
        None when it does not stand there. When only its beginning does, the beginning.
    """
    start = _find(text, passage.start)
    if start is None or not passage.end:
        return start
    end = _find(text, passage.end, start[0])
    return (start[0], end[1]) if end else start


def _cut(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """The runs of one leaf, those between two offsets of its plain text marked."""
    out: list[Run] = []
    at = 0
    for run in runs:
        size = len(run.plain)
        a, b = max(start - at, 0), min(end - at, size)
        if size == 0:
            # A note call between two marked words belongs to the passage.
            out.append(replace(run, marked=run.marked or start < at < end))
        elif a >= b:
            out.append(run)
        else:
            pieces = ((run.text[:a], False), (run.text[a:b], True), (run.text[b:], False))
            out += [replace(run, text=t, marked=run.marked or inside) for t, inside in pieces if t]
        at += size
    return out


def mark(leaves: Sequence[Leaf], passage: Passage) -> bool:
    """Mark a passage in the leaves it stands in.

    Args:
        leaves: Leaves in reading order; the runs of those concerned are cut.
        passage: What to mark.

    Returns:
        Whether it was found.
    """
    texts = [plain_text(leaf.runs) for leaf in leaves]
    found = locate("\n".join(texts), passage)
    if found is None:
        return False
    at = 0
    for leaf, text in zip(leaves, texts, strict=True):
        if at < found[1] and found[0] < at + len(text):
            leaf.runs = _cut(leaf.runs, found[0] - at, found[1] - at)
        at += len(text) + 1
    _open_first(leaves)
    return True


def _open_first(leaves: Sequence[Leaf]) -> None:
    for leaf in leaves:
        for k, run in enumerate(leaf.runs):
            if run.marked:
                leaf.runs[k] = replace(run, opens=True)
                return
