"""Written questions tied to the chunks they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.questions import PassageQuestions, QuestionBank
from index.chunks import Chunk

__all__ = ["QuestionEntry", "tie_questions"]

STARTS = 40  # characters of a passage's first words that must still be there
_ENGLISH = ":en"  # ends the id of a translation
EntryKind = Literal["passage", "cross", "fiche", "situation"]


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """One written question.

    Attributes:
        id: ``fiche?group:n``, or ``fiche?group:n:en`` for its translation: stable while the file's order stands.
        text: The question.
        kind: What it leads to: a passage, several passages, a whole fiche, or an experience as a
            similar case.
        fiche: Id of the fiche; of the first one where there are several.
        chunks: Ids of the chunks that answer it, best first; empty for a whole fiche or a similar case.
        focus: First words of the lines that answer it; empty when the whole passage does.
    """

    id: str
    text: str
    kind: EntryKind
    fiche: str
    chunks: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()

    @property
    def translated(self) -> bool:
        """Whether it is the English of another."""
        return self.id.endswith(_ENGLISH)


def _answering(passage: PassageQuestions, section: Sequence[Chunk]) -> tuple[str, ...]:
    """Ids of the chunks of a section that hold a passage, wherever an edit moved it to."""
    if passage.blocks is None:
        return tuple(c.id for c in section if c.note == passage.note)
    body = [c for c in section if c.note is None]
    first, last = passage.blocks
    starts = _plain(passage.starts)[:STARTS]
    if not any(_holds(c, first) and starts in _plain(c.text) for c in body):
        # A block was put in or taken out before it: the passage is where its first words are now.
        moved = next((c for c in body if starts in _plain(c.text)), None)
        if moved is None:
            return ()
        first, last = moved.blocks[0], max(moved.blocks[1], moved.blocks[0] + last - first)
    return tuple(c.id for c in body if c.blocks[0] <= last and first <= c.blocks[1])


def _holds(chunk: Chunk, block: int) -> bool:
    return chunk.blocks[0] <= block <= chunk.blocks[1]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def tie_questions(bank: QuestionBank, chunks: Sequence[Chunk]) -> tuple[QuestionEntry, ...]:
    """Tie every written question to chunks.

    A passage whose section or first words are gone since the questions were written leads to nothing and is
    left out; ``assistant check`` names it.
    """

    def asked(questions: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Rank in its file and text of each question, and of its translation, if it has one."""
        for n, question in enumerate(questions):
            yield str(n), question
            if question in bank.english:
                yield f"{n}{_ENGLISH}", bank.english[question]

    by_section: dict[tuple[str, str], list[Chunk]] = {}
    for chunk in chunks:
        by_section.setdefault((chunk.fiche, chunk.anchor), []).append(chunk)
    entries: list[QuestionEntry] = []
    for file in bank.files:
        for rank, passage in enumerate(file.passages):
            section = by_section.get((file.fiche, passage.section), [])
            ids = _answering(passage, section)
            if ids:
                entries += [
                    QuestionEntry(f"{file.fiche}?{rank}:{n}", q, "passage", file.fiche, ids, passage.focus)
                    for n, q in asked((*passage.questions, *passage.indirect))
                ]
        for kind, questions in (("fiche", file.fiche_questions), ("situation", file.situations)):
            entries += [
                QuestionEntry(f"{file.fiche}?{kind}:{n}", q, kind, file.fiche)  # type: ignore[arg-type]
                for n, q in asked(questions)
            ]
    for rank, cross in enumerate(bank.cross):
        ids = tuple(
            c.id
            for place in cross.passages
            for c in by_section.get((place.fiche, place.section), ())
            if c.note is None and c.blocks[0] <= place.blocks[1] and place.blocks[0] <= c.blocks[1]
        )
        if ids:
            fiche = cross.passages[0].fiche
            entries += [
                QuestionEntry(f"cross?{rank}:{n}", q, "cross", fiche, ids) for n, q in asked(cross.questions)
            ]
    return tuple(entries)
