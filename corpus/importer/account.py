"""Where each line of the source went: the importer's proof, and a map from lines to sections."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from corpus.importer.assemble import Assembled, assemble
from corpus.importer.classify import Line, classify
from corpus.importer.layout import load_layout, load_mends
from corpus.importer.source import apply_mends, read_source
from corpus.model import Fiche

__all__ = ["Destination", "account", "import_fiches"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a source line went.

    Attributes:
        line: Its number, from 1.
        unit: Id of the fiche or unit; empty for a drop.
        anchor: Section's anchor; empty for a fiche's title or subtitle, and for a drop.
        drop: Why the line was left out; empty when it was kept.
    """

    line: int
    unit: str = ""
    anchor: str = ""
    drop: str = ""


@cache
def _run() -> tuple[list[Line], list[Assembled]]:
    source, layout, mends = read_source(), load_layout(), load_mends()
    lines = classify(apply_mends(source, mends), layout)
    return lines, assemble(lines, source, layout, mends)


def import_fiches() -> tuple[Fiche, ...]:
    """Every fiche and unit read from the source, in printed order."""
    return tuple(item.fiche for item in _run()[1])


def account() -> list[Destination]:
    """One destination per source line, in order.

    Raises:
        LayoutError: The tables do not fit the source.
    """
    lines, assembled = _run()
    places = {item.fiche.id: item.places for item in assembled}
    return [
        Destination(line.n, drop=line.why)
        if line.kind == "drop"
        else Destination(line.n, line.unit, places[line.unit][line.n])
        for line in lines
    ]
