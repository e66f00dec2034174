"""An answer before it is an answer: statements and what they cite, verified, numbered, written out.

Every engine ends here, so that no engine can show a statement that was not checked, a number that leads
nowhere, or a citation that nothing uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Citation
from assistant.verifier import quote_stands, verify_statement
from corpus.model import Manual
from index.chunks import Chunk

__all__ = ["Layout", "Passage", "Statement", "Written", "write"]

Layout = Literal["paragraph", "item", "inline"]


@dataclass(frozen=True, slots=True)
class Passage:
    """What a statement rests on.

    Attributes:
        chunk: The chunk it comes from.
        quote: Verbatim stretch of it.
    """

    chunk: Chunk
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list item of an answer.

    Attributes:
        text: What is said, without citation numbers.
        passages: What it rests on, at least one.
        layout: A paragraph of its own, a list item, or going on in the paragraph before.
        label: Words of ours before it (« Point de vigilance »); say nothing of substance.
    """

    text: str
    passages: tuple[Passage, ...]
    layout: Layout = "paragraph"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A verified answer text.

    Attributes:
        text: Markdown with citation numbers.
        citations: In the order of first use.
        dropped: Statements that did not pass, with the reason.
    """

    text: str
    citations: tuple[Citation, ...]
    dropped: tuple[tuple[Statement, str], ...] = ()


def _check(statement: Statement, manual: Manual) -> str:
    """Why a statement must go; empty when it may stay."""
    for passage in statement.passages:
        if not quote_stands(passage.quote, passage.chunk.fiche, manual):
            return "quote"
    verdict = verify_statement(statement.text, [p.quote for p in statement.passages])
    return "" if verdict.supported else verdict.reason


def _separator(statement: Statement, previous: Statement | None) -> str:
    if previous is None:
        return ""
    if statement.layout == "inline":
        return " "
    both_items = statement.layout == "item" and previous.layout == "item"
    # Points of vigilance after keys to success, or the keys of another fiche, are a list of their own.
    begins_a_list = statement.label and statement.passages != previous.passages
    return "\n" if both_items and not begins_a_list else "\n\n"


def write(statements: Sequence[Statement], manual: Manual) -> Written:
    """Verify statements and write out those that pass.

    Args:
        statements: In reading order, the best first: citations are numbered by first use.
        manual: What they are checked against.
    """
    kept: list[Statement] = []
    dropped: list[tuple[Statement, str]] = []
    for statement in statements:
        reason = _check(statement, manual)
        if reason:
            dropped.append((statement, reason))
        else:
            kept.append(statement)
    numbers: dict[tuple[str, str], int] = {}
    citations: list[Citation] = []
    text = ""
    previous: Statement | None = None
    for statement in kept:
        marks = ""
        for passage in statement.passages:
            key = (passage.chunk.id, passage.quote)
            if key not in numbers:
                numbers[key] = len(numbers) + 1
                citations.append(_citation(numbers[key], passage))
            marks += f" [{numbers[key]}]"
        bullet = "- " if statement.layout == "item" else ""
        label = f"**{statement.label}** : " if statement.label else ""
        text += _separator(statement, previous) + bullet + label + statement.text + marks
        previous = statement
    return Written(text, tuple(citations), tuple(dropped))


def _citation(number: int, passage: Passage) -> Citation:
    chunk = passage.chunk
    return Citation(
        n=number,
        fiche=chunk.fiche,
        title=chunk.title,
        section=chunk.section if chunk.note is None else chunk.heading,
        anchor=chunk.anchor,
        quote=passage.quote,
        block=chunk.blocks[0] if chunk.note is None else None,
    )
