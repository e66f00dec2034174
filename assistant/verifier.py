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
LEAST_SENTENCE = 3  # words under which a piece is no sentence by itself
MIN_QUOTE = 4  # characters: anything shorter stands everywhere and proves nothing

_ITEM_START = re.compile(r"\n\s*(?:>\s*)*(?:[-*•→]|\d+[.)])\s+")  # an item ends where the next one begins
_EDGES = " .:;…«»\""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.:;!?…])\s+")
_NUMBER = re.compile(r"\d+(?:[.,\s ]\d{3})*(?:[.,]\d+)?")
_NAME = re.compile(r"(?<![.!?»:]\s)(?<!^)\b[A-ZÉÈÀÎÔ][\w'’-]{2,}")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{1,}\b")
_NEGATION = re.compile(r"\b(pas|jamais|aucune?|sans|ni|non|nullement|guere|not|no|never|without|none|cannot)\b|n't\b")
# What stands between « ne » and « pas »: the verb that is denied. « Ne … que » denies nothing.
_DENIED = re.compile(r"\b(?:ne\s+|n')((?:\w+['\s]+){1,3}?)(?:pas|jamais|plus|aucune?|guere|nullement|rien|ni)\b")
_OBLIGATION = re.compile(
    r"\b(doit|doivent|devra|devront|faut|obligat\w+|obligee?s?|impose\w*|exige\w*|imperati\w+|must|shall|mandatory|required|compulsory)\b"
)
_CERTAINTY = re.compile(
    r"\b(toujours|jamais|systematique\w*|garanti\w*|uniquement|seulement|seule?s?|exclusive\w*|interdit\w*|"
    r"always|never|only|guarantee\w*|forbid\w*|prohibit\w*)\b"
)
_ALL = re.compile(r"\b(tous|toutes|tout|toute|ensemble|chaque|integralite|all|every|each|whole)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")  # what follows a year is not what it counts
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
    quoted = "\n".join(quotes)
    ground = plain(quoted)
    if not ground:
        return Verdict(False, "quote")
    if _is_verbatim(normalise(said), normalise(plain(_ITEM_START.sub(" ; ", quoted)))):
        return Verdict(True, "verbatim")
    return _consistent(said, ground)


def _is_verbatim(said: str, ground: str) -> bool:
    """Whether a statement is the ground's own words: a stretch of it, or sentences of it with others left out.

    Sentences that lie apart in the ground are judged one by one: taken together they stand nowhere, and what is
    judged of anything else (order of names, polarity against the nearest sentences) would drop them.
    """
    if _is_whole(said.strip(_EDGES), ground):
        return True
    sentences: list[str] = []
    for piece in _BETWEEN_SENTENCES.split(said):
        if sentences and len(piece.split()) < LEAST_SENTENCE:  # « (ex. : » ends no sentence, « non. » is none
            sentences[-1] += f" {piece}"
        else:
            sentences.append(piece)
    if len(sentences) < 2 or (len(sentences[0].split()) < LEAST_SENTENCE and sentences[0][-1] != ":"):
        return False  # « Objectifs : » opens a list
    return all(_is_whole(sentence.strip(_EDGES), ground) for sentence in sentences)


def _is_whole(said: str, ground: str) -> bool:
    """Whether ``said`` stands in ``ground`` from one sentence's edge to another's.

    The edges matter: « le GES est obligatoire » is no faithful cut of « rien ne dit que le GES est obligatoire ».
    """
    at = ground.find(said)
    while said and at >= 0:
        before, after = ground[:at].rstrip(" «\"(-–"), ground[at + len(said) :].lstrip(" »\")")
        starts_one = not before or before[-1] in ".:;!?…"
        if starts_one and (said[-1] in "!?" or not after or after[0] in ".:;!?…,-–"):
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
    if not _same_denials(folded, nearest):
        return Verdict(False, "negation")
    if _overclaims(folded, nearest):
        return Verdict(False, "modality")
    if not _figures_fit(said, ground):
        return Verdict(False, "number")
    if not _names_keep_order(said, _nearest(content, ground)):
        return Verdict(False, "name")
    return Verdict(True, "consistent")


def _same_denials(said: str, nearest: str) -> bool:
    """Whether both deny the same verbs, those between « ne » and « pas », and nothing is newly denied."""
    denied, denied_there = ({w for m in _DENIED.findall(t) for w in words(m)} for t in (said, nearest))
    here, there = set(words(said)), set(words(nearest))
    if (denied & there) - denied_there or (denied_there & here) - denied:
        return False
    return bool(_NEGATION.search(said)) <= bool(_NEGATION.search(nearest))


def _overclaims(said: str, nearest: str) -> bool:
    """Whether a statement obliges, excludes or generalises where its quote does not."""
    if not {stem(w) for w in _CERTAINTY.findall(said)} <= {stem(w) for w in _CERTAINTY.findall(nearest)}:
        return True
    return any(p.search(said) and not p.search(nearest) for p in (_OBLIGATION, _ALL))


def _counted(text: str) -> list[tuple[str, str, set[str]]]:
    """Figures with the content word they count, and all that stand close behind."""
    tokens = words(text)
    out = []
    for place, token in enumerate(tokens):
        if token.isdigit() and not _YEAR.fullmatch(token):
            behind = [stem(w) for w in tokens[place + 1 : place + 5] if w not in STOP_WORDS and not w.isdigit()]
            if behind:
                out.append((token, behind[0], set(behind)))
    return out


def _figures_fit(said: str, ground: str) -> bool:
    """Whether each figure counts the same thing in the statement as in its quote.

    « 16 centres et 18 AI » holds the same figures as « 18 centres et 16 AI ».
    """
    there = _counted(ground)
    known = {stem(w) for w in words(ground)}
    for figure, counted, _ in _counted(said):
        close = [behind for f, _, behind in there if f == figure]
        if close and counted in known and not any(counted in behind for behind in close):
            return False
    return True


def _names_keep_order(said: str, nearest: str) -> bool:
    """Whether the first two names of a statement come in the order of its quote.

    Who gives and who receives is told by order, unless « par » turns the sentence round.
    """
    here, there = fold(said), fold(nearest)
    # Sentence-initial names count here, unlike in ``_names``: the giver usually opens the sentence.
    names = list(dict.fromkeys(fold(n) for n in re.findall(r"\b[A-ZÉÈÀÎÔ][\w'’-]{2,}", said)))
    names = [n for n in names if n not in STOP_WORDS and len(re.findall(rf"\b{re.escape(n)}\b", there)) == 1]
    if len(names) < 2 or re.search(r"\b(par|by)\b", here + " " + there):
        return True
    first, last = names[0], names[-1]
    return there.index(first) <= there.index(last)
