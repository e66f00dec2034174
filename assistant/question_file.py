"""Files of questions, one JSON object a line, and asking them: what ``batch``, ``eval`` and the benches share.

A row has ``id`` and ``question``; ``history``, ``type`` and ``lang`` where they matter; and, when its answer is known,
``gold_fiches``, ``also_ok`` and ``facts``. ``docs/quality.md`` says what each means.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Turn
from assistant.errors import InvalidInput

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["Row", "answer_row", "answer_rows", "cited_fiches", "history_of", "read_known", "read_rows"]

Row = dict[str, Any]

_USUAL: Row = {"type": "open", "lang": "fr", "history": [], "gold_fiches": [], "also_ok": [], "facts": []}


def read_rows(path: Path) -> list[Row]:
    """Rows of a file, empty lines left out.

    Raises:
        InvalidInput: A line is no JSON object with an id and a question.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["id"], row["question"]
        except (ValueError, KeyError, TypeError):
            raise InvalidInput(f"{path}:{number}: not a JSON object with an id and a question.") from None
        rows.append(row)
    return rows


def read_known(path: Path) -> list[Row]:
    """Rows with known answers; what a row leaves out takes its usual value.

    Raises:
        InvalidInput: As for ``read_rows``.
    """
    return [{**_USUAL, **row} for row in read_rows(path)]


def history_of(row: Row) -> list[Turn]:
    """The earlier turns of a row."""
    return [Turn(t["role"], t["content"]) for t in row.get("history") or ()]


def answer_row(assistant: Assistant, row: Row, engine: str | None = None, *, history: bool = True) -> Answer:
    """The answer to a row; one of type ``experience`` is asked of the similar-experience search.

    Args:
        assistant: Who answers.
        row: The question.
        engine: Name of the engine; None for the one of the settings.
        history: Whether its earlier turns are given.
    """
    if row.get("type") == "experience":
        return assistant.similar(row["question"])
    return assistant.ask(row["question"], history_of(row) if history else (), engine)


def answer_rows(assistant: Assistant, rows: Iterable[Row], engine: str | None = None) -> Iterator[tuple[Row, Answer]]:
    """Rows with their answers, one after another; see ``answer_row``."""
    for row in rows:
        yield row, answer_row(assistant, row, engine)


def cited_fiches(row: Row, answer: Answer) -> list[str]:
    """Fiches that an answer puts forward, best first, each once: experiences come first where one is looked for."""
    cited = [c.fiche for c in answer.citations]
    if row.get("type") == "experience":
        cited = [e.id for e in answer.experiences] + cited
    return list(dict.fromkeys(cited))
