"""Words as people write them: what is one, how it is spelt, which one a slip of the keyboard meant.

Three sources: the corpus, the written questions (everyday words that the corpus lacks), and the French and
English word lists of the package ``pyspellchecker``, counted in film subtitles. Without the lists, whatever the
manual does not say would be taken for a typo of what it says: « trient » for « tient ».
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from index.text import fold

__all__ = ["LETTERS", "MIN_MENDED", "Lexicon"]

LETTERS = re.compile(r"[^\W\d_]+")
MIN_MENDED = 5  # letters: shorter words have too many neighbours
TWO_SLIPS = 8  # letters from which two slips are allowed
ELIDED = "dlnsjmtcq"  # what is left of an article or pronoun typed without its apostrophe
CORPUS_COUNTS = 3  # what once in the corpus counts, in the written questions
LEAST = 3  # counts under which a word of the written questions may itself be a typo
COMMON = 200  # counts in the subtitles from which a word is likely to have been meant
RARE = 2_000  # counts in the subtitles under which a word is not likelier than an acronym of the same letters
ENGLISH_RATIO = 10  # of the counts of a word in both lists
ENGLISH_SHARE = 0.25  # of a text's words from which it is English: it is left as it is, and its words are translated
ENGLISH_WORDS = 2
# A spelling that makes up this share of a word's is a way of writing it: « pense » stays beside « pensé ».
USUAL = 0.2


class _Counts:
    """How often words are met, and in which spellings. Built from hundreds of thousands: plain dicts, for speed."""

    def __init__(self, counts: Mapping[str, int], least: int = 0) -> None:
        totals: dict[str, int] = {}
        forms: dict[str, dict[str, int]] = {}
        for written, count in counts.items():
            folded = written if written.isascii() else fold(written)
            totals[folded] = totals.get(folded, 0) + count
            if folded is not written:
                forms.setdefault(folded, {folded: counts.get(folded, 0)})[written] = count
        self.totals = {f: n for f, n in totals.items() if n >= least} if least else totals
        self._forms = forms

    def spelling(self, folded: str) -> str:
        """The most usual spelling of a folded word that is counted; the bare one where it is usual enough."""
        forms = self._forms.get(folded)
        if forms is None or forms[folded] >= USUAL * self.totals[folded]:
            return folded
        return max(forms, key=lambda form: (forms[form], form))


class Lexicon:
    """The words that a question may hold.

    Args:
        corpus: Texts of the corpus.
        questions: Written questions; those without a single accent are passed over, as they may be phone spelling, and
            English ones.
    """

    def __init__(self, corpus: Iterable[str], questions: Iterable[str] = ()) -> None:
        own: Counter[str] = Counter()
        for text in corpus:
            for word in LETTERS.findall(text):
                own[word.lower()] += CORPUS_COUNTS
        self._french = _Counts(SpellChecker(language="fr").word_frequency.dictionary)
        self._english: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
        self._own = _Counts(own)
        for text in questions:
            if not text.isascii() and not self.is_english_text(text):
                own.update(word.lower() for word in LETTERS.findall(text))
        self._own = _Counts(own, LEAST)
        stemmer = Stemmer.Stemmer("french")
        self._stem = stemmer.stemWord
        self._stems = frozenset(stemmer.stemWords([*self._own.totals, *self._french.totals]))
        meant = {*self._own.totals, *(f for f, n in self._french.totals.items() if n >= COMMON)}
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(w for w in meant if len(w) >= MIN_MENDED):
            self._by_initial.setdefault(word[0], []).append(word)
        self._closest = lru_cache(maxsize=4096)(self._search)

    def knows(self, folded: str) -> bool:
        """Whether a folded word is one of the corpus, of the questions or of French, in this form or another."""
        return folded in self._own.totals or folded in self._french.totals or self._stem(folded) in self._stems

    def is_english(self, folded: str) -> bool:
        """Whether a folded word is far more English than French; subtitles hold words of other languages too."""
        english = self._english.get(folded, 0)
        return english > ENGLISH_RATIO * self._french.totals.get(folded, 0) and folded not in self._own.totals

    def is_english_text(self, text: str) -> bool:
        """Whether a text is in English: as many of its words are as no French text holds."""
        typed = [fold(word) for word in LETTERS.findall(text)]
        return sum(map(self.is_english, typed)) >= max(ENGLISH_WORDS, ENGLISH_SHARE * len(typed))

    def is_common(self, folded: str) -> bool:
        """Whether a folded word is one that people say, as against the letters of an acronym."""
        return self._french.totals.get(folded, 0) >= RARE

    def spelling(self, word: str) -> str:
        """A word as typed, its accents put back where nearly everybody writes them."""
        folded = fold(word)
        if not word.isascii():
            return word
        counts = self._own if folded in self._own.totals else self._french
        meant = counts.spelling(folded)
        return word if meant == folded else meant

    def nearest(self, folded: str, *, name: bool = False) -> str | None:
        """The word that was meant, as it is written, in small letters; None when there is none.

        Args:
            folded: What was typed, folded: no word that is known.
            name: Whether it may be a name: then it is one of the corpus, one slip away, or its own.
        """
        if folded[0] in ELIDED and folded[1:] in self._own.totals:  # « ladpei » for « l'ADPEI »
            return self.spelling(folded[1:])
        found = self._closest(folded)
        if name:
            found = tuple((word, slips) for word, slips in found if word in self._own.totals and slips == 1)
        if not found:
            return None
        return self.spelling(min(found, key=lambda f: (f[1], -self._weight(f[0]), f[0]))[0])

    def _search(self, folded: str) -> tuple[tuple[str, int], ...]:
        """Known words a slip away (or two, in a long word), each with its number of slips."""
        found = process.extract(
            folded,
            self._by_initial.get(folded[0], []),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=1 if len(folded) < TWO_SLIPS else 2,
            limit=10,
        )
        return tuple((word, int(slips)) for word, slips, _ in found)

    def _weight(self, folded: str) -> float:
        """How likely a word is to be meant: one of the field's, however rare, before one of everyday speech."""
        return 50 * self._own.totals.get(folded, 0) + self._french.totals.get(folded, 0) / 1000
