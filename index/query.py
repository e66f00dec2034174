"""A question as the index searches it: phone spelling undone, typos mended, words joined by their kin.

Nothing here decides what the question means; it only makes sure that the words people type meet the words
the manual uses. Every change is kept on the query, so that an answer can say why a passage was found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from corpus.model import Manual
from index.chunks import Chunk
from index.spelling import Respelling
from index.text import STOP_WORDS, fold, stem, terms, words

__all__ = ["Query", "QueryReader", "Vocabulary", "query_reader"]

KIN_WEIGHT = 0.35
CORRECTED_WEIGHT = 0.8
# Less than a typed word: « on est une asso du 49 » mostly tells who asks, not what is asked.
PLACE_WEIGHT = 0.5
ELIDED = "dlnsjmtcq"  # what is left of an article or pronoun typed without its apostrophe
MIN_CORRECTED = 5  # letters: shorter words have too many neighbours
# « le 78 », « dans le 44 », « AI du 13 »; not « du 13 mars », « dans les 27 % », « le 22 juin ».
_MONTH = "janv|f[eé]vr|mars|avril|mai|juin|juil|ao[uû]t|sept|octo|nov|d[eé]c"
_NUMBERED = re.compile(
    rf"\b(?:le|du|d[ée]p(?:artement)?) (\d\d)\b(?! ?(?:[%€/-]|(?:au|et|ou|à) \d|bis\b|ter\b|rue\b|{_MONTH}))", re.I
)
_INHABITANT = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for search.

    Attributes:
        asked: As typed.
        text: As it is meant (``Respelling``); what is embedded.
        weights: Weight of each search term: 1 for a typed word, less for a mended or kindred one.
        typed: Terms of the typed (or undone, or mended) words only, and of places that they stand for.
        unknown: Typed content words, folded, that the corpus has in no form.
        changes: What was changed, as (typed, read as) pairs.
        synonyms: Single words of the vocabulary that stand for a typed one, by its term.
    """

    asked: str
    text: str
    weights: dict[str, float]
    typed: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    synonyms: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """The hand-edited vocabulary file: see its own head for what its parts mean."""

    read_as: dict[str, str] = field(default_factory=dict)
    acronyms: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def load(cls, path: Path | None = None) -> Vocabulary:
        """Read the file; the shipped one when ``path`` is None."""
        path = path or Path(__file__).with_name("vocabulary.yaml")
        data: dict[str, Any] = yaml.load(
            path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
        return cls(
            data["read_as"],
            data["acronyms"],
            {name: tuple(said) for name, said in data["places"].items()},
            tuple(tuple(g) for g in data["groups"]),
        )


class QueryReader:
    """Makes queries out of questions.

    Args:
        vocabulary: The field's acronyms, kin words, and how people type them.
        known: Folded words of the corpus and of the written questions: what a typo is mended against.
    """

    def __init__(self, vocabulary: Vocabulary, known: Collection[str]) -> None:
        self._known = frozenset(known)
        self._respelling = Respelling(vocabulary.read_as, vocabulary.acronyms, self._known)
        self._stems = frozenset(stem(w) for w in self._known)
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= MIN_CORRECTED and not word[0].isdigit():
                self._by_initial.setdefault(word[0], []).append(word)
        self._acronyms = {fold(a): tuple(terms(spelt)) for a, spelt in vocabulary.acronyms.items()}
        # Two-letter acronyms that are also French words count only when typed in capitals.
        self._ambiguous = {a for a in self._acronyms if a in STOP_WORDS or len(a) <= 2}
        self._places = {s: name for name, said in vocabulary.places.items() for s in map(stem, map(fold, said))}
        self._kin = self._index_kin(vocabulary.groups)
        self._synonyms: dict[str, frozenset[str]] = {}
        for group in vocabulary.groups:
            single = frozenset(t[0] for t in map(terms, group) if len(t) == 1)
            for term in single:
                self._synonyms[term] = self._synonyms.get(term, frozenset()) | single
        self._correct = lru_cache(maxsize=4096)(self._closest)

    def _index_kin(self, groups: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
        kin: dict[tuple[str, ...], set[str]] = {}
        for group in groups:
            expressions = [tuple(terms(e)) for e in group]
            everything = {t for e in expressions for t in e}
            for expression in expressions:
                if expression:
                    kin.setdefault(expression, set()).update(everything)
        for acronym, spelt in self._acronyms.items():
            if len(spelt) > 1:
                kin.setdefault(spelt, set()).add(acronym)
        return kin

    def _places_in(self, text: str) -> Iterator[tuple[str, str]]:
        """What stands for a département, a number or its inhabitants, with the département."""
        for match in (*_NUMBERED.finditer(text), *_INHABITANT.finditer(text)):
            word = match[match.lastindex or 0]
            place = self._places.get(stem(fold(word)))
            if place is not None and place not in text:
                yield word, place

    def _closest(self, word: str) -> str | None:
        """The corpus word one slip away (two in a long word), None when there is none or no need."""
        if len(word) < MIN_CORRECTED or word[0].isdigit() or word in self._known or stem(word) in self._stems:
            return None
        if word[0] in ELIDED and word[1:] in self._known:  # « ladpei » for « l'ADPEI »
            return word[1:]
        limit = 1 if len(word) < 8 else 2
        found = process.extractOne(
            word,
            self._by_initial.get(word[0], []),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=limit,
        )
        return found[0] if found else None

    def _acronym(self, word: str, typed_upper: Collection[str]) -> tuple[str, ...]:
        spelt = self._acronyms.get(word, ())
        return () if word in self._ambiguous and word not in typed_upper else spelt

    def read(self, question: str) -> Query:
        """Make a query of ``question``, whatever it holds."""
        text, changes = self._respelling.apply(question)
        upper = {fold(w) for w in re.findall(r"\b[A-Z]{2,6}\b", text)}
        weights: dict[str, float] = {}
        typed: list[str] = []
        unknown: list[str] = []
        for word in words(text):
            spelt = self._acronym(word, upper)
            if spelt:
                weights[stem(word)] = 1.0
                typed.append(stem(word))
                for term in spelt:
                    weights[term] = max(weights.get(term, 0.0), 1.0 / len(spelt) + 0.2)
                continue
            if word in STOP_WORDS or (len(word) == 1 and not word.isdigit()):
                continue
            if stem(word) not in self._stems and word not in self._known:
                mended = self._correct(word)
                if mended is None:
                    unknown.append(word)
                else:
                    changes.append((word, mended))
                    weights.setdefault(stem(mended), CORRECTED_WEIGHT)
                    typed.append(stem(mended))
            weights[stem(word)] = 1.0
            typed.append(stem(word))
        self._add_kin(typed, weights)
        for said, place in self._places_in(text):
            changes.append((said, place))
            for term in terms(place):
                weights.setdefault(term, PLACE_WEIGHT)
                typed.append(term)
        synonyms = {t: self._synonyms[t] for t in typed if t in self._synonyms}
        return Query(question, text, weights, tuple(typed), tuple(unknown), tuple(changes), synonyms)

    def _add_kin(self, typed: list[str], weights: dict[str, float]) -> None:
        for start in range(len(typed)):
            for end in range(start + 1, min(len(typed), start + 6) + 1):
                for term in self._kin.get(tuple(typed[start:end]), ()):
                    weights.setdefault(term, KIN_WEIGHT)


def query_reader(manual: Manual, chunks: Sequence[Chunk], vocabulary: Vocabulary) -> QueryReader:
    """The reader of questions on a corpus, which knows every word of it.

    Args:
        manual: The corpus.
        chunks: Its chunks.
        vocabulary: Acronyms, kin words, how people type them.
    """
    known = {w for c in chunks for w in words(f"{c.title} {c.heading} {c.text}")}
    known |= {w for k in manual.index for w in words(k.term)}
    return QueryReader(vocabulary, known)
