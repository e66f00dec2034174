"""Checks a folder of fiches: what a person can break by editing, each fault with its file and line.

The loader is lenient where a reader would understand; this is where an id that leads nowhere, a footnote
call without its note or an address that cannot be one is said, before anybody clicks on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FicheFormatError
from corpus.fichefile import FicheFile, parse_fiche, read_parts
from corpus.footnotes import find_calls
from corpus.headings import HEAD_BLOCK, slugify
from corpus.keyindex import parse_index
from corpus.links import EMAIL, URL_SHAPE, find_links
from corpus.model import Fiche
from corpus.references import FICHE_IDS, find_mentions
from corpus.store import FICHES_FOLDER, UNIT_IDS

__all__ = ["Fault", "check_folder"]

# What a fiche of each type must have; the manual itself omits the rest here and there.
_REQUIRED: dict[str, tuple[str, ...]] = {
    "fondement": ("en_bref",),
    "identite": ("en_bref", "definition"),
    "mission": ("en_bref", "definition", "comment"),
    "principe": ("en_bref", "definition", "comment", "cles", "vigilance"),
    "methode": ("en_bref", "definition", "comment", "cles", "vigilance", "dimensions", "contacts"),
    "experience": (
        "organisation", "en_bref", "contexte", "experience", "points_marquants", "questionnements",
        "cles", "vigilance", "dimensions", "contacts",
    ),
    "unite": (),
}  # fmt: skip
_TYPE_BY_ID = (
    (r"I-A-\d+", "fondement"),
    (r"I-B-\d+", "identite"),
    (r"I-C-1-[a-z]", "mission"),
    (r"I-C-2-[a-z]", "principe"),
    (r"II-\d+", "methode"),
    (r"III-\d+", "experience"),
    ("|".join(UNIT_IDS), "unite"),
)
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\],;«»]*@[^\s<>()\[\],;«»]*")
_WEB_WORD = re.compile(r"(?:https?:|\bwww\.)[^\s)\]>]*")
_FICHE_WORD = re.compile(r"\bFICHES?\s+(?=I[-\s]|II|III)")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file.

    Attributes:
        file: The file's name.
        line: Line in the file, from 1.
        message: What is wrong and what is expected, in French.
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Read:
    """One readable file."""

    name: str
    fiche: Fiche
    parts: FicheFile
    lines: list[str]

    def meta_line(self, key: str) -> int:
        """Line of a front matter's field, 1 when absent."""
        return next((n for n, line in enumerate(self.lines, 1) if line.startswith(f"{key}:")), 1)

    def body(self) -> Iterator[tuple[int, str]]:
        """Numbered lines after the front matter."""
        end = [n for n, line in enumerate(self.lines, 1) if line.strip() == "---"][1]
        yield from ((n, line) for n, line in enumerate(self.lines, 1) if n > end)


def _check_identity(read: _Read) -> Iterator[Fault]:
    fiche, name = read.fiche, read.name
    at = read.meta_line("id")
    if name != f"{fiche.id}.md":
        yield Fault(name, at, f"le fichier doit porter le nom de sa fiche : {fiche.id}.md")
    expected = next((kind for pattern, kind in _TYPE_BY_ID if re.fullmatch(pattern, fiche.id)), None)
    if expected is None:
        yield Fault(
            name, at, f"identifiant inconnu « {fiche.id} » (formes : I-A-1, I-C-2-a, II-1, III-1, INTRO…)"
        )
    elif fiche.type != expected:
        yield Fault(
            name, read.meta_line("type"), f"type « {fiche.type} » pour {fiche.id} : attendu « {expected} »"
        )
    part = fiche.id.split("-")[0] if fiche.type != "unite" else ""
    if fiche.part != part:
        yield Fault(
            name, read.meta_line("part"), f"partie « {fiche.part} » pour {fiche.id} : attendu « {part} »"
        )


def _check_sections(read: _Read) -> Iterator[Fault]:
    roles = {s.role for s in read.fiche.sections}
    for role in _REQUIRED[read.fiche.type]:
        if role not in roles:
            yield Fault(
                read.name, 1, f"rubrique absente : {role} (exigée d'une fiche de type {read.fiche.type})"
            )
    if not read.fiche.sections:
        yield Fault(read.name, 1, "aucune rubrique (« ## titre »)")
    seen: set[str] = set()
    for raw, section in zip(read.parts.sections, read.fiche.sections, strict=True):
        if section.anchor in seen:
            yield Fault(read.name, raw.line, f"ancre en double : {section.anchor}")
        if section.anchor != slugify(section.anchor):
            yield Fault(
                read.name, raw.line, f"ancre mal formée « {section.anchor} » (lettres, chiffres, tirets)"
            )
        seen.add(section.anchor)
    for line, text in read.parts.stray:
        yield Fault(read.name, line, f"texte avant la première rubrique : « {text.strip()[:50]} »")


def _check_references(read: _Read, known: set[str]) -> Iterator[Fault]:
    for line, text in read.body():
        mentions = list(find_mentions(text))
        for mention in mentions:
            if mention.to not in known:
                yield Fault(read.name, line, f"renvoi à une fiche qui n'existe pas : {mention.to}")
        starts = {mention.start for mention in mentions}
        for word in _FICHE_WORD.finditer(text):
            if word.start() not in starts:
                yield Fault(
                    read.name,
                    line,
                    f"renvoi illisible : « {text[word.start() : word.start() + 30].strip()} »",
                )


def _check_contacts(read: _Read) -> Iterator[Fault]:
    at = read.meta_line("contacts")
    for contact in read.fiche.contacts:
        if not contact.name.strip():
            yield Fault(read.name, at, "contact sans nom")
        for address in (contact.email, contact.other_email):
            line = next((n for n, text in enumerate(read.lines, 1) if address and address in text), at)
            if address and not EMAIL.fullmatch(address):
                yield Fault(read.name, line, f"adresse mal formée : « {address} » (attendu nom@domaine.fr)")
    for line, text in read.body():
        for match in _ANY_ADDRESS.finditer(text):
            if not EMAIL.fullmatch(match.group().rstrip(".")):
                yield Fault(
                    read.name, line, f"adresse mal formée : « {match.group()} » (attendu nom@domaine.fr)"
                )


def _check_links(read: _Read) -> Iterator[Fault]:
    for line, text in read.body():
        for word in _WEB_WORD.findall(text):
            links = list(find_links(word))
            if not links or not all(URL_SHAPE.fullmatch(link.url) for link in links):
                yield Fault(read.name, line, f"lien mal formé : « {word[:60]} » (attendu www.domaine.fr/…)")


def _check_notes(read: _Read) -> Iterator[Fault]:
    numbers = [n for n, _, _ in read.parts.notes]
    for raw in read.parts.sections:
        for offset, text in enumerate(raw.lines, raw.line + 1):
            for n in find_calls(text):
                if n not in numbers:
                    yield Fault(
                        read.name,
                        offset,
                        f"appel de note {n} sans note (attendu « [^{n}]: … » en fin de fichier)",
                    )
    for note, (n, text, line) in zip(read.fiche.footnotes, read.parts.notes, strict=True):
        if not note.section:
            yield Fault(read.name, line, f"note {n} que rien n'appelle dans le texte")
        if not text.strip():
            yield Fault(read.name, line, f"note {n} vide")


def _check_experience(read: _Read) -> Iterator[Fault]:
    if read.fiche.type == "experience" and not read.fiche.organisation:
        yield Fault(read.name, 1, f"champ organisation absent (« {HEAD_BLOCK} »)")
    for mend in read.fiche.mends:
        if mend.section and mend.section not in read.fiche.by_anchor:
            yield Fault(
                read.name,
                read.meta_line("mends"),
                f"correction placée dans une rubrique inconnue : {mend.section}",
            )


def _check_index(read: _Read, known: set[str]) -> Iterator[Fault]:
    if read.fiche.id != "INDEX":
        return
    entries = {entry.term for entry in parse_index(read.fiche)}
    for line, text in read.body():
        if re.match(r"[-*]\s", text):
            term = text[2:].replace("**", "").rpartition(" : ")[0].strip()
            if term not in entries:
                yield Fault(
                    read.name,
                    line,
                    f"entrée d'index illisible : « {text[:50]} » (attendu « - terme : I-B-1, III-2 »)",
                )
            for raw in re.findall(r"\bI{1,3}-[\w-]+", text.rpartition(" : ")[2]):
                if raw not in known:
                    yield Fault(read.name, line, f"l'index renvoie à une fiche qui n'existe pas : {raw}")


def _read(path: Path) -> _Read | Fault:
    try:
        text = path.read_text("utf-8")
        return _Read(path.name, parse_fiche(text, path.name), read_parts(text, path.name), text.split("\n"))
    except UnicodeDecodeError as error:
        return Fault(path.name, 1, f"fichier qui n'est pas en UTF-8 : {error.reason}")
    except OSError as error:
        return Fault(path.name, 1, f"fichier illisible : {error.strerror}")
    except FicheFormatError as error:
        line = error.where.rpartition(":")[2]
        message = str(error).removeprefix(f"{error.where}: ")
        return Fault(path.name, int(line) if line.isdigit() else 1, message)


def check_folder(path: Path | None = None) -> list[Fault]:
    """Check every fiche of a folder.

    Args:
        path: The folder, or one file of it (references are then checked against its whole folder);
            None for the corpus that ships with the package.

    Returns:
        Faults by file and line; empty when all is well. A missing folder or fiche is a fault too.
    """
    path = path or FICHES_FOLDER
    only = path.name if path.is_file() else ""
    folder = path.parent if only else path
    if not folder.is_dir():
        return [Fault(str(path), 1, "dossier introuvable : donner le dossier des fiches (*.md)")]
    reads = [_read(file) for file in sorted(folder.glob("*.md"))]
    faults = [item for item in reads if isinstance(item, Fault)]
    good = [item for item in reads if isinstance(item, _Read)]
    if not reads:
        return [Fault(str(path), 1, "aucune fiche (*.md) dans ce dossier")]
    by_id: dict[str, str] = {}
    for read in good:
        if read.fiche.id in by_id:
            faults.append(
                Fault(read.name, read.meta_line("id"), f"identifiant déjà pris par {by_id[read.fiche.id]}")
            )
        by_id.setdefault(read.fiche.id, read.name)
    known = {read.fiche.id for read in good if read.fiche.type != "unite"}
    for read in good:
        for check in (
            _check_identity,
            _check_sections,
            _check_contacts,
            _check_links,
            _check_notes,
            _check_experience,
        ):
            faults += check(read)
        faults += [*_check_references(read, known), *_check_index(read, known)]
    present = {file.stem for file in folder.glob("*.md")}
    faults += [
        Fault(f"{i}.md", 1, "fiche absente du dossier") for i in (*FICHE_IDS, *UNIT_IDS) if i not in present
    ]
    return sorted(fault for fault in faults if not only or fault.file == only)
