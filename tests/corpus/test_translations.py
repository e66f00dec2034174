"""The table of questions in English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QuestionsError
from corpus.translations import read_translations

_CELL = st.text(st.characters(exclude_characters="\t\n\r", exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(said=st.dictionaries(_CELL, _CELL).filter(lambda d: not next(iter(d), "").startswith("\ufeff")))
def test_a_table_says_what_was_written(said, tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "anglais.tsv"
    path.write_text("".join(f"{q}\t{e}\n" for q, e in said.items()), encoding="utf-8", newline="")
    assert read_translations(path) == said


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("une question\tone\nune autre, sans colonne\n", "anglais.tsv:2: a question, one tab"),
        ("une question\tone\ttwo\n", "anglais.tsv:1: a question, one tab"),
        ("\n\nune question\t \n", "anglais.tsv:3: a question, one tab"),
        ("une question\tone\nune question\ttwo\n", "anglais.tsv:2: « une question » is translated twice"),
    ],
)
def test_a_line_that_says_nothing_is_named_by_its_place(text, where, tmp_path):
    path = tmp_path / "anglais.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionsError) as raised:
        read_translations(path)
    assert str(raised.value).startswith(where)


def test_marks_that_programs_put_at_the_ends_of_a_file_or_line_are_no_part_of_it(tmp_path):
    path = tmp_path / "anglais.tsv"
    path.write_bytes("\ufeffqui paie ?\twho pays?\r\n".encode())
    assert read_translations(path) == {"qui paie ?": "who pays?"}
    assert read_translations(tmp_path / "none.tsv") == {}
