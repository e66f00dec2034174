"""Thumbs and their reasons, kept in one SQLite file beside the index.

Nothing about the person is kept: no address, no session, and the time only to the day.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from assistant.answer import Answer
from assistant.settings import Settings

__all__ = ["Feedback", "FeedbackStore", "open_feedback"]

Verdict = Literal["up", "down"]
_MAX_TEXT = 2000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('up', 'down')),
    reason TEXT NOT NULL,
    comment TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    index_version TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of one answer.

    Attributes:
        verdict: Thumb up or down.
        reason: One of those offered; empty for none.
        comment: Free words; empty for none.
        question: The question.
        answer: The answer judged.
        index_version: Which corpus and model it was made with.
    """

    verdict: Verdict
    reason: str
    comment: str
    question: str
    answer: Answer
    index_version: str = ""


class FeedbackStore:
    """Feedback in a file; safe to use from several threads and processes.

    Args:
        path: The SQLite file; made when the first feedback comes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=10)
        try:
            with connection:
                connection.execute(_SCHEMA)
                yield connection
        finally:
            connection.close()

    def add(self, feedback: Feedback) -> None:
        """Keep one."""
        row = (
            datetime.now(UTC).date().isoformat(), feedback.verdict, feedback.reason[:_MAX_TEXT],
            feedback.comment[:_MAX_TEXT], feedback.question[:_MAX_TEXT],
            json.dumps(feedback.answer.to_dict(), ensure_ascii=False), feedback.index_version,
        )  # fmt: skip
        with self._open() as connection:
            connection.execute(
                "INSERT INTO feedback (day, verdict, reason, comment, question, answer, index_version)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def count(self) -> dict[str, int]:
        """How many of each verdict."""
        if not self.path.exists():
            return {}
        with self._open() as connection:
            return dict(connection.execute("SELECT verdict, count(*) FROM feedback GROUP BY verdict"))


def open_feedback(settings: Settings) -> FeedbackStore | None:
    """Where feedback goes; None when the operator opted out."""
    return FeedbackStore(settings.data_dir / "feedback.sqlite") if settings.feedback else None
