"""Does the manual say it? The check that every answer passes, whatever engine wrote it.

Two questions, kept apart from composing so that no engine marks its own work: does the quote stand word
for word in the fiche named, and does it support the statement? The second is answered by what can be judged
without a model: figures, names, polarity, modality and shared content. A verbatim statement passes by
identity; anything else must not say more than its quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.sentences import plain
from corpus.model import Fiche, Manual
from index.text import STOP_WORDS, fold, stem, words

__all__ = ["Verdict", "normalise", "quote_stands", "verify_statement"]

MIN_CONTENT = 0.6  # share of a statement's content words that its quotes must hold
MIN_QUOTE = 4  # characters: anything shorter stands everywhere and proves nothing

_NUMBER = re.compile(r"\d+(?:[.,\s ]\d{3})*(?:[.,]\d+)?")
_NAME = re.compile(r"(?<![.!?»:]\s)(?<!^)\b[A-ZÉÈÀÎÔ][\w'’-]{2,}")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,}\b")
_NEGATION = re.compile(
    r"\b(ne|n'|pas|jamais|aucun|aucune|sans|ni|non|nullement|guere|not|no|never|without|none|cannot|n't)\b|n'"
)
_OBLIGATION = re.compile(
    r"\b(doit|doivent|devra|devront|faut|obligat\w+|obligee?s?|impose\w*|exige\w*|imperati\w+|must|shall|mandatory|required|compulsory)\b"
)
_CERTAINTY = re.compile(r"\b(toujours|tous|toutes|systematiquement|garanti\w*|certain(?:ement)?|uniquement|seule?s?|"
                        r"exclusivement|interdit\w*|always|all|every|only|guarantee\w*|forbid\w*|prohibit\w*)\b")
_SPELT_NUMBERS = {
    "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7", "huit": "8", "neuf": "9",
    "dix": "10", "onze": "11", "douze": "12", "quinze": "15", "vingt": "20", "trente": "30", "cent": "100",
    "two": "2", "three": "3", "four": "4", "five": "5", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement is supported.

    Attributes:
        supported: True when nothing in it goes beyond its quotes.
        reason: What failed: ``verbatim`` or ``consistent`` when supported, else ``quote``, ``number``,
            ``name``, ``negation``, ``modality``, ``content`` or ``empty``.
    """

    supported: bool
    reason: str


def normalise(text: str) -> str:
    """Text reduced to what a word-for-word comparison compares: no Markdown, accents, case, spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`>#\[\]|\\]", " ", fold(text))).strip()


@lru_cache(maxsize=256)
def _fiche_text(fiche: Fiche) -> str:
    notes = "\n".join(n.text for n in fiche.footnotes)
    return normalise("\n".join(f"{s.heading}\n{s.text}" for s in fiche.sections) + "\n" + notes)


def quote_stands(quote: str, fiche_id: str, manual: Manual) -> bool:
    """Whether ``quote`` stands word for word in the fiche, spaces and Markdown aside.

    A quote must begin and end at a word's edge: « sert » does not stand in « réserter ».
    """
    fiche = manual.get(fiche_id)
    wanted = normalise(quote)
    if fiche is None or len(wanted) < MIN_QUOTE:
        return False
    text = _fiche_text(fiche)
    at = text.find(wanted)
    while at >= 0:
        before = text[at - 1] if at else " "
        after = text[at + len(wanted)] if at + len(wanted) < len(text) else " "
        starts_clean = not (before.isalnum() and wanted[0].isalnum())
        ends_clean = not (after.isalnum() and wanted[-1].isalnum())
        if starts_clean and ends_clean:
            return True
        at = text.find(wanted, at + 1)
    return False


def _numbers(text: str) -> set[str]:
    found = {re.sub(r"[.\s ]|,(?=\d{3}\b)", "", n) for n in _NUMBER.findall(text)}
    return found | {_SPELT_NUMBERS[w] for w in words(text) if w in _SPELT_NUMBERS}


def _names(text: str) -> set[str]:
    return {fold(n) for n in _ACRONYM.findall(text)} | {fold(n) for n in _NAME.findall(text)}


def _content(text: str) -> set[str]:
    return {stem(w) for w in words(text) if w not in STOP_WORDS and len(w) > 2 and not w.isdigit()}


def _nearest(statement: set[str], quotes: str) -> str:
    """The sentences of the quotes that share most with the statement: where polarity is compared."""
    pieces = [p for p in re.split(r"(?<=[.!?;])\s+|\n+", quotes) if p.strip()]
    pieces.sort(key=lambda p: -len(_content(p) & statement))
    return " ".join(pieces[:2])


def verify_statement(statement: str, quotes: Sequence[str]) -> Verdict:
    """Judge whether quotes support a statement.

    Args:
        statement: One sentence or list item of an answer; citation numbers in brackets are ignored.
        quotes: The passages it cites, verbatim from the manual.
    """
    said = plain(re.sub(r"\[\d+\]", "", statement))
    if not words(said):
        return Verdict(False, "empty")
    ground = plain("\n".join(quotes)) if quotes else ""
    if not ground:
        return Verdict(False, "quote")
    if _is_whole(normalise(said).strip(" .:;…«»\""), normalise(ground)):
        return Verdict(True, "verbatim")
    return _consistent(said, ground)


def _is_whole(said: str, ground: str) -> bool:
    """Whether ``said`` stands in ``ground`` from one sentence's edge to another's.

    The edges matter: « le GES est obligatoire » is no faithful cut of « rien ne dit que le GES est obligatoire ».
    """
    at = ground.find(said)
    while said and at >= 0:
        before, after = ground[:at].rstrip(" «\"(-–"), ground[at + len(said) :].lstrip(" »\")")
        if (not before or before[-1] in ".:;!?…") and (not after or after[0] in ".:;!?…,-–"):
            return True
        at = ground.find(said, at + 1)
    return False


def _consistent(said: str, ground: str) -> Verdict:
    if not _numbers(said) <= _numbers(ground):
        return Verdict(False, "number")
    ground_words = set(words(ground))
    if any(part not in ground_words for name in _names(said) for part in words(name) if part not in STOP_WORDS):
        return Verdict(False, "name")
    content = _content(said)
    ground_content = _content(ground)
    if not content or len(content & ground_content) / len(content) < MIN_CONTENT:
        return Verdict(False, "content")
    nearest, folded = fold(_nearest(content, ground)), fold(said)
    if bool(_NEGATION.search(folded)) != bool(_NEGATION.search(nearest)):
        return Verdict(False, "negation")
    for pattern in (_OBLIGATION, _CERTAINTY):
        if pattern.search(folded) and not pattern.search(nearest):
            return Verdict(False, "modality")
    return Verdict(True, "consistent")
