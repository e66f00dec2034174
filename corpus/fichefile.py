"""A fiche's file: YAML front matter, Markdown sections, footnotes; reading and writing are inverses.

The Markdown is the canonical form: people edit it. So it holds only what cannot be derived, and reading it
is strict about what it means but never about its spacing. Its small grammar:

* ``---`` front matter ``---``;
* ``## heading``, ``### heading``, ``#### heading``, with an optional ``{#anchor role=role}``;
* blocks parted by blank lines (see ``corpus.markdown``);
* ``[^¹]: a note``, its further lines indented by four spaces, after the last section. The call in the text
  is the bare figure ``¹``, as printed: an address or a quote must stay word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import yaml

from corpus.errors import FicheFormatError
from corpus.footnotes import from_superscript, tie_notes, to_superscript
from corpus.headings import ROLES, derive_role, unique_anchor
from corpus.model import Contact, Fiche, FicheType, Footnote, Mend, Role, Section

__all__ = ["FicheFile", "RawSection", "parse_fiche", "read_parts", "write_fiche"]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_HEADING = re.compile(r"(#{2,4})[ \t]+(.+?)(?:[ \t]+\{([^{}]*)\})?[ \t]*$")
_NOTE = re.compile(r"\[\^([⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d+)\]:[ \t]*(.*)$")
_TYPES: tuple[str, ...] = get_args(FicheType)
_TEXT_FIELDS = ("subtitle", "toc_title", "organisation", "territory", "departement")


@dataclass(slots=True)
class RawSection:
    """A section as it stands in a file, with the line of its heading."""

    level: int
    heading: str
    line: int
    anchor: str | None = None
    role: str | None = None
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FicheFile:
    """A fiche's file cut in its parts, before anything is judged.

    Attributes:
        meta: Front matter.
        sections: In order.
        notes: Number, text and line of each footnote, in order.
        stray: Lines before the first heading, with their numbers.
    """

    meta: dict[str, Any]
    sections: list[RawSection]
    notes: list[tuple[int, str, int]]
    stray: list[tuple[int, str]]


def _split_front(text: str, name: str) -> tuple[dict[str, Any], list[str], int]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines or lines[0].strip() != "---":
        raise FicheFormatError("en-tête absent : la première ligne doit être « --- »", f"{name}:1")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise FicheFormatError("en-tête non fermé : il manque la seconde ligne « --- »", f"{name}:1")
    try:
        meta = yaml.load("\n".join(lines[1:end]), Loader=_Loader)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise FicheFormatError(
            f"en-tête YAML illisible : {error}".split("\n")[0], f"{name}:{line}"
        ) from error
    if not isinstance(meta, dict):
        raise FicheFormatError("en-tête vide ou mal formé : attendu « clef: valeur »", f"{name}:2")
    return meta, lines[end + 1 :], end + 2


def _heading(match: re.Match[str], line: int) -> RawSection:
    section = RawSection(len(match[1]), match[2], line)
    for word in (match[3] or "").split():
        if word.startswith("#"):
            section.anchor = word[1:]
        elif word.startswith("role="):
            section.role = word[5:]
        else:  # braces that are not ours belong to the heading
            section.heading, section.anchor, section.role = f"{match[2]} {{{match[3]}}}", None, None
            break
    return section


def read_parts(text: str, name: str = "fiche") -> FicheFile:
    """Cut a file in its parts.

    Args:
        text: The file's text.
        name: What to call the file in an error.

    Raises:
        FicheFormatError: The front matter is missing or is not YAML.
    """
    meta, body, first = _split_front(text, name)
    parts = FicheFile(meta, [], [], [])
    note: list[str] | None = None
    notes: list[tuple[int, list[str], int]] = []
    for number, line in enumerate(body, first):
        if match := _HEADING.match(line):
            parts.sections.append(_heading(match, number))
            note = None
        elif match := _NOTE.match(line):
            note = [match[2]]
            notes.append((from_superscript(match[1]), note, number))
        elif note is not None and (not line.strip() or line.startswith("    ")):
            note.append(line[4:].rstrip())
        elif parts.sections:
            note = None
            parts.sections[-1].lines.append(line.rstrip())
        elif line.strip():
            parts.stray.append((number, line))
    parts.notes = [(n, "\n".join(lines).strip(), at) for n, lines, at in notes]
    return parts


def _squeeze(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n"))


def _sections(parts: FicheFile, name: str) -> tuple[Section, ...]:
    out: list[Section] = []
    taken: set[str] = set()
    stack: list[Section] = []
    for raw in parts.sections:
        while stack and stack[-1].level >= raw.level:
            stack.pop()
        if raw.role is not None and raw.role not in ROLES:
            raise FicheFormatError(
                f"rôle inconnu « {raw.role} » (permis : {', '.join(ROLES)})", f"{name}:{raw.line}"
            )
        anchor = raw.anchor or unique_anchor(raw.heading, taken)
        role: Role = raw.role or derive_role(raw.heading, stack[-1].role if stack else None)  # type: ignore[assignment]
        path = (*(s.heading for s in stack), raw.heading)
        section = Section(role, raw.heading, anchor, _squeeze(raw.lines), raw.level, path)
        taken.add(anchor)
        stack.append(section)
        out.append(section)
    return tuple(out)


def _contacts(meta: dict[str, Any], name: str) -> tuple[Contact, ...]:
    out = []
    items = meta.get("contacts") or []
    if not isinstance(items, list):
        raise FicheFormatError("contacts mal formé : attendu une liste de « name: … »", f"{name}:1")
    for item in items:
        if not isinstance(item, dict) or not set(item) <= set(Contact.__slots__):
            raise FicheFormatError(
                f"contact mal formé : {item!r} (champs : {', '.join(Contact.__slots__)})", f"{name}:1"
            )
        out.append(Contact(**{"name": "", **{k: str(v) for k, v in item.items()}}))
    return tuple(out)


def _mends(meta: dict[str, Any], name: str) -> tuple[Mend, ...]:
    try:
        return tuple(
            Mend(str(m["before"]), str(m["after"]), str(m.get("section", "")))
            for m in meta.get("mends") or ()
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise FicheFormatError(
            "correction mal formée : attendu before, after, section", f"{name}:1"
        ) from error


def _source_lines(meta: dict[str, Any], name: str) -> tuple[tuple[int, int], ...]:
    try:
        return tuple((int(a), int(b)) for a, b in meta.get("source_lines") or ())
    except (TypeError, ValueError) as error:
        raise FicheFormatError(
            "source_lines mal formé : attendu [[première, dernière], …]", f"{name}:1"
        ) from error


def parse_fiche(text: str, name: str = "fiche") -> Fiche:
    """Read one fiche from its file's text.

    Args:
        text: The file's text.
        name: What to call the file in an error.

    Returns:
        The fiche, without what only the whole manual tells (references, key words, cited_by, links).

    Raises:
        FicheFormatError: The file cannot be read as a fiche.
    """
    parts = read_parts(text, name)
    meta = parts.meta
    for key in ("id", "type", "title"):
        if not isinstance(meta.get(key), str) or not meta[key].strip():
            raise FicheFormatError(f"champ obligatoire absent ou vide : {key}", f"{name}:1")
    if meta["type"] not in _TYPES:
        raise FicheFormatError(f"type inconnu « {meta['type']} » (permis : {', '.join(_TYPES)})", f"{name}:1")
    sections = _sections(parts, name)
    texts = {key: str(meta[key]) for key in _TEXT_FIELDS if meta.get(key) is not None}
    return Fiche(
        id=meta["id"],
        type=meta["type"],
        part=str(meta.get("part") or ""),
        title=meta["title"],
        **texts,  # type: ignore[arg-type]
        sections=sections,
        contacts=_contacts(meta, name),
        footnotes=tie_notes(sections, [(n, note) for n, note, _ in parts.notes]),
        mends=_mends(meta, name),
        source_lines=_source_lines(meta, name),
    )


def _front(fiche: Fiche) -> Iterator[tuple[str, Any]]:
    yield from (("id", fiche.id), ("type", fiche.type), ("part", fiche.part), ("title", fiche.title))
    for key in _TEXT_FIELDS:
        value = getattr(fiche, key)
        if value or (value is not None and key not in ("subtitle", "toc_title")):
            yield key, value
    if fiche.contacts:
        yield (
            "contacts",
            [{k: getattr(c, k) for k in Contact.__slots__ if getattr(c, k)} for c in fiche.contacts],
        )
    if fiche.mends:
        yield "mends", [{"before": m.before, "after": m.after, "section": m.section} for m in fiche.mends]
    if fiche.source_lines:
        yield "source_lines", [list(span) for span in fiche.source_lines]


def _dump(key: str, value: Any) -> str:
    flow = key == "source_lines"
    return yaml.dump(
        {key: value},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        default_flow_style=None if flow else False,
    )


def _headings(sections: tuple[Section, ...]) -> Iterator[str]:
    taken: set[str] = set()
    stack: list[Section] = []
    for section in sections:
        while stack and stack[-1].level >= section.level:
            stack.pop()
        marks = []
        if section.anchor != unique_anchor(section.heading, taken):
            marks.append(f"#{section.anchor}")
        if section.role != derive_role(section.heading, stack[-1].role if stack else None):
            marks.append(f"role={section.role}")
        yield f"{'#' * section.level} {section.heading}" + (f" {{{' '.join(marks)}}}" if marks else "")
        taken.add(section.anchor)
        stack.append(section)


def _note(note: Footnote) -> str:
    first, *rest = note.text.split("\n")
    return "\n".join([f"[^{to_superscript(note.n)}]: {first}", *(f"    {line}".rstrip() for line in rest)])


def write_fiche(fiche: Fiche) -> str:
    """A fiche's file: the inverse of ``parse_fiche``; derived fields are not written."""
    front = "".join(_dump(key, value) for key, value in _front(fiche))
    body = [
        f"{head}\n\n{s.text}".rstrip()
        for head, s in zip(_headings(fiche.sections), fiche.sections, strict=True)
    ]
    return "\n\n".join([f"---\n{front}---", *body, *(_note(n) for n in fiche.footnotes)]) + "\n"
