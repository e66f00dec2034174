"""What people type, read as what they mean: phone spelling, spoken short forms, acronyms that the manual lacks.

The text that comes out is what is embedded: an encoder that has never met « BP » finds nothing near it, and
finds the passage at once when it reads « plan d'affaires ».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from index.text import fold

__all__ = ["Respelling"]

# Not within an address, a compound or a number of a fiche; an elided article before it is no hindrance (« l'asso »).
_ALONE = r"(?<![\w.&@/-])({})(?![\w'&@/-]|\.\w)"
_PLURAL = r"(?<![\w.&@/-])({})s(?![\w'&@/-])"
_NOTHING = r"(?!)"
# « une ai », « nos ai »: there no verb can stand.
_COUNTED = r"(?<![\w'-])(?:une|deux|trois|quatre|\d+|notre|nos|votre|vos|des|cette|chaque|quelques|plusieurs)\s+"
_OPENS = re.compile(r"(?:^|\w{3}\s?[.?!…])\s*$")  # where a sentence starts; « M. » ends none


def _pattern(frame: str, expressions: Collection[str]) -> re.Pattern[str]:
    # Longest first: « com com » before « com ».
    longest_first = sorted(expressions, key=lambda e: (-len(e), e))
    return re.compile(frame.format("|".join(map(re.escape, longest_first)) or _NOTHING))


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters (and its end) where it stands in the text.

    Folding changes lengths: « œ » becomes two letters, a combining accent none.
    """
    pieces = [fold(c) for c in text]
    places = [at for at, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), [*places, len(text)]


class Respelling:
    """Replaces what the corpus would not know by what it knows.

    Args:
        read_as: Word or expression as typed -> what is meant.
        acronyms: Acronym -> spelt-out form.
        known: Folded words of the corpus: an acronym among them stays as it is.
        is_word: Whether small letters are a word that people say, as « ai » is; an acronym else.
    """

    def __init__(
        self,
        read_as: Mapping[str, str],
        acronyms: Mapping[str, str],
        known: Collection[str],
        is_word: Callable[[str], bool] = lambda letters: False,
    ) -> None:
        self._read_as = {fold(typed): (typed.lower(), meant) for typed, meant in read_as.items()}
        self._pattern = _pattern(_ALONE, self._read_as)
        self._spelt = {a: spelt for a, spelt in acronyms.items() if fold(a) not in known}
        self._acronym = _pattern(_ALONE, self._spelt)
        self._plural = _pattern(_PLURAL, acronyms)
        small = [a.lower() for a in acronyms]
        self._small = _pattern(_ALONE, [a for a in small if not is_word(a)])
        self._counted = _pattern(_COUNTED + _ALONE, [a for a in small if is_word(a)])

    def apply(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        """The text as it is meant, with what was changed as (typed, read as) pairs."""
        changes: list[tuple[str, str]] = []

        def spelt_out(match: re.Match[str]) -> str:
            changes.append((match[0], self._spelt[match[1]]))
            return self._spelt[match[1]]

        def in_capitals(match: re.Match[str]) -> str:
            before, letters = match[0][: -len(match[1])], match[1]
            changes.append((letters, letters.upper()))
            return before + letters.upper()

        if any(c.islower() for c in text):  # where all is in capitals, nothing tells an acronym from a word
            text = self._counted.sub(in_capitals, self._small.sub(in_capitals, text))
            text = self._acronym.sub(spelt_out, self._plural.sub(r"\1", text))
        folded, places = _folded(text)
        out, done = [], 0
        for match in self._pattern.finditer(folded):
            start, end = places[match.start()], places[match.end()]
            typed, meant = text[start:end], self._read_as[match[1]][1]
            if self._is_meant(typed, match[1], text[:start]):
                out += [text[done:start], meant]
                changes.append((typed, meant))
                done = end
        return "".join([*out, text[done:]]), changes

    def _is_meant(self, typed: str, key: str, before: str) -> bool:
        # « près » is not « pres », the president in phone spelling.
        if not typed.isascii() and typed.lower() != self._read_as[key][0]:
            return False
        if typed.isupper():  # « C » opens a sentence, or else it is an initial; « SA » may be an acronym
            return len(typed) == 1 and _OPENS.search(before) is not None
        return True
