"""The reviewed tables of the importer (``layout.yaml``, ``mends.yaml``), as typed values.

The source is one frozen file whose structure was lost in OCR; a cleverer parser would only guess again
what somebody has read once. So general rules take what is regular and these tables hold the rest, by line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpus.errors import LayoutError
from corpus.model import Contact, FicheType

__all__ = [
    "EDITION",
    "SOURCE",
    "SOURCE_SHA256",
    "Layout",
    "SourceMend",
    "UnitLayout",
    "load_layout",
    "load_mends",
]

_HERE = Path(__file__).parent
SOURCE = _HERE.parent / "source" / "manuel-dts-2010.txt"
SOURCE_SHA256 = "c7111d983672bb2dbad68d239a8ad46550948add22bc0b06b7c5db9de31502ea"
EDITION = "décembre 2010"


@dataclass(frozen=True)
class UnitLayout:
    """Where one fiche or unit stands in the source and what its head says. Lines count from 1."""

    id: str
    type: FicheType
    part: str
    first: int
    last: int
    name: str = ""
    byline: str = ""
    title: int = 0
    subtitle: int = 0
    head: int = 0
    organisation: str | None = None
    territory: str | None = None
    departement: str | None = None
    toc_title: str = ""
    levels: dict[int, int] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class SourceMend:
    """A certain correction of one source line."""

    line: int
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Layout:
    """All tables of ``layout.yaml``; see its comments."""

    units: tuple[UnitLayout, ...]
    drops: tuple[tuple[int, int, str], ...]
    glued: dict[int, tuple[str, ...]]
    continues: dict[int, int]
    attach: frozenset[int]
    illustrations: dict[int, int]
    starred: frozenset[int]
    star_starts: frozenset[int]
    moves: dict[int, int]
    indent: dict[int, bool]
    note_lines: dict[int, int]
    tables: tuple[tuple[int, int, int], ...]


def _unit(unit_id: str, raw: dict[str, Any]) -> UnitLayout:
    levels = {line: level for level in (2, 3, 4) for line in raw.pop(f"h{level}", ())}
    first, last = raw.pop("lines")
    contacts = tuple(Contact(**c) for c in raw.pop("contacts", ()))
    return UnitLayout(id=unit_id, first=first, last=last, levels=levels, contacts=contacts, **raw)


@cache
def load_layout() -> Layout:
    """Read ``layout.yaml``.

    Raises:
        LayoutError: Two units claim the same line.
    """
    raw = yaml.safe_load((_HERE / "layout.yaml").read_text("utf-8"))
    units = tuple(_unit(unit_id, dict(unit)) for unit_id, unit in raw["units"].items())
    for before, after in zip(units, units[1:], strict=False):
        if after.first <= before.last:
            raise LayoutError(
                f"{before.id} et {after.id} se chevauchent à la ligne {after.first} de la source"
            )
    return Layout(
        units=units,
        drops=tuple((*d["lines"], d["why"]) for d in raw["drops"]),
        glued={line: tuple(parts) for line, parts in raw["glued"].items()},
        continues=raw["continues"],
        attach=frozenset(raw["attach"]),
        illustrations=raw["illustrations"],
        starred=frozenset(raw["starred"]),
        star_starts=frozenset(raw["star_starts"]),
        moves=raw["moves"],
        indent=raw["indent"],
        note_lines=raw["note_lines"],
        tables=tuple((*t["lines"], t["columns"]) for t in raw["tables"]),
    )


@cache
def load_mends() -> tuple[SourceMend, ...]:
    """Read ``mends.yaml``."""
    return tuple(SourceMend(**m) for m in yaml.safe_load((_HERE / "mends.yaml").read_text("utf-8")))
