"""Sentences and list items of a passage, each a verbatim stretch of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

__all__ = ["Span", "plain", "spans"]

# « cf. », « ex. », « M. » … end no sentence; nor does a full stop inside an address or a figure.
_ABBREVIATIONS = "".join(rf"(?<!\b{a}\.)" for a in ("cf", "Cf", "ex", "Ex", "M", "MM", "p", "art", "Art"))
_SENTENCE_END = re.compile(rf"(?<=[.!?…]){_ABBREVIATIONS}(?:\s?»)?[»\")¹²³⁴-⁹]*\s+(?=[«\"(]?\s?[A-ZÀÂÇÉÈÊËÎÏÔÛ\d«*])")
_RULER = re.compile(r"^\s*\|[\s:|-]+\|\s*$")
MIN_SAYABLE = 12
_ITEM = re.compile(r"^\s*(?:[-*•→]|\d+[.)])\s+")
_REFERENCE_LINE = re.compile(r"^\W*(?:cf\.?\s*)?fiches?\s+I{1,3}[-\s]", re.IGNORECASE)
_SUPERSCRIPTS = re.compile("[¹²³⁴-⁹⁰]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, a list item, a list's introduction or a table row.

    Attributes:
        start: Offset in the passage.
        end: Offset after its last character.
        text: The passage between them.
        kind: What it is.
    """

    start: int
    end: int
    text: str
    kind: Literal["sentence", "item", "intro", "row", "head", "reference"]

    @property
    def sayable(self) -> bool:
        """Whether it says something of its own: no bare reference, no head of a table, no crumb."""
        return self.kind not in ("reference", "head") and len(plain(self.text)) >= MIN_SAYABLE


@lru_cache(maxsize=8192)
def plain(markdown: str) -> str:
    """Text as a person reads it: no emphasis marks, list or quote signs, note calls, doubled spaces."""
    text = re.sub(r"(?m)^\s*(?:>\s?)+", "", markdown)
    text = re.sub(r"(?m)^\s*[-*•]\s+", "", text)
    text = re.sub(r"(?m)^\|[\s:|-]+\|$", "", text)
    text = re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", text)
    text = re.sub(r"\[([^\]]+)\]\((?:[^)]*)\)", r"\1", text)
    text = text.replace("\\(", "(").replace("\\)", ")").replace("|", " ")
    text = _SUPERSCRIPTS.sub("", text)
    return re.sub(r"\s+", " ", text).strip()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.split("\n"):
        yield offset, line
        offset += len(line) + 1


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(line):
        yield start, match.start() + len(match.group().rstrip())
        start = match.end()
    if line[start:].strip():
        yield start, len(line)


@lru_cache(maxsize=4096)
def spans(text: str) -> tuple[Span, ...]:
    """Cut a passage's Markdown into spans, in order.

    A line that continues a list item belongs to it. Spans never overlap, and together hold every
    character of the passage that is not white space.
    """
    lines = list(_lines(text))
    out: list[Span] = []
    for k, (offset, line) in enumerate(lines):
        if not line.strip():
            continue
        bare = line.lstrip("> ")
        if _REFERENCE_LINE.match(bare):
            out.append(Span(offset, offset + len(line), line, "reference"))
        elif bare.startswith("|"):
            following = lines[k + 1][1] if k + 1 < len(lines) else ""
            # The ruler is no text of the manual, and a quote may not run across it.
            heads = bool(_RULER.match(following)) or bool(_RULER.match(bare))
            out.append(Span(offset, offset + len(line), line, "head" if heads else "row"))
        elif _ITEM.match(bare):
            out.append(Span(offset, offset + len(line), line, "item"))
        elif out and out[-1].kind == "item" and line.startswith((" ", "\t")):
            start = out[-1].start
            out[-1] = Span(start, offset + len(line), text[start : offset + len(line)], "item")
        else:
            following = lines[k + 1][1].lstrip("> ") if k + 1 < len(lines) else ""
            pieces = [
                Span(offset + a, offset + b, line[a:b], "sentence") for a, b in _sentences(line) if line[a:b].strip()
            ]
            if pieces and _ITEM.match(following):
                last = pieces[-1]
                pieces[-1] = Span(last.start, last.end, last.text, "intro")
            out += pieces
    return tuple(out)
