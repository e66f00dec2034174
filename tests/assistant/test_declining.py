"""What the decision to decline rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import assistant.gate as gate_module
from assistant.gate import GATE_FEATURES, Gate, gate_features
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
