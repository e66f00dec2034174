"""Written questions in English: two columns, the question as it stands in its file and the English."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import QuestionsError

__all__ = ["ENGLISH_FILE", "read_translations"]

ENGLISH_FILE = "anglais.tsv"


def read_translations(path: Path) -> dict[str, str]:
    """The English of each question of a table; nothing where there is no such table.

    A line is a question, a tab, the English. Quotation marks are text like any other: no program for tables
    that puts its own around a field should write the file.

    Raises:
        QuestionsError: A line has not two columns that say something, or its question stands there already.
    """
    out: dict[str, str] = {}
    if not path.exists():
        return out
    # Not splitlines: it breaks at characters that a line may hold, such as U+2028.
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        columns = line.rstrip("\r").split("\t")
        if len(columns) != 2 or not all(c.strip() for c in columns):
            raise QuestionsError("a question, one tab and its English are expected", f"{path.name}:{number}")
        question, english = columns
        if question in out:
            raise QuestionsError(f"« {question[:60]} » is translated twice", f"{path.name}:{number}")
        out[question] = english
    return out
