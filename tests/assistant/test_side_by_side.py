"""Comparisons: each side in its turn, named, with room of its own."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

COMPARISONS = (
    ("Quelle différence entre le collectif des Yvelines et celui des Bouches-du-Rhône ?", {"III-8", "III-9"}),
    ("différence entre participation et représentation des salariés", {"I-C-2-g", "I-C-2-h"}),
    ("transversalité et décloisonnement, c'est pareil ?", {"I-C-2-c", "I-C-2-d"}),
    ("How do transversality and decompartmentalisation differ?", {"I-C-2-c", "I-C-2-d"}),
)


@pytest.mark.parametrize(("question", "sides"), COMPARISONS)
def test_each_side_is_told_in_one_stretch(assistant, question, sides):
    answer = assistant.ask(question)
    turns = [fiche for fiche, _ in groupby(answer.citations[n - 1].fiche for n in _numbers(answer.text))]
    assert sides <= set(turns)
    assert len(turns) == len(set(turns)), f"a side is told twice: {turns}"


@pytest.mark.parametrize(("question", "sides"), COMPARISONS)
def test_no_side_takes_nearly_all(assistant, question, sides):
    answer = assistant.ask(question)
    said = dict.fromkeys(sides, 0)
    for stretch, number in re.findall(r"(.*?)\[(\d+)\]", answer.text, flags=re.DOTALL):
        fiche = answer.citations[int(number) - 1].fiche
        if fiche in said:
            said[fiche] += len(stretch)
    assert min(said.values()) >= 0.25 * sum(said.values())
    assert len(answer.text) <= 2000


def test_each_side_begins_with_its_name(assistant):
    text = assistant.ask(COMPARISONS[0][0]).text
    assert re.search(r"^\*\*Collectif CYRCEE 78 \(Yvelines\)\*\* : ", text, flags=re.MULTILINE)
    assert re.search(r"^\*\*Collectif des Associations Intermédiaires des Bouches-du-Rhône\*\* : ", text, re.MULTILINE)
    notions = assistant.ask(COMPARISONS[2][0]).text
    assert "**Transversalité** : " in notions and "**Décloisonnement** : " in notions


def test_a_question_about_one_thing_is_not_put_side_by_side(assistant):
    text = assistant.ask("C'est quoi la transversalité ?").text
    assert "**Transversalité** : " not in text


def _numbers(text):
    return [int(n) for n in re.findall(r"\[(\d+)\]", text)]
