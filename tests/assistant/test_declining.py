"""What the decision to decline rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import assistant.gate as gate_module
from assistant.gate import GATE_FEATURES, Gate, gate_features
from assistant.phrases import phrase
from assistant.understanding import understand
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


def test_what_is_answered_by_a_hair_is_answered_with_a_doubt(assistant):
    """The manual says nothing of exhaustion, and much of employees and of growth."""
    answer = assistant.ask("comment éviter que les salariés s'épuisent quand on grossit ?")
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


def test_a_doubt_is_told_in_the_language_of_the_question_and_from_the_first_line(assistant):
    snapshots = list(assistant.stream("how can employees avoid exhaustion when we grow?"))
    assert all(s.text.startswith(phrase("en", "doubt")) for s in snapshots if s.text)


def test_doubt_begins_above_refusal():
    gate = Gate.load()
    assert 0 < gate.threshold < gate.sure < 1
