"""Chunks: the passages that are searched, cited and opened.

A chunk never crosses a section. It is one block of the fiche (a paragraph, a list with its introduction,
an illustration, a table), joined with the short line before it that only announces it, and cut at items
or sentences when it is longer than what one answer could quote. Small on purpose: what is found is what
is quoted and marked on the page, and the fiche's and section's names are embedded along with it, so the
passage keeps its context.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Block, Fiche, Manual, Role, Section
from corpus.references import find_mentions
from index.text import fold

__all__ = ["Chunk", "chunk_fiche", "chunk_manual", "repeated_notes"]

LEAD_CHARS = 110
MAX_CHARS = 1300
REPEAT_CHARS = 150  # a shorter note repeats nothing worth telling apart
NOTE_BLOCKS = (-1, -1)  # a footnote stands beside its section's blocks, not among them
_SENTENCE_END = re.compile(r"(?<=[.!?;»])\s+(?=[A-ZÀÉÈÊÎÔ«-])")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of one section.

    Attributes:
        id: ``fiche#anchor:n`` where n is the first block's rank, followed by ``.k`` for the k-th part of
            a block that was cut.
        fiche: Id of its fiche.
        title: The fiche's title.
        type: The fiche's type.
        anchor: Anchor of its section.
        heading: Headings from the fiche's main section down, joined by « › ».
        role: Role of its section.
        blocks: First and last rank of its blocks in the section, inclusive.
        text: Markdown, verbatim from the fiche.
        references: Ids of the fiches it names.
        note: Number of the footnote that the passage is; None for a passage of the body.
    """

    id: str
    fiche: str
    title: str
    type: str
    anchor: str
    heading: str
    role: Role
    blocks: tuple[int, int]
    text: str
    references: tuple[str, ...] = ()
    note: int | None = None

    @property
    def section(self) -> str:
        """Heading of its own section, without those that it stands under."""
        return self.heading.rsplit(" › ", 1)[-1]

    @property
    def embedded_text(self) -> str:
        """What is embedded: the passage under its fiche's and section's names."""
        return f"{self.title} — {self.heading}\n{self.text}"

    @property
    def key(self) -> str:
        """Names the passage by its text, not its place: one that moved keeps its key, one that was edited does not."""
        return f"{self.fiche}#{self.anchor}@{hashlib.sha256(self.embedded_text.encode()).hexdigest()[:8]}"


def _lead_joined(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """Join a short announcing line with the block it announces."""
    pending: list[Block] = []
    for block in blocks:
        pending.append(block)
        is_lead = block.kind == "paragraph" and len(block.text) <= LEAD_CHARS
        if is_lead and sum(len(b.text) for b in pending) <= 3 * LEAD_CHARS:
            continue
        yield pending
        pending = []
    if pending:
        yield pending


def _parts(text: str) -> list[str]:
    """Cut a text longer than ``MAX_CHARS`` at lines, else at sentences, into parts of about that size."""
    if len(text) <= MAX_CHARS:
        return [text]
    separator = "\n" if "\n" in text else " "
    pieces = text.split("\n") if separator == "\n" else _SENTENCE_END.split(text)
    parts: list[str] = []
    for piece in pieces:
        if parts and len(parts[-1]) + len(piece) < MAX_CHARS * 2 // 3:
            parts[-1] += separator + piece
        else:
            parts.append(piece)
    return parts


def _chunk_section(fiche: Fiche, section: Section) -> Iterator[Chunk]:
    heading = " › ".join(section.path) or section.heading
    for group in _lead_joined(section.blocks):
        text = "\n\n".join(b.text for b in group)
        parts = _parts(text)
        for k, part in enumerate(parts):
            suffix = f".{k}" if len(parts) > 1 else ""
            yield Chunk(
                id=f"{fiche.id}#{section.anchor}:{group[0].n}{suffix}",
                fiche=fiche.id,
                title=fiche.title,
                type=fiche.type,
                anchor=section.anchor,
                heading=heading,
                role=section.role,
                blocks=(group[0].n, group[-1].n),
                text=part,
                references=tuple(dict.fromkeys(m.to for m in find_mentions(part))),
            )


def _chunk_footnotes(fiche: Fiche) -> Iterator[Chunk]:
    """Footnotes as passages of the section that calls them: many hold the only definition of a term."""
    for rank, note in enumerate(fiche.footnotes):
        section = fiche.by_anchor.get(note.section)
        if section is None:
            continue
        yield Chunk(
            id=f"{fiche.id}#{section.anchor}:note{rank}",
            fiche=fiche.id,
            title=fiche.title,
            type=fiche.type,
            anchor=section.anchor,
            heading=f"{section.heading} › Note {note.n}",
            role=section.role,
            blocks=NOTE_BLOCKS,
            text=note.text,
            references=tuple(dict.fromkeys(m.to for m in find_mentions(note.text))),
            note=note.n,
        )


def chunk_fiche(fiche: Fiche) -> tuple[Chunk, ...]:
    """The chunks of one fiche: its sections' in reading order, then its footnotes."""
    body = (c for section in fiche.sections for c in _chunk_section(fiche, section))
    return (*body, *_chunk_footnotes(fiche))


def chunk_manual(manual: Manual) -> tuple[Chunk, ...]:
    """The chunks of the whole manual, in reading order.

    The key-word index is left out: it lists words and ids, no statement to quote; what it knows is used
    as signals (``index.signals``) instead.
    """
    return tuple(c for fiche in manual if fiche.id != "INDEX" for c in chunk_fiche(fiche))


def repeated_notes(manual: Manual, chunks: Sequence[Chunk]) -> np.ndarray:
    """Which chunks are footnotes that repeat what another fiche says in its body.

    The definition of a GES stands in I-C-2-a and again as a note of three experiences: all can be cited, but
    the fiche whose subject it is comes first.

    Returns:
        bool array of shape (len(chunks),).
    """
    bodies = {f.id: fold(" ".join(s.text for s in f.sections)).replace("*", "") for f in manual}
    out = np.zeros(len(chunks), dtype=bool)
    for row, chunk in enumerate(chunks):
        if chunk.note is None or len(chunk.text) < REPEAT_CHARS:
            continue
        pieces = [p for p in re.split(r"[\n.:;]+", fold(chunk.text).replace("*", "")) if len(p.strip()) > 30]
        for fiche_id, body in bodies.items():
            held = sum(len(p) for p in pieces if p.strip(" -") in body)
            if fiche_id != chunk.fiche and held >= 0.5 * sum(len(p) for p in pieces) > 0:
                out[row] = True
    return out
