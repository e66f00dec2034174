"""From a model's stream to sentences and the numbers they cite.

Read character by character, each decision resting on what was read and never on where the network cut: one
result wherever the stream is split. A citation belongs to the sentence it stands in or follows; what comes
after it on the same line is another sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Sentence", "SentenceParser"]

MAX_SENTENCE = 1200  # characters: a model that never ends one must not fill the memory
MAX_SPREAD = 8  # « [1-999999999] » names no more passages than were ever offered
_ENDS = ".!?…"
_CLOSERS = '»")”’*_ \u00a0\u202f'
_CITATION = re.compile(r"\s*\d{1,4}(?:\s*[,;–-]\s*\d{1,9})*\s*")
_RANGE = re.compile(r"(\d{1,9})(?:\s*[–-]\s*(\d{1,9}))?")
_MARKER = re.compile(r"\s*(?:[-*•]\s+|\d{1,3}[.)]\s+|#{1,6}\s+|>\s*)+")
_MARKER_START = re.compile(r"\s*(?:\d{1,3}|[-*•>#]{1,6})")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«'’])(?:cf|ex|art|p|pp|M|MM|Mme|Mmes|n°|vol|éd|St|Ste|etc|[A-Z])$", re.IGNORECASE
)
_THOUGHT = ("<think>", "</think>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or list item as a model wrote it.

    Attributes:
        text: Without citation numbers and list marks.
        numbers: What it cites, in order, each once.
        item: It is a list item.
        complete: It ended with a full stop, a citation or a line's end; the last of a cut stream does not.
        opens_line: It begins a line.
    """

    text: str
    numbers: tuple[int, ...]
    item: bool = False
    complete: bool = True
    opens_line: bool = True


def _numbers(inside: str) -> list[int]:
    """The numbers of « 1, 3-5 »."""
    out: list[int] = []
    for first_, last_ in _RANGE.findall(inside):
        first, last = int(first_), int(last_ or first_)
        out += range(first, last + 1) if first <= last < first + MAX_SPREAD else [first]
    return out


class SentenceParser:
    """Takes pieces of text, gives back the sentences that they complete."""

    def __init__(self) -> None:
        self._text = ""  # of the sentence under way, marks included
        self._bracket: str | None = None  # since the last « [ »; None outside brackets
        self._tag = ""  # what may become <think> or </think>
        self._thinking = False
        self._cited: list[int] = []
        self._ended = False  # a full stop, or a citation after one, was read: the next word begins a sentence
        self._sealed = False  # a citation followed the full stop: whatever comes next is another sentence
        self._spaced = False  # white space followed
        self._just_cited = False  # a citation is the last thing read
        self._opens_line = True
        self._out: list[Sentence] = []

    def feed(self, piece: str) -> list[Sentence]:
        """Sentences that ``piece`` completes."""
        for char in piece:
            self._take_visible(char)
        out, self._out = self._out, []
        return out

    def close(self) -> list[Sentence]:
        """What is left when the stream ends."""
        if self._tag and not self._thinking:
            for char in self._tag:
                self._take(char)
        if self._bracket is not None:
            self._put("[" + self._bracket)
            self._bracket = None
        self._flush(complete=self._ended or self._just_cited)
        out, self._out = self._out, []
        return out

    def _take_visible(self, char: str) -> None:
        """Pass on what is not a model's thinking aloud between <think> tags."""
        wanted = _THOUGHT[self._thinking]
        if wanted.startswith(self._tag + char):
            self._tag += char
            if self._tag == wanted:
                self._thinking, self._tag = not self._thinking, ""
            return
        held, self._tag = self._tag, ""
        if held:
            if not self._thinking:
                for c in held:
                    self._take(c)
            self._take_visible(char)
        elif not self._thinking:
            self._take(char)

    def _take(self, char: str) -> None:
        if self._bracket is not None:
            self._take_in_bracket(char)
        elif char == "[":
            self._bracket = ""
        elif char == "\n":
            self._flush(complete=True)
            self._opens_line = True
        elif self._ended:
            self._take_after_end(char)
        else:
            self._put(char)
            if char in _ENDS and not self._is_marker_start():
                self._ended, self._spaced = True, False
        if len(self._text) >= MAX_SENTENCE:
            self._flush(complete=False)

    def _take_in_bracket(self, char: str) -> None:
        assert self._bracket is not None
        if char == "]" and _CITATION.fullmatch(self._bracket):
            self._cited += _numbers(self._bracket)
            self._bracket, self._just_cited = None, True
            self._sealed = self._sealed or self._ended
        elif (char in "0123456789" or char in " ,;–-") and len(self._bracket) < 40:
            self._bracket += char
        else:
            held, self._bracket = "[" + self._bracket, None
            if self._ended and (self._sealed or self._spaced):
                self._flush(complete=True)
            self._continue()
            self._put(held)
            self._take(char)

    def _take_after_end(self, char: str) -> None:
        if char in _ENDS:
            self._put(char)
            self._spaced = False
        elif char in _CLOSERS and not (char in "*_" and self._spaced):
            self._spaced = self._spaced or char.isspace()
            self._put(char)
        elif char.isspace():
            self._spaced = True
            self._put(char)
        elif self._sealed or (self._spaced and not self._goes_on(char)):
            self._flush(complete=True)
            self._take(char)
        else:
            self._continue()
            self._take(char)

    def _goes_on(self, char: str) -> bool:
        """Whether a word after a full stop and a space still belongs to the sentence."""
        before = self._text.rstrip().rstrip(_ENDS)
        abbreviated = self._text.rstrip().endswith(".") and bool(_ABBREVIATION.search(before))
        return char.islower() or abbreviated

    def _continue(self) -> None:
        """Take back that the sentence ended; a sealed one is given out instead."""
        if self._sealed:
            self._flush(complete=True)
        self._ended = self._spaced = False

    def _is_marker_start(self) -> bool:
        """Whether the full stop just read belongs to a list number: « 1. »."""
        return self._opens_line and bool(_MARKER_START.fullmatch(self._text[:-1]))

    def _put(self, text: str) -> None:
        self._text += text
        self._just_cited = self._just_cited and text.isspace()

    def _flush(self, *, complete: bool) -> None:
        raw, numbers = self._text, tuple(dict.fromkeys(self._cited))
        marker = _MARKER.match(raw) if self._opens_line else None
        text = re.sub(r"\s+", " ", raw[marker.end() :] if marker else raw).strip()
        text = re.sub(r"\s+([.,…])", r"\1", text)
        if text and any(c.isalnum() for c in text):
            item = bool(marker and re.match(r"\s*(?:[-*•]|\d)", marker[0]))
            self._out.append(Sentence(text, numbers, item, complete, self._opens_line))
            self._opens_line = False
        self._text, self._cited = "", []
        self._ended = self._sealed = self._spaced = self._just_cited = False
