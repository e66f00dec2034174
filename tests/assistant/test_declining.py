"""What the decision to decline rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import assistant.gate as gate_module
from assistant.detail import asked_detail
from assistant.gate import GATE_FEATURES, Gate, gate_features
from assistant.phrases import phrase
from assistant.understanding import understand
from bench.features import load_rows
from corpus.store import load_manual
from index.text import fold

LATER = yaml.safe_load(Path(gate_module.__file__).with_name("later.yaml").read_text("utf-8"))


def test_nothing_listed_as_later_stands_in_the_manual():
    manual = load_manual()
    text = fold(" ".join([s.text for f in manual for s in f.sections] + [n.text for f in manual for n in f.footnotes]))
    listed = [str(e) for group in LATER.values() for e in group]
    assert len(listed) == len({fold(e) for e in listed})
    assert [e for e in listed if re.search(rf"\b{re.escape(fold(e))}\b", text)] == []


@pytest.mark.parametrize(
    ("asked", "later"),
    [("c koi le PASS IAE", 1.0), ("et france travail dans tout ça ?", 1.0), ("comment structurer un GES ?", 0.0)],
)
def test_a_name_that_came_after_the_manual_is_a_sign(assistant, asked, later):
    read = understand(asked)
    features = gate_features(read, assistant.retrieve(read))
    assert set(features) == set(GATE_FEATURES)
    assert features["later"] == later


def test_every_feature_has_a_weight():
    assert set(Gate.load().weights) == set(GATE_FEATURES)


DOUBT = phrase("fr", "doubt")


@pytest.fixture(scope="module")
def by_a_hair(assistant):
    """Questions that the manual does not answer and that are answered by a hair, as the gate has it, by language."""
    found: dict[str, list[str]] = {"fr": [], "en": []}
    for row in load_rows("unanswerable-held-out.jsonl") + load_rows("english.jsonl"):
        if row["type"] == "out_of_scope" and len(found[row["lang"]]) < 2:
            read = assistant.read(row["question"])
            result = assistant.retrieve(read)
            p = assistant.gate.probability(gate_features(read, result))
            by_a_hair = assistant.gate.threshold <= p < assistant.gate.sure
            if by_a_hair and asked_detail(read, result.query) is None:
                found[row["lang"]].append(row["question"])
    assert len(found["fr"]) == len(found["en"]) == 2
    return found


def test_what_is_answered_by_a_hair_is_answered_with_a_doubt(assistant, by_a_hair):
    for question in by_a_hair["fr"]:
        answer = assistant.ask(question)
        assert answer.kind == "answer" and answer.citations
        assert answer.text.startswith(f"{DOUBT}\n\n")
        assert answer.text.count(DOUBT) == 1


@pytest.mark.parametrize(
    "asked",
    [
        "comment structurer un GES ?",
        "mobilité",
        "c'est quoi un PTCE",
        "le mail de la directrice de Jura Service svp",  # an address that is there, whatever else is asked
        "AIR créée en quelle année",  # the date was seen to be there
    ],
)
def test_what_the_manual_plainly_says_is_said_without_a_doubt(assistant, asked):
    answer = assistant.ask(asked)
    assert answer.kind == "answer"
    assert DOUBT not in answer.text


def test_a_doubt_is_told_in_the_language_of_the_question_and_from_the_first_line(assistant, by_a_hair):
    for question in by_a_hair["en"]:
        snapshots = list(assistant.stream(question))
        assert any(s.text for s in snapshots)
        assert all(s.text.startswith(phrase("en", "doubt")) for s in snapshots if s.text)


def test_doubt_begins_above_refusal():
    gate = Gate.load()
    assert 0 < gate.threshold < gate.sure < 1


@pytest.mark.parametrize(
    ("asked", "key", "named"),
    [
        ("Les tableaux de la partie IV, tu peux me sortir le premier ?", "no_such_part", {"part": "partie IV"}),
        ("y a quoi dans l'annexe 2 ?", "no_such_part", {"part": "annexe 2"}),
        ("Il me reste à lire la II-9, elle dit quoi ?", "no_such_fiche", {"id": "II-9"}),
        ("Invente-moi une expérience de conciergerie à Brest", "no_invention", {}),
        ("Pas de chiffre ? Mets-en un à la louche.", "no_invention", {}),
        ("Could you make up one more experience near Lyon?", "no_invention", {}),
        ("No figure? Then just make one up.", "no_invention", {}),
        ("Please invent a short testimony of a jobseeker", "no_invention", {}),
    ],
)
def test_what_does_not_exist_is_named_and_nothing_is_made_up(assistant, asked, key, named):
    answer = assistant.ask(asked)
    assert answer.kind == "refusal" and not answer.citations
    assert answer.text == phrase(understand(asked).language, key, **named)


@pytest.mark.parametrize("asked", ["l'adresse perso du directeur d'ISACTYS", "where does the director of AICM live?"])
def test_private_details_are_not_given(assistant, asked):
    read = understand(asked)
    detail = phrase(read.language, "detail_private")
    assert assistant.ask(asked).text == phrase(read.language, "missing", detail=detail)


def test_questions_about_the_manual_s_own_parts_and_about_inventing_are_answered(assistant):
    """No written question, nor any with a known answer, is taken for one of these."""
    asked = [e.text for e in assistant.retriever.entries] + [r["question"] for r in load_rows("answerable.jsonl")]
    reads = [understand(text) for text in asked]
    assert len(reads) > 15_000
    assert [r.asked for r in reads if Gate.invented_part(r) or Gate.asks_to_invent(r)] == []
    assert not Gate.invented_part(understand("à part 4 salariés, l'annexe a été signée par qui ?"))
    assert not Gate.asks_to_invent(understand("did you make it up yourselves?"))
    assert assistant.ask("que dit la II-3 ?").kind == "answer"
