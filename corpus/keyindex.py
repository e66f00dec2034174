"""The manual's index of key words: parsed from its own unit, which stays an ordinary, editable file.

One line an entry: ``* Capitalisation : Introduction, I-C-2-b, **I-C-2-f**, **II-2**``; bold is the fiche
printed in colour, « most pertinent ». Terms hold commas, slashes, colons' worth of parentheses and bold of
their own, so an entry is cut at its last colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.model import Fiche, IndexEntry, Keyword
from corpus.references import FICHE_ID, normalise_id

__all__ = ["keywords_by_fiche", "parse_index"]

_ENTRY = re.compile(r"^[-*]\s+(?P<term>.+)\s:\s(?P<targets>[^:]+)$")
_TARGET = re.compile(r"(?P<bold>\*\*)?(?P<name>[A-Za-z][\w-]*)(?:\*\*)?")
_UNITS = {"edito": "EDITO", "introduction": "INTRO", "bibliographie": "BIBLIO"}


def _targets(text: str) -> Iterator[tuple[str, bool]]:
    for part in text.split(","):
        match = _TARGET.search(part)
        if not match:
            continue
        name = match["name"]
        target = _UNITS.get(name.lower()) or normalise_id(name)
        if FICHE_ID.fullmatch(target) or target in _UNITS.values():
            yield target, bool(match["bold"])


def parse_index(unit: Fiche | None) -> tuple[IndexEntry, ...]:
    """Entries of the index.

    Args:
        unit: The INDEX unit; None gives no entry.
    """
    out = []
    for section in unit.sections if unit else ():
        for line in section.text.split("\n"):
            if match := _ENTRY.match(line.strip()):
                out.append(_entry(match["term"].replace("**", "").strip(), list(_targets(match["targets"]))))
    return tuple(out)


def _entry(term: str, targets: list[tuple[str, bool]]) -> IndexEntry:
    fiches = [(to, bold) for to, bold in targets if FICHE_ID.fullmatch(to)]
    units = [(to, bold) for to, bold in targets if not FICHE_ID.fullmatch(to)]
    return IndexEntry(
        term,
        tuple(to for to, _ in fiches),
        tuple(to for to, bold in fiches if bold),
        tuple(to for to, _ in units),
        tuple(to for to, bold in units if bold),
    )


def keywords_by_fiche(index: Iterable[IndexEntry]) -> dict[str, tuple[Keyword, ...]]:
    """The index turned round: key words by fiche, the main ones first."""
    out: dict[str, list[Keyword]] = {}
    for entry in index:
        for fiche in entry.fiches + entry.units:
            main = fiche in entry.main or fiche in entry.main_units
            out.setdefault(fiche, []).append(Keyword(entry.term, main))
    return {fiche: tuple(sorted(words, key=lambda w: not w.main)) for fiche, words in out.items()}
