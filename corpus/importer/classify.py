"""What each source line is: the part of the importer that must leave no line out.

Blank lines, navigation labels and « Retour au sommaire » are told by rule, everything else by its unit.
The manual's side bar left its six labels in the middle of texts; they are debris only as a run of six, as
« Missions clefs » alone is a real sub-heading of « Cette fiche illustre… ».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.errors import LayoutError
from corpus.headings import fold, standard_role
from corpus.importer.layout import Layout, UnitLayout

__all__ = ["Line", "classify"]

LineKind = Literal["drop", "title", "subtitle", "head", "heading", "text", "note", "table"]
_NAVIGATION = frozenset(
    fold(label)
    for label in (
        "Fondements", "Identité & stratégies", "Missions clefs", "Missions clés",
        "Principes d'action", "Méthodes / Outils", "Expériences",
    )
)  # fmt: skip
_RETURN = re.compile(r"\W*Retour au sommaire\b")
_NOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+\s")
# Sub-headings of the two closing sections, the same in every fiche.
_SUB = re.compile(
    r"Fiches « (?:Méthodes / Outils|Expérience) »$|Bibliographie / autres? ressources [^:]*:?$"
    r"|Identité & stratégie$|Missions cl[eé]f?s$|Principes d'actions$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source with what it is.

    Attributes:
        n: Its number, from 1.
        kind: What it is.
        unit: The fiche or unit it goes to; empty for a drop outside units.
        text: As mended, without outer blanks.
        level: Depth of a heading, else 0.
        why: Reason of a drop.
    """

    n: int
    kind: LineKind
    unit: str
    text: str
    level: int = 0
    why: str = ""


def _navigation(lines: list[str]) -> set[int]:
    """Lines of runs of at least six navigation labels, blank lines aside."""
    out: set[int] = set()
    run: list[int] = []
    for n, line in enumerate([*lines, "fin"]):
        if fold(line) in _NAVIGATION:
            run.append(n)
        elif line.strip():
            out.update(run if len(run) >= 6 else ())
            run = []
    return out


def _dropped(lines: list[str], layout: Layout) -> dict[int, str]:
    out = {n: why for first, last, why in layout.drops for n in range(first, last + 1)}
    out.update(dict.fromkeys(_navigation(lines), "libellé de navigation"))
    out.update({n: "« Retour au sommaire »" for n, line in enumerate(lines) if _RETURN.match(line)})
    out.update({n: "ligne vide" for n, line in enumerate(lines) if not line.strip()})
    return out


def _level(n: int, text: str, unit: UnitLayout) -> int:
    if n in unit.levels:
        return unit.levels[n]
    if text.startswith("-") or len(text) > 120:
        return 0
    if _SUB.match(text):
        return 3
    return 2 if standard_role(text) else 0


def _line(n: int, text: str, unit: UnitLayout, layout: Layout) -> Line:
    heads: dict[int, LineKind] = {unit.title: "title", unit.subtitle: "subtitle", unit.head: "head"}
    if n in heads:
        return Line(n, heads[n], unit.id, text)
    if n in layout.note_lines or _NOTE.match(text):
        return Line(n, "note", unit.id, text)
    if any(first <= n <= last for first, last, _ in layout.tables):
        return Line(n, "table", unit.id, text)
    level = 0 if n in layout.glued else _level(n, text, unit)
    return Line(n, "heading" if level else "text", unit.id, text, level)


def classify(lines: list[str], layout: Layout) -> list[Line]:
    """Say of every line what it is.

    Args:
        lines: Mended lines, index 0 unused.
        layout: The importer's tables.

    Returns:
        One ``Line`` per source line, in order, the first at index 0.

    Raises:
        LayoutError: A line belongs to no unit and no drop.
    """
    drops = _dropped(lines, layout)
    owner = {n: unit for unit in layout.units for n in range(unit.first, unit.last + 1)}
    out = []
    for n in range(1, len(lines)):
        unit = owner.get(n)
        if n in drops:
            out.append(Line(n, "drop", unit.id if unit else "", "", why=drops[n]))
        elif unit is None:
            raise LayoutError(f"ligne {n} de la source sans destination : « {lines[n].strip()[:60]} »")
        else:
            tabbed = any(first <= n <= last for first, last, _ in layout.tables)
            text = lines[n] if tabbed or lines[n].lstrip().startswith("- ") else lines[n].strip()
            out.append(_line(n, text.rstrip("\n" if tabbed else None), unit, layout))
    return out
