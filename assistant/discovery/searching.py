"""Search as you type over the manual's own words, tolerant of accents, endings and typing faults.

It answers « where does the manual say this word? » at once and without the index, so that it works before one is
built and marks the very words that matched. Questions are for the assistant.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.model import Fiche, Manual
from corpus.references import normalise_id
from index.text import STOP_WORDS, fold

__all__ = ["Found", "Piece", "Snippet", "TextSearch"]

_WORD = re.compile(r"[^\W_]+")
_SKIPPED_UNITS = ("INDEX",)  # a list of key words: every search would find it
_SNIPPET = 190  # characters
_TITLE, _KEYWORD, _HEADING = 6.0, 4.0, 2.5  # how much more a word counts there than in the text
_LISTS = ("approfondir", "dimensions", "grille", "contacts")  # rôles whose text is names rather than sentences
_LONGEST = 200  # characters of a query that are read


def _plain(markdown: str) -> str:
    """A block as a line of words: no marks, no addresses, no « FICHE … » line under an illustration."""
    text = re.sub(r"^[>\s]*(?:cf\. )?FICHE .*$|<https?://[^>]*>", "", markdown, flags=re.M | re.I)
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹*]+", "", text)
    return " ".join(re.sub(r"^[>#|\s-]+|\s*\|\s*", " ", text, flags=re.M).split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``marked`` when it matched."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """Where a fiche says what was searched.

    Attributes:
        anchor: The section.
        heading: Its heading, in order.
        pieces: The words around, in order.
        passage: The same as plain text, for a link that marks it.
    """

    anchor: str
    heading: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    passage: str


@dataclass(frozen=True, slots=True)
class Found:
    """One fiche found: its marked title, and its best passages."""

    fiche: Fiche
    title: tuple[Piece, ...]
    snippets: tuple[Snippet, ...]
    score: float


@dataclass(slots=True)
class _Passage:
    fiche: Fiche
    anchor: str
    heading: str
    text: str
    worth: float = 1.0  # of the passage as something to show
    words: dict[str, float] = field(default_factory=dict)


class TextSearch:
    """Searches one manual.

    Args:
        manual: The manual.
    """

    def __init__(self, manual: Manual) -> None:
        self._passages: list[_Passage] = []
        self._titles: dict[str, dict[str, float]] = {}
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for fiche in manual:
            if fiche.id not in _SKIPPED_UNITS:
                self._add(fiche)
        self._fiches = {f.id: f for f in manual}
        self._vocabulary = sorted(set(self._by_word) | {w for words in self._titles.values() for w in words})

    def _add(self, fiche: Fiche) -> None:
        heads: dict[str, float] = {}
        places = (
            f"{fiche.title} {fiche.subtitle} {fiche.toc_title} {fiche.organisation or ''} {fiche.territory or ''}"
            f" {fiche.departement or ''}"
        )
        for text, weight in ((" ".join(k.term for k in fiche.keywords), _KEYWORD), (places, _TITLE)):
            heads.update(dict.fromkeys(_words(text), weight))
        self._titles[fiche.id] = heads
        for section in fiche.sections:
            texts = [_plain(b.text) for b in section.blocks] or [""]
            for text in texts:
                worth = 0.4 if section.role in _LISTS or not text else 1.0
                passage = _Passage(fiche, section.anchor, section.heading, text, worth)
                passage.words.update(dict.fromkeys(_words(section.heading), _HEADING))
                for word in _words(text):
                    passage.words[word] = passage.words.get(word, 0.0) + 1.0
                for word in passage.words:
                    self._by_word[word].append(len(self._passages))
                self._passages.append(passage)

    def search(self, query: str, limit: int = 20) -> tuple[list[Found], dict[str, str]]:
        """Find a query.

        Args:
            query: As typed so far.
            limit: How many fiches at most.

        Returns:
            Fiches, best first; and for each typed word found only under another spelling, that spelling.
        """
        named = self._fiches.get(normalise_id(query)) or self._fiches.get(query.strip().upper())
        asked = list(dict.fromkeys(_words(query[:_LONGEST])))
        asked = [w for w in asked if w not in STOP_WORDS and len(w) > 1]
        close = {word: self._close(word) for word in asked}
        corrected = {w: next(iter(found)) for w, found in close.items() if found and max(found.values()) < 0.7}
        scores, best = self._score(close)
        whole = max((len(by_word) for by_word in scores.values()), default=0)
        least = math.ceil(whole * 0.6)  # of two words both, of three or four most of them
        matched = {m for found in close.values() for m in found}
        points = {i: sum(w.values()) * len(w) / whole for i, w in scores.items() if len(w) >= least}
        if named:
            points = {named.id: math.inf} | {i: p for i, p in points.items() if i != named.id}
        ranked = sorted(points, key=lambda i: -points[i])[:limit]
        return [self._found(i, best.get(i, {}), matched, points[i]) for i in ranked], corrected

    def _found(self, fiche_id: str, best: dict[int, float], matched: set[str], score: float) -> Found:
        fiche = self._fiches[fiche_id]
        return Found(fiche, tuple(_marked(fiche.title, matched)), self._snippets(best, matched), score)

    def _close(self, word: str) -> dict[str, float]:
        """Words of the manual that a typed one may mean, best first, and how surely."""
        stem = word.rstrip("sx") if len(word) > 3 else word
        found = {w: 1.0 if w == word else 0.95 for w in self._vocabulary if w == word or w.rstrip("sx") == stem}
        if len(word) >= 3:
            # « ges » being a word of its own, « gestion » counts for little; « mobili » is only a beginning.
            surety = 0.2 if found else 0.8
            found |= {w: surety for w in self._vocabulary if w.startswith(stem) and w not in found}
        if found or len(word) < 4:
            return found
        # As many faults as a person makes in a word of that length; transposed letters count as one.
        most = 1 if len(word) < 7 else 2
        near = [
            (w, d)
            for w, d, _ in process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=most, limit=12)
        ]
        if not near:  # the beginning of a longer word, with a fault in it
            heads = {w: w[: len(word)] for w in self._vocabulary if len(w) > len(word)}
            found_heads = process.extract(word, heads, scorer=OSA.distance, score_cutoff=1, limit=12)
            near = [(w, d) for _, d, w in found_heads]
        nearest = min((d for _, d in near), default=0)
        counted = sorted((w for w, d in near if d == nearest), key=lambda w: (-len(self._by_word.get(w, ())), w))
        return {w: 0.6 for w in counted}

    def _score(
        self, close: dict[str, dict[str, float]]
    ) -> tuple[dict[str, dict[str, float]], dict[str, dict[int, float]]]:
        """Points by fiche and typed word; points by fiche and passage."""
        scores: dict[str, dict[str, float]] = defaultdict(dict)
        best: dict[str, dict[int, float]] = defaultdict(dict)
        for asked, found in close.items():
            in_fiche: dict[str, float] = defaultdict(float)
            for word, surety in found.items():
                rarity = math.log(1 + len(self._passages) / (1 + len(self._by_word.get(word, ()))))
                for k in self._by_word.get(word, ()):
                    passage = self._passages[k]
                    points = surety * rarity * min(passage.words[word], 3.0)
                    in_fiche[passage.fiche.id] += points / (1 + in_fiche[passage.fiche.id] / 10)
                    here = best[passage.fiche.id]
                    here[k] = here.get(k, 0.0) + points * passage.worth
                for fiche_id, heads in self._titles.items():
                    if word in heads:
                        in_fiche[fiche_id] += surety * rarity * heads[word]
            for fiche_id, points in in_fiche.items():
                scores[fiche_id][asked] = points
        return scores, best

    def _snippets(self, points: dict[int, float], matched: set[str]) -> tuple[Snippet, ...]:
        out: list[Snippet] = []
        for k in sorted(points, key=lambda k: (-points[k], k)):
            passage = self._passages[k]
            if any(s.anchor == passage.anchor for s in out):
                continue
            text = _around(passage.text, matched)
            heading = tuple(_marked(passage.heading, matched))
            out.append(Snippet(passage.anchor, heading, tuple(_marked(text, matched)), text.strip(" …")))
            if len(out) == 2:
                break
        return tuple(out)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _around(text: str, matched: set[str]) -> str:
    """The stretch of a text that holds most matches."""
    if len(text) <= _SNIPPET:
        return text
    places = [m.start() for m in _WORD.finditer(text) if fold(m.group()) in matched]
    if not places:
        return text[:_SNIPPET].rsplit(" ", 1)[0] + " …"
    start = max(places, key=lambda p: sum(p <= other < p + _SNIPPET for other in places))
    begin = max(0, start - 40)
    begin = text.find(" ", begin) + 1 if begin else 0
    end = text.rfind(" ", 0, begin + _SNIPPET) if begin + _SNIPPET < len(text) else len(text)
    return ("… " if begin else "") + text[begin:end] + (" …" if end < len(text) else "")


def _marked(text: str, matched: set[str]) -> list[Piece]:
    out: list[Piece] = []
    at = 0
    for found in _WORD.finditer(text):
        if fold(found.group()) in matched:
            if found.start() > at:
                out.append(Piece(text[at : found.start()]))
            out.append(Piece(found.group(), True))
            at = found.end()
    if at < len(text):
        out.append(Piece(text[at:]))
    return out
