"""The manual as frozen values: what every other layer reads, and nothing else.

These classes hold no behaviour beyond look-ups that follow from their own fields. How the text came
to be (importer), where it is kept (``corpus.store``) and what is derived from it (references, glossary)
live elsewhere, so that a value can be compared, hashed, sent over a wire and kept for years.

Ids are stable: a fiche by its id (``I-C-2-a``), a section by ``fiche#anchor``, a block by
``fiche#anchor:n`` where ``n`` counts the blocks of the section from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

__all__ = [
    "Block",
    "BlockKind",
    "Contact",
    "Fiche",
    "FicheType",
    "Footnote",
    "IndexEntry",
    "Keyword",
    "Link",
    "Manual",
    "Mend",
    "Reference",
    "ReferenceKind",
    "Role",
    "Section",
]

FicheType = Literal["fondement", "identite", "mission", "principe", "methode", "experience", "unite"]
ReferenceKind = Literal["texte", "illustration", "dimension", "approfondir"]
BlockKind = Literal["paragraph", "list", "table", "illustration"]
Role = Literal[
    "en_bref",  # EN BREF
    "definition",  # DE QUOI S'AGIT-IL ?, définitions préalables
    "texte",  # numbered parts and sub-headings without a rôle of their own
    "comment",  # COMMENT ?, comment l'utiliser
    "cles",  # Clefs de réussite
    "vigilance",  # Points de vigilance
    "organisation",  # an experience's organisation and territory
    "contexte",
    "experience",
    "points_marquants",
    "questionnements",  # questionnements et points de tension
    "grille",  # a method's grids
    "temoignage",
    "dimensions",  # « Cette fiche illustre / peut vous aider dans les dimensions suivantes »
    "contacts",  # « Pour en savoir plus / pour un échange de pratique »
    "approfondir",  # Pour aller plus loin: fiches, bibliography, links
]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, one list with its introduction's items, one table or one illustration.

    Attributes:
        n: Rank in its section, from 0.
        kind: What it is.
        text: Markdown, as it stands in the fiche's file.
    """

    n: int
    kind: BlockKind
    text: str


@dataclass(frozen=True)
class Section:
    """A stretch of a fiche under one heading.

    Attributes:
        role: What the section is for in a fiche of its type.
        heading: As printed in the manual (footnote calls removed).
        anchor: Stable, unique in the fiche, made from the heading.
        text: Markdown: blocks parted by blank lines; illustrations are block quotes, tables are pipe
            tables, footnote calls keep the manual's superscript figures so that quotes stay verbatim.
        level: Depth of the heading: 2 for the fiche's main sections, 3 and 4 below.
        path: Headings from level 2 down to this one, this one included.
    """

    role: Role
    heading: str
    anchor: str
    text: str
    level: int = 2
    path: tuple[str, ...] = ()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The section's blocks in order."""
        from corpus.markdown import split_blocks

        return split_blocks(self.text)


@dataclass(frozen=True, slots=True)
class Reference:
    """A link from a fiche's section to another fiche (or to BIBLIO, INDEX …).

    Attributes:
        to: Id of the fiche meant, normalised (``FICHE III 3`` is ``III-3``).
        kind: Where and why it stands; see ``ReferenceKind``.
        section: Anchor of the section it stands in.
    """

    to: str
    kind: ReferenceKind
    section: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom the manual gives as a contact. Empty string: not given."""

    name: str
    role: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    other_email: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address in a fiche, with the words that introduce it."""

    label: str
    url: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote, tied to the section that calls it.

    Attributes:
        n: Number as printed.
        text: The note's text.
        section: Anchor of the section that holds the call.
    """

    n: int
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A key word of the manual's index that leads to this fiche; ``main`` when printed in bold."""

    term: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Mend:
    """A certain correction of an OCR or typing fault.

    Attributes:
        before: Text as received.
        after: Text as kept.
        section: Anchor of the section where it stands; empty for a title.
    """

    before: str
    after: str
    section: str = ""


@dataclass(frozen=True)
class Fiche:
    """One fiche, or another citable unit (``type == "unite"``) of the manual."""

    id: str
    type: FicheType
    part: str
    title: str
    subtitle: str = ""
    sections: tuple[Section, ...] = ()
    references: tuple[Reference, ...] = ()
    cited_by: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    contacts: tuple[Contact, ...] = ()
    links: tuple[Link, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    organisation: str | None = None
    territory: str | None = None
    departement: str | None = None
    mends: tuple[Mend, ...] = ()
    source_lines: tuple[tuple[int, int], ...] = ()
    toc_title: str = ""  # the table of contents' title where it differs from the fiche's own

    @cached_property
    def by_anchor(self) -> dict[str, Section]:
        """Sections by anchor."""
        return {s.anchor: s for s in self.sections}


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A key word of the manual's index: the fiches it leads to, and those printed in bold."""

    term: str
    fiches: tuple[str, ...]
    main: tuple[str, ...] = ()
    units: tuple[str, ...] = ()  # EDITO, INTRO, BIBLIO, which the index names beside fiches
    main_units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manual:
    """A whole manual: its fiches in printed order, its other units, its index."""

    edition: str
    source_sha256: str
    fiches: tuple[Fiche, ...]
    units: tuple[Fiche, ...] = ()
    index: tuple[IndexEntry, ...] = ()
    _by_id: dict[str, Fiche] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {f.id: f for f in self.fiches + self.units})

    def __iter__(self) -> Iterator[Fiche]:
        return iter(self.fiches + self.units)

    def get(self, fiche_id: str) -> Fiche | None:
        """The fiche or unit with this id, or None."""
        return self._by_id.get(fiche_id)
