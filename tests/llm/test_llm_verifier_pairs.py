"""The verifier on labelled pairs: statements that a quote supports, and statements that it does not.

The pairs were made from sentences of the fiches, by hand (paraphrases, exchanged roles, widened claims) and
by rule (one figure, name, negation or modal verb changed; the nearest sentence of another fiche). Floors are
a little under what was measured, so that a change that loses ground is seen.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.verifier import quote_stands, verify_statement
from corpus.store import load_manual

PAIRS = [
    json.loads(line)
    for line in Path(__file__).with_name("verifier_pairs.jsonl").read_text(encoding="utf-8").splitlines()
]
FLOORS = {
    "verbatim": 1.0,
    "paraphrase": 0.9,
    "altered_figure": 0.8,
    "swapped_name": 0.8,
    "negation": 0.9,
    "overclaim": 0.85,
    "wrong_fiche": 0.95,
}


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict, bool]]:
    return [(p, verify_statement(p["statement"], [p["quote"]]).supported) for p in PAIRS]


def test_the_pairs_are_many_varied_and_true_to_the_fiches() -> None:
    manual = load_manual()
    kinds = Counter(p["kind"] for p in PAIRS)
    assert len(PAIRS) >= 200 and set(kinds) == set(FLOORS) and min(kinds.values()) >= 20
    assert len({(p["statement"], p["quote"]) for p in PAIRS}) == len(PAIRS)
    assert [p["id"] for p in PAIRS if not quote_stands(p["quote"], p["fiche"], manual)] == []


@pytest.mark.parametrize("kind", FLOORS)
def test_each_kind_is_judged_right_often_enough(judged: list[tuple[dict, bool]], kind: str) -> None:
    right = [said == pair["supported"] for pair, said in judged if pair["kind"] == kind]
    assert sum(right) / len(right) >= FLOORS[kind]


def test_precision_and_recall(judged: list[tuple[dict, bool]]) -> None:
    """What the verifier lets through is supported (precision); what is supported it lets through (recall)."""
    passed = [pair["supported"] for pair, said in judged if said]
    supported = [said for pair, said in judged if pair["supported"]]
    assert sum(passed) / len(passed) >= 0.82
    assert sum(supported) / len(supported) >= 0.94
