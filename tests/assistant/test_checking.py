"""The check of the written questions: each kind of fault is found, and the shipped ones have none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant import checking
from assistant.checking import MIN_QUESTIONS, question_faults
from corpus.questions import CrossQuestions, PassageQuestions, Place, QuestionBank, QuestionFile, load_bank
from corpus.store import load_manual


@pytest.fixture(scope="module")
def manual():
    return load_manual()


def _file(fiche: str) -> QuestionFile:
    return next(f for f in load_bank().files if f.fiche == fiche)


def _faults(manual, *files: QuestionFile, cross: tuple[CrossQuestions, ...] = ()) -> list[str]:
    return question_faults(manual, QuestionBank(files, cross))


def _with_first(file: QuestionFile, **changes) -> QuestionFile:
    first, *others = file.passages
    return replace(file, passages=(replace(first, **changes), *others))


def test_the_shipped_questions_have_no_fault(manual):
    assert question_faults(manual, load_bank()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"section": "no-such-section"}, "orphaned"),
        ({"starts": "Words that the block does not begin with"}, "no longer starts"),
        ({"blocks": (0, 99)}, "no blocks 0 to 99"),
        ({"blocks": None, "note": 99}, "no note 99"),
    ],
)
def test_a_passage_out_of_place_is_named(manual, changes, said):
    faults = _faults(manual, _with_first(_file("II-1"), **changes))
    assert any(said in f and f.startswith("questions/II-1.yaml: ") for f in faults)


def test_an_unknown_fiche_is_named(manual):
    assert _faults(manual, replace(_file("II-1"), fiche="III-21")) == ["questions/III-21.yaml: no fiche III-21"]


def test_a_block_with_too_few_ways_in_is_named_whatever_the_passages_that_hold_it(manual):
    file = _file("II-1")
    first: PassageQuestions = file.passages[0]
    one = replace(first, blocks=(first.blocks[0], first.blocks[0]), indirect=())
    few = replace(one, questions=("une seule ?",))
    enough = replace(one, questions=tuple(f"autre façon de demander {n}" for n in range(MIN_QUESTIONS - 1)))
    block = f"{first.section}: 1 question(s) for block {first.blocks[0]}"
    assert any(block in f for f in _faults(manual, replace(file, passages=(few,))))
    assert not any(block in f for f in _faults(manual, replace(file, passages=(few, enough))))


def test_a_section_without_questions_is_named(manual):
    file = _file("II-1")
    section = "en-bref"
    rest = replace(file, passages=tuple(p for p in file.passages if p.section != section))
    assert f"questions/II-1.yaml: no question for section {section}" in _faults(manual, rest)


def test_the_same_words_in_another_fiche_are_named_whatever_their_order_and_endings(manual):
    first, second = _file("II-1"), _file("II-2")
    ways = first.passages[0].questions, second.passages[0].questions
    one = _with_first(first, questions=("cartographie des acteurs du territoire", *ways[0]))
    other = _with_first(second, questions=("Territoires : acteur, cartographies ?", *ways[1]))
    assert any("is also written for II-1" in f for f in _faults(manual, one, other))


def test_a_cross_question_on_a_passage_that_is_not_there_is_named(manual):
    cross = CrossQuestions((Place("II-1", "no-such-section", (0, 0)), Place("II-2", "en-bref", (0, 99))), ("?",))
    faults = [f for f in _faults(manual, cross=(cross,)) if "transversales" in f]
    assert len(faults) == 2


def test_a_translation_of_what_is_no_longer_written_is_named(manual):
    file = _file("II-1")
    kept, gone = file.passages[0].questions[0], "une question que personne n'a écrite"
    faults = question_faults(manual, QuestionBank((file,), english={kept: "one", gone: "another"}))
    assert [f for f in faults if ".tsv" in f] == [
        f"questions/anglais.tsv: « {gone} » is written nowhere, so its English leads nowhere"
    ]


def test_a_translation_that_is_another_fiches_question_is_named(manual):
    one, other = _file("II-1"), _file("II-2")
    question = one.passages[0].questions[0]
    faults = question_faults(manual, QuestionBank((one, other), english={question: other.passages[0].questions[0]}))
    assert [f for f in faults if ".tsv" in f] == [
        f"questions/anglais.tsv: « {question[:60]} » has the English of what is written for II-2"
    ]


def test_a_line_that_is_no_translation_is_a_fault_like_any_other(tmp_path, monkeypatch):
    (tmp_path / "anglais.tsv").write_text("une question sans colonne\n", encoding="utf-8")
    monkeypatch.setattr(checking, "load_bank", lambda: load_bank(tmp_path))
    assert checking.faults(None) == [
        "questions/anglais.tsv:1: a question, one tab and its English are expected"
    ]
