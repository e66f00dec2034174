"""Acronyms asked about are spelt out by the manual's own sentence."""

from __future__ import annotations

import pytest

from corpus.glossary import build_glossary
from index.text import fold


@pytest.mark.parametrize(
    ("question", "expansion"),
    [
        ("ACI ça veut dire quoi", "chantiers d'insertion"),
        ("c'est quoi un CCAS ?", "Centre Communal d'Action Sociale"),
        ("signification DLA", "dispositif local d'accompagnement"),
        ("que veut dire SCIC", "Société Coopérative d'Intérêt Collectif"),
        ("What does CHSCT stand for?", "comité d'hygiène"),
    ],
)
def test_the_first_statement_spells_the_acronym_out(assistant, question, expansion):
    answer = assistant.ask(question)
    assert answer.kind == "answer"
    assert fold(expansion) in fold(answer.text.partition("[1]")[0])


@pytest.mark.parametrize("question", ["CYRCEE ça veut dire quoi", "what do the letters ADPEI stand for"])
def test_letters_that_the_manual_never_explains_are_said_to_be_unexplained(assistant, question):
    assert assistant.ask(question).kind == "refusal"


def test_a_notion_keeps_its_own_answer(assistant):
    first = assistant.ask("c'est quoi un PTCE ?").text.partition("[1]")[0]
    assert fold("un regroupement, sur un territoire donné") in fold(first)


def test_every_acronym_that_the_glossary_quotes_is_known(assistant, manual):
    quoted = [e for e in build_glossary(manual) if e.expansion and e.quote]
    unknown = [e.term for e in quoted if not assistant.acronyms.spells_out(e.term)]
    assert len(unknown) <= len(quoted) // 10, unknown  # some stand in a heading, or across two sentences
