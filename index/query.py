"""A question as the index searches it: phone spelling undone, typos mended, words joined by their kin.

Nothing here decides what the question means; it only makes sure that the words people type meet the words
the manual uses. Every change is kept on the query, so that an answer can say why a passage was found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from corpus.model import Manual
from index.chunks import Chunk
from index.english import English, asked_stems, english_stem, load_english
from index.entries import QuestionEntry
from index.lexicon import Lexicon
from index.mending import Mender
from index.spelling import Respelling
from index.text import STOP_WORDS, fold, stem, terms, words

__all__ = ["Query", "QueryReader", "Vocabulary", "query_reader"]

KIN_WEIGHT = 0.35
# A word of an English question stands for its surest French one, less where that is a guess, and less for the others.
SURE = 0.3
SURE_WEIGHT, GUESS_WEIGHT = 1.0, 0.6
# Less than a typed word: « on est une asso du 49 » mostly tells who asks, not what is asked.
PLACE_WEIGHT = 0.5
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
        text: As it is meant (``Respelling``, ``Mender``); what is embedded.
        weights: Weight of each search term: 1 for a word of ``text``, less for a kindred one.
        typed: Terms of the words of ``text`` only, in French where an English one surely stands for one, and of places
            that they stand for.
        unknown: Content words of ``text``, folded, that the corpus has in no form and the vocabulary says nothing of;
            of an English question, those that no written one holds either.
        changes: What was changed, as (typed, read as) pairs.
        translated: Weight of the French words that those of an English question stand for.
        synonyms: Single words of the vocabulary that stand for a typed one, by its term.
    """

    asked: str
    text: str
    weights: dict[str, float]
    typed: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    translated: Mapping[str, float] = field(default_factory=dict)
    synonyms: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def bilingual(self) -> str:
        """What the models that go by words read: ``text``, with the surest French words of an English one."""
        return " ".join((self.text, *(word for word, weight in self.translated.items() if weight == SURE_WEIGHT)))


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
        known: Folded words of the corpus.
        lexicon: Words that may be typed, and how they are written.
        english: French words that an English one stands for; None to do without.
        english_known: Stems of English words that need stand for none to be known.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        known: Collection[str],
        lexicon: Lexicon,
        english: English | None = None,
        english_known: frozenset[str] = frozenset(),
    ) -> None:
        self._known = frozenset(known)
        self._lexicon = lexicon
        self._english = english or {}
        self._english_known = english_known
        self._mender = Mender(lexicon)
        self._respelling = Respelling(vocabulary.read_as, vocabulary.acronyms, self._known, lexicon.is_common)
        self._stems = frozenset(stem(w) for w in self._known)
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

    def _acronym(self, word: str, typed_upper: Collection[str]) -> tuple[str, ...]:
        spelt = self._acronyms.get(word, ())
        return () if word in self._ambiguous and word not in typed_upper else spelt

    def is_english(self, text: str) -> bool:
        """Whether a text is in English."""
        return self._lexicon.is_english_text(text)

    def read(self, question: str, *, english: bool | None = None) -> Query:
        """Make a query of ``question``, whatever it holds.

        Args:
            question: What is asked, or a part of it.
            english: Whether it is in English, where a part of it says too little to tell; None to look.
        """
        english = self.is_english(question) if english is None else english
        text, changes = self._respelling.apply(question)
        if not english:  # French ways would spoil it
            text, mended = self._mender.apply(text)
            changes += mended
        upper = {fold(w) for w in re.findall(r"\b[A-Z]{2,6}\b", text)}
        weights: dict[str, float] = {}
        typed: list[str] = []
        meant: list[str] = []
        unknown: list[str] = []
        french = self._french(text) if english else {}
        for word in words(text):
            spelt = self._acronym(word, upper)
            if spelt:
                weights[stem(word)] = 1.0
                typed.append(stem(word))
                meant.append(stem(word))
                for term in spelt:
                    weights[term] = max(weights.get(term, 0.0), 1.0 / len(spelt) + 0.2)
                continue
            if word in STOP_WORDS or (len(word) == 1 and not word.isdigit()):
                continue
            if not (self._is_known(word) or (english and self._is_known_english(word, french.get(word, ())))):
                unknown.append(word)
            weights[stem(word)] = 1.0
            typed.append(stem(word))
            sure = [f for f, weight in french.get(word, {}).items() if weight == SURE_WEIGHT]
            meant.append(stem(sure[0]) if sure else stem(word))
        translated: dict[str, float] = {}
        for word, weight in (pair for shares in french.values() for pair in shares.items()):
            translated[word] = max(translated.get(word, 0.0), weight)  # two may stand for one, surely and as a guess
            weights[stem(word)] = max(weights.get(stem(word), 0.0), weight)
        self._add_kin(typed, weights)
        if english:  # else they are the same
            self._add_kin(meant, weights)
        for said, place in self._places_in(text):
            changes.append((said, place))
            for term in terms(place):
                weights.setdefault(term, PLACE_WEIGHT)
                meant.append(term)
        synonyms = {t: self._synonyms[t] for t in meant if t in self._synonyms}
        return Query(question, text, weights, tuple(meant), tuple(unknown), tuple(changes), translated, synonyms)

    def _french(self, text: str) -> dict[str, dict[str, float]]:
        """Weights of the French words that those of an English text stand for, by the English one."""
        out: dict[str, dict[str, float]] = {}
        for word in (w for w in words(text) if w not in STOP_WORDS):
            shares = self._english.get(english_stem(word), {})
            surest = max(shares.values(), default=0.0)
            weights = {f: GUESS_WEIGHT * share / surest for f, share in shares.items()}
            if surest >= SURE:
                weights[next(iter(shares))] = SURE_WEIGHT
            if weights:
                out[word] = weights
        return out

    def _is_known_english(self, word: str, french: Iterable[str]) -> bool:
        """Whether questions are asked in an English word, or the corpus has one of the French words it stands for."""
        return english_stem(word) in self._english_known or any(stem(f) in self._stems for f in french)

    def _is_known(self, word: str) -> bool:
        """Whether the corpus has a word in some form, or the vocabulary words that stand for it."""
        return stem(word) in self._stems or word in self._known or (stem(word),) in self._kin

    def _add_kin(self, typed: list[str], weights: dict[str, float]) -> None:
        for start in range(len(typed)):
            for end in range(start + 1, min(len(typed), start + 6) + 1):
                for term in self._kin.get(tuple(typed[start:end]), ()):
                    weights.setdefault(term, KIN_WEIGHT)


def query_reader(
    manual: Manual, chunks: Sequence[Chunk], entries: Iterable[QuestionEntry], vocabulary: Vocabulary
) -> QueryReader:
    """The reader of questions on a corpus, which knows every word of it.

    Args:
        manual: The corpus.
        chunks: Its chunks.
        entries: The written questions.
        vocabulary: Acronyms, kin words, how people type them.
    """
    texts = [f"{c.title} {c.heading} {c.text}" for c in chunks] + [k.term for k in manual.index]
    known = {w for text in texts for w in words(text)}
    entries = tuple(entries)
    lexicon = Lexicon(texts, (e.text for e in entries if not e.translated))
    asked = asked_stems(e.text for e in entries if e.translated)
    return QueryReader(vocabulary, known, lexicon, load_english(), asked)
