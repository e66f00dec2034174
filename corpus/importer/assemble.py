"""Classified lines into fiches, and where each line went."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from corpus.errors import LayoutError
from corpus.footnotes import from_superscript, tie_notes
from corpus.headings import HEAD_BLOCK, derive_role, fold, unique_anchor
from corpus.importer.blocks import build_text, note_text
from corpus.importer.classify import Line
from corpus.importer.contacts import read_contacts
from corpus.importer.layout import Layout, SourceMend, UnitLayout
from corpus.importer.toc import toc_titles
from corpus.model import Fiche, Mend, Role, Section

__all__ = ["Assembled", "assemble"]

_MARKED = re.compile(r"(#{2,4}) (.+)")


@dataclass(slots=True)
class _Draft:
    """A section being filled."""

    level: int
    heading: str
    role: Role
    anchor: str
    path: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Assembled:
    """One fiche and the anchor (empty: the fiche's head) that each of its lines went to."""

    fiche: Fiche
    places: dict[int, str]


class _Builder:
    """Fills one unit's sections from its lines, in order."""

    def __init__(self, unit: UnitLayout, layout: Layout) -> None:
        self.unit, self.layout = unit, layout
        self.title, self.subtitle = unit.name, unit.byline
        self.drafts: list[_Draft] = []
        self.places: dict[int, str] = {}
        self.notes: dict[int, list[Line]] = {}
        self._taken: set[str] = set()

    def open(self, level: int, heading: str, n: int) -> None:
        """Start a section."""
        parents: list[_Draft] = []
        for draft in self.drafts:
            parents = [p for p in parents if p.level < draft.level] + [draft]
        parents = [p for p in parents if p.level < level]
        forced = self.unit.roles.get(n)
        role: Role = forced or derive_role(heading, parents[-1].role if parents else None)  # type: ignore[assignment]
        anchor = unique_anchor(heading, self._taken)
        self._taken.add(anchor)
        self.drafts.append(_Draft(level, heading, role, anchor, (*(p.heading for p in parents), heading)))

    def text(self, line: Line) -> None:
        """Add a line to the open section."""
        if not self.drafts:
            raise LayoutError(
                f"{self.unit.id} : la ligne {line.n} précède toute rubrique (titre ou « h2 » oublié ?)"
            )
        self.drafts[-1].lines.append(line)
        self.places[line.n] = self.drafts[-1].anchor

    def glued(self, line: Line) -> None:
        """Take apart a line that holds headings and text run together."""
        for part in self.layout.glued[line.n]:
            if match := _MARKED.match(part):
                self.open(len(match[1]), match[2], line.n)
            elif part.startswith("@title "):
                self.title = part.removeprefix("@title ")
            elif part.startswith("@head "):
                self.head(Line(line.n, "head", line.unit, part.removeprefix("@head ")))
            else:
                self.text(Line(line.n, "text", line.unit, part))
        self.places[line.n] = self.drafts[-1].anchor

    def head(self, line: Line) -> None:
        """An experience's organisation and territory."""
        self.open(2, HEAD_BLOCK, line.n)
        self.text(Line(line.n, "text", line.unit, line.text))

    def add(self, line: Line) -> None:
        """Send one line where it belongs."""
        if line.n in self.layout.glued:
            self.glued(line)
        elif line.kind in ("title", "subtitle"):
            setattr(self, line.kind, line.text)
            self.places[line.n] = ""
        elif line.kind == "head":
            self.head(line)
        elif line.kind == "heading":
            self.open(line.level, line.text, line.n)
            self.places[line.n] = self.drafts[-1].anchor
        elif line.kind == "note":
            self.notes.setdefault(self.layout.note_lines.get(line.n, line.n), []).append(line)
        else:
            self.text(line)

    def sections(self) -> tuple[Section, ...]:
        """The filled sections."""
        return tuple(
            Section(d.role, d.heading, d.anchor, build_text(d.lines, self.layout, d.role), d.level, d.path)
            for d in self.drafts
        )


def _note_number(line: Line) -> int:
    return from_superscript(line.text.split(maxsplit=1)[0])


def _mends(mends: tuple[SourceMend, ...], places: dict[int, str]) -> tuple[Mend, ...]:
    return tuple(Mend(m.before, m.after, places[m.line]) for m in mends if m.line in places)


def _toc_title(unit: UnitLayout, title: str, subtitle: str, toc: dict[str, str]) -> str:
    printed = unit.toc_title or toc.get(unit.id, "")
    if unit.type == "experience":  # printed with the organisation after it
        same = fold(printed).startswith(fold(title))
    else:
        same = fold(printed) in (fold(title), fold(f"{title} - {subtitle}"))
    return "" if same else printed


def _build(
    unit: UnitLayout, lines: list[Line], layout: Layout, mends: tuple[SourceMend, ...], toc: dict[str, str]
) -> Assembled:
    builder = _Builder(unit, layout)
    for line in sorted(lines, key=lambda x: (layout.moves.get(x.n, x.n), x.n not in layout.moves)):
        if line.kind != "drop":
            builder.add(line)
    sections = builder.sections()
    raw = [(_note_number(lines[0]), note_text(lines)) for lines in builder.notes.values()]
    notes = tie_notes(sections, raw)
    for lines_of, note in zip(builder.notes.values(), notes, strict=True):
        builder.places.update({line.n: note.section for line in lines_of})
    fiche = Fiche(
        id=unit.id,
        type=unit.type,
        part=unit.part,
        title=builder.title,
        subtitle=builder.subtitle,
        sections=sections,
        contacts=unit.contacts or read_contacts(sections),
        footnotes=notes,
        organisation=unit.organisation,
        territory=unit.territory,
        departement=unit.departement,
        mends=_mends(mends, builder.places),
        source_lines=((unit.first, unit.last),),
        toc_title=_toc_title(unit, builder.title, builder.subtitle, toc),
    )
    return Assembled(fiche, builder.places)


def assemble(
    lines: list[Line], source: list[str], layout: Layout, mends: tuple[SourceMend, ...]
) -> list[Assembled]:
    """Every unit of the manual, in the layout's order.

    Args:
        lines: All classified lines.
        source: Lines as received, for the table of contents.
        layout: The importer's tables.
        mends: Corrections already applied to ``lines``.
    """
    toc = toc_titles(source)
    by_unit = {
        unit: list(group) for unit, group in groupby((x for x in lines if x.unit), key=lambda x: x.unit)
    }
    return [_build(unit, by_unit[unit.id], layout, mends, toc) for unit in layout.units]
