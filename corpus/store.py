"""The manual, read from its Markdown files: what every other layer starts from.

The files are the canonical form; everything that follows from them (references and their reverse, key
words, links) is derived here at load, so that an edited file can never disagree with a stored copy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from corpus.errors import FicheFormatError, MissingCorpusError
from corpus.fichefile import parse_fiche, write_fiche
from corpus.keyindex import keywords_by_fiche, parse_index
from corpus.links import find_links
from corpus.model import Fiche, Link, Manual
from corpus.references import section_references

__all__ = [
    "EDITION",
    "FICHES_FOLDER",
    "SOURCE_SHA256",
    "UNIT_IDS",
    "load_manual",
    "make_manual",
    "write_fiche",
]

FICHES_FOLDER = Path(__file__).parent / "fiches"
EDITION = "décembre 2010"
SOURCE_SHA256 = "c7111d983672bb2dbad68d239a8ad46550948add22bc0b06b7c5db9de31502ea"
UNIT_IDS = ("EDITO", "INTRO", "INDEX", "BIBLIO", "REMERCIEMENTS")


def _order(fiche: Fiche) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """Printed order: III-2 before III-10, a later edition's III-21 after them, units last."""
    if fiche.id in UNIT_IDS:
        return 2, ((UNIT_IDS.index(fiche.id), 0, ""),)
    words = fiche.id.split("-")
    key = tuple((0, int(w), "") if re.fullmatch(r"[0-9]{1,9}", w) else (1, 0, w) for w in words)
    return (1 if fiche.type == "unite" else 0), key


def _links(fiche: Fiche) -> tuple[Link, ...]:
    texts = [(s.text, s.anchor, s.heading) for s in fiche.sections]
    texts += [(n.text, n.section, "") for n in fiche.footnotes]
    found = (link for text in texts for link in find_links(*text))
    return tuple({link.url: link for link in reversed(list(found))}.values())[::-1]


def make_manual(
    fiches: Iterable[Fiche], *, edition: str = EDITION, source_sha256: str = SOURCE_SHA256
) -> Manual:
    """A manual from fiches as read from their files: derives references, cited_by, key words and links.

    Args:
        fiches: Fiches and units, in any order.
        edition: The edition's date.
        source_sha256: Digest of the text the fiches were read from.
    """
    ordered = sorted(fiches, key=_order)
    known = {f.id for f in ordered if f.type != "unite"}
    references = {
        f.id: tuple(r for s in f.sections for r in section_references(s, known) if r.to != f.id)
        for f in ordered
    }
    cited_by: dict[str, dict[str, None]] = {}
    for source in ordered:
        for reference in references[source.id]:
            cited_by.setdefault(reference.to, {})[source.id] = None
    index = parse_index(next((f for f in ordered if f.id == "INDEX"), None))
    keywords = keywords_by_fiche(index)
    whole = [
        replace(
            f,
            references=references[f.id],
            cited_by=tuple(cited_by.get(f.id, ())),
            keywords=keywords.get(f.id, ()),
            links=_links(f),
        )
        for f in ordered
    ]
    return Manual(
        edition=edition,
        source_sha256=source_sha256,
        fiches=tuple(f for f in whole if f.type != "unite"),
        units=tuple(f for f in whole if f.type == "unite"),
        index=index,
    )


def load_manual(folder: Path | None = None) -> Manual:
    """Read the manual.

    Args:
        folder: Where the ``*.md`` files are; None for the corpus that ships with the package.

    Raises:
        MissingCorpusError: No such folder, or no fiche in it.
        FicheFormatError: A file cannot be read, or two files hold the same id.
    """
    folder = folder or FICHES_FOLDER
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    if not paths:
        raise MissingCorpusError(f"aucune fiche (*.md) dans {folder} : donner le dossier des fiches")
    fiches: dict[str, Fiche] = {}
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise FicheFormatError(f"fichier illisible : {error}", path.name) from error
        fiche = parse_fiche(text, path.name)
        if fiche.id in fiches:
            raise FicheFormatError(
                f"identifiant déjà pris par un autre fichier : {fiche.id}", f"{path.name}:1"
            )
        fiches[fiche.id] = fiche
    return make_manual(fiches.values())
