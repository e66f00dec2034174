"""Lessons that wait to be taken in: they must still fit when they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.features import QUESTIONS_DIR, load_rows
from corpus.questions import load_bank
from index.text import words

LESSONS = Path(__file__).parents[2] / "bench" / "lessons"


@pytest.mark.parametrize("name", ["autrement.tsv"])
def test_each_line_restates_a_written_question_and_none_that_quality_is_measured_on(name):
    bank = load_bank()
    written = {q for file in bank.files for p in file.passages for q in (*p.questions, *p.indirect)}
    written |= {q for file in bank.files for q in (*file.fiche_questions, *file.situations)}
    written |= {q for cross in bank.cross for q in cross.questions}
    measured = {tuple(words(r["question"])) for path in QUESTIONS_DIR.glob("*.jsonl") for r in load_rows(path.name)}
    lines = [line.split("\t") for line in (LESSONS / name).read_text(encoding="utf-8").rstrip("\n").split("\n")]
    assert len(lines) > 4000 and all(len(columns) == 2 for columns in lines)
    assert [question for question, _ in lines if question not in written] == []
    assert [said for _, said in lines if tuple(words(said)) in measured] == []
