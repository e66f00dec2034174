"""A fiche asked for by its id is told of, from its own summary."""

from __future__ import annotations

import pytest

from assistant.draft import write
from assistant.overview import overview
from assistant.understanding import understand
from corpus.references import FICHE_IDS, named_fiches


@pytest.mark.parametrize("template", ["que dit la {} ?", "résume la fiche {}", "{}", "what does fiche {} say?"])
def test_every_fiche_is_told_of_to_who_names_it(assistant, template):
    for fiche_id in FICHE_IDS:
        answer = assistant.ask(template.format(fiche_id))
        assert answer.kind == "answer", fiche_id
        assert {c.fiche for c in answer.citations} == {fiche_id}
        assert answer.text.startswith(f"**{assistant.manual.get(fiche_id).title}** : ")
        assert len(answer.text) <= 2000


def test_nothing_of_it_is_dropped_by_verification_and_its_summary_opens(assistant):
    for fiche_id in FICHE_IDS:
        read = understand(f"fiche {fiche_id}")
        assert read.fiche == fiche_id
        statements = overview(read, assistant.retrieve(read), assistant.retriever)
        assert write(statements, assistant.manual).dropped == (), fiche_id
        assert statements[0].passages[0].chunk.role == "en_bref", fiche_id


@pytest.mark.parametrize(
    "asked",
    ["fiche II-2 : quels sont les pièges ?", "la III-4 et la III-5", "la fiche ULISSE", "c'est quoi la coopération"],
)
def test_other_questions_ask_for_no_fiche_as_a_whole(asked):
    assert understand(asked).fiche == ""


def test_a_fiche_that_is_named_is_the_one_that_is_found(assistant):
    read = understand("fiche III-13 : comment convaincre les élus ?")
    assert assistant.retrieve(read).fiches[0].id == "III-13"
    assert assistant.retrieve(understand("comment convaincre les élus ?")).fiches[0].id != "III-13"


def test_ids_are_read_after_fiche_or_as_printed():
    assert named_fiches("la fiche iii-5, et II-3") == ("III-5", "II-3")
    assert named_fiches("les années II-30a, l'article I-2, la iii-5") == ()


def test_an_id_that_does_not_exist_is_no_fiche(assistant):
    assert assistant.ask("III-21").kind == "refusal"
