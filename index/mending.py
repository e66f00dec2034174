"""Typos mended and accents put back in what people type, before it is embedded and searched.

An encoder that reads « cnoseils » or « elus » finds less than for « conseils » and « élus »: on a phone, one
word in three may be so.
"""

from __future__ import annotations

import re

from index.lexicon import LETTERS, MIN_MENDED, Lexicon
from index.text import fold

__all__ = ["Mender"]


class Mender:
    """Mends what is certain.

    Args:
        lexicon: What is a word, and how it is written.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def apply(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        """The text, which is not in English, mended, with what was changed as (typed, meant) pairs."""
        changes: list[tuple[str, str]] = []

        def mended(match: re.Match[str]) -> str:
            meant = self._meant(match[0], opens=not text[: match.start()].strip())
            if meant != match[0]:
                changes.append((match[0], meant))
            return meant

        return LETTERS.sub(mended, text), changes

    def _meant(self, word: str, *, opens: bool) -> str:
        folded = fold(word)
        if len(folded) < 2 or word.isupper():
            return word
        if self._lexicon.knows(folded):
            return _cased(self._lexicon.spelling(word), word)
        if len(folded) < MIN_MENDED or self._lexicon.is_english(folded):
            return word
        # A capital within a text begins a name, and many names are in no list.
        meant = self._lexicon.nearest(folded, name=word[0].isupper() and not opens)
        return _cased(meant, word) if meant else word


def _cased(meant: str, typed: str) -> str:
    return meant.capitalize() if meant != typed and typed[0].isupper() else meant
