"""Inline Markdown of the manual as a flat list of runs.

A flat list, not a tree: a quote that starts in a bold word and ends past a footnote call is then an
interval of characters, which can be marked by cutting runs, without ever touching markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from corpus.footnotes import from_superscript
from corpus.references import FICHE_ID, find_mentions

__all__ = ["Run", "RunKind", "parse_inline", "plain_text"]

RunKind = Literal["text", "note", "fiche", "link", "email", "break", "chip"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of characters that looks and links alike.

    Attributes:
        text: The characters, unescaped. A note call's are shown but are no part of the plain text.
        kind: What it is.
        target: Fiche id, address, or number called.
        bold: Printed bold.
        italic: Printed italic.
        marked: Part of the cited passage.
        opens: First of the marked runs: where the passage is reached.
    """

    text: str
    kind: RunKind = "text"
    target: str = ""
    bold: bool = False
    italic: bool = False
    marked: bool = False
    opens: bool = False

    @property
    def plain(self) -> str:
        """The run's share of the plain text."""
        return "" if self.kind in ("note", "chip") else self.text


_TOKEN = re.compile(
    r"\\(?P<escaped>[\\()\[\]*_`|#<>-])"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<href>https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)"
    r"|<(?P<auto>https?://[^\s<>]+)>"
    r"|(?P<url>(?<![\w@./-])(?:https?://|www\.)[^\s<>«»\"\[\]⁰¹²³⁴⁵⁶⁷⁸⁹*]+[^\s<>«»\"\[\]⁰¹²³⁴⁵⁶⁷⁸⁹*.,;:!?'’)])"
    r"|(?P<email>[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<note>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|\*\*(?P<bold>(?=\S).+?(?<=\S))\*\*(?!\*)"
    r"|(?<![\w*])\*(?P<italic>(?=[^\s*])[^*\n]*?(?<=[^\s*]))\*(?![\w*])"
    r"|(?P<newline>[ \t]*\n[ \t]*)",
    re.DOTALL,
)
_CHIP = re.compile(r"\s?\[(\d{1,3})\]")


def parse_inline(text: str, *, bare_ids: bool = False, chips: bool = False) -> tuple[Run, ...]:
    """Runs of a text.

    Args:
        text: Inline Markdown, several lines allowed.
        bare_ids: Whether « I-B-1 » without « FICHE » is a link too, as in the index.
        chips: Whether « [1] » calls a citation, as in an answer.
    """
    return tuple(_runs(text, Run(""), bare_ids, chips))


def _runs(text: str, style: Run, bare_ids: bool, chips: bool) -> Iterator[Run]:
    start = 0
    for match in _TOKEN.finditer(text):
        yield from _words(text[start : match.start()], style, bare_ids, chips)
        yield from _token(match, style, bare_ids, chips)
        start = match.end()
    yield from _words(text[start:], style, bare_ids, chips)


def _token(match: re.Match[str], style: Run, bare_ids: bool, chips: bool) -> Iterator[Run]:
    kind, value = match.lastgroup, match.group(match.lastgroup or 0)
    if kind == "escaped":
        yield replace(style, text=value)
    elif kind == "href":
        label = re.sub(r"\\(.)", r"\1", match["label"])
        yield replace(style, text=label, kind="link", target=value)
    elif kind in ("auto", "url"):
        yield replace(style, text=value, kind="link", target=value if "://" in value else f"http://{value}")
    elif kind == "email":
        yield replace(style, text=value, kind="email", target=value)
    elif kind == "note":
        yield replace(style, text=value, kind="note", target=str(from_superscript(value)))
    elif kind == "bold":
        yield from _runs(value, replace(style, bold=True), bare_ids, chips)
    elif kind == "italic":
        yield from _runs(value, replace(style, italic=True), bare_ids, chips)
    else:
        yield replace(style, text="\n", kind="break")


def _words(text: str, style: Run, bare_ids: bool, chips: bool) -> Iterator[Run]:
    """Text without markup: mentions of fiches, and citation numbers, are still to be found in it."""
    found: list[tuple[int, int, RunKind, str]] = [
        (m.start, m.end, "fiche", m.to) for m in find_mentions(text)
    ]
    if bare_ids:
        found = [
            (m.start(), m.end(), "fiche", m.group())
            for m in re.finditer(rf"\b(?:{FICHE_ID.pattern})\b", text)
        ]
    if chips:
        found += [(m.start(), m.end(), "chip", m[1]) for m in _CHIP.finditer(text)]
    start = 0
    for begin, end, kind, target in sorted(found):
        if begin < start:
            continue
        if begin > start:
            yield replace(style, text=text[start:begin])
        yield replace(
            style,
            text=text[begin:end].strip() if kind == "chip" else text[begin:end],
            kind=kind,
            target=target,
        )
        start = end
    if start < len(text):
        yield replace(style, text=text[start:])


def plain_text(runs: tuple[Run, ...] | list[Run]) -> str:
    """The runs' characters, note calls left out."""
    return "".join(run.plain for run in runs)
