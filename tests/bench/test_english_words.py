"""Which French words an English one stands for, learned from translated questions."""

from __future__ import annotations

import json

import pytest

from bench.english import table_of, translation_model
from bench.features import QUESTIONS_DIR, is_held_out, load_rows
from corpus.questions import load_bank
from index.english import TABLE
from index.text import words

TRANSLATED = {
    "le budget du groupement": "the budget of the grouping",
    "le budget de la mairie": "the budget of the town hall",
    "le groupement et la mairie": "the grouping and the town hall",
    "qui finance le groupement": "who funds the grouping",
    "qui finance la mairie": "who funds the town hall",
}


def test_a_word_stands_for_the_one_that_goes_with_it_everywhere():
    table = table_of(TRANSLATED)
    assert list(table["group"]) == ["groupement"]
    assert next(iter(table["budget"])) == "budget"
    assert next(iter(table["fund"])) == "finance"


def test_shares_of_a_source_word_sum_to_one():
    model = translation_model([(["a", "b"], ["x", "y"]), (["a"], ["x"]), (["b"], ["y", "z"])])
    for word in ("a", "b"):
        assert sum(model[word].values()) == pytest.approx(1.0)
    assert model["a"]["x"] > 0.9


def test_the_shipped_table_is_learned_from_the_shipped_translations():
    assert json.loads(TABLE.read_text(encoding="utf-8")) == table_of(load_bank().english)


def test_nothing_that_quality_is_measured_on_is_learned_from():
    bank = load_bank()
    translated = {tuple(words(english)) for english in bank.english.values()}
    measured = [r["question"] for path in QUESTIONS_DIR.glob("*.jsonl") for r in load_rows(path.name)]
    assert len(measured) > 2000
    assert [q for q in measured if tuple(words(q)) in translated] == []


def test_answerable_questions_in_english_are_owed_the_same_and_none_is_held_out():
    """Ranking and gate learn from them: one of a held-out question would tell them its answer."""
    french = {r["id"]: r for r in load_rows("answerable.jsonl")}
    rows = load_rows("answerable-english.jsonl")
    assert len(rows) > 400 and len({r["of"] for r in rows}) == len(rows)
    for row in rows:
        other = french[row["of"]]
        assert not is_held_out(other) and row["lang"] == "en" and row["question"] != other["question"]
        assert all(row[key] == other[key] for key in ("type", "history", "gold_fiches", "also_ok", "evidence", "facts"))
