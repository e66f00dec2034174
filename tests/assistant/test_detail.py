"""Details that are asked for, and whether passages hold one of their kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.detail import Detail, asked_detail, holds
from assistant.phrases import phrase
from assistant.understanding import understand


def _asked(assistant, text):
    return asked_detail(understand(text), assistant.retriever.reader.read(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Quel était le budget du Palacret ?", "sum"),
        ("le trajet en minibus ca coute cb", "sum"),
        ("How much did the minibus cost?", "sum"),
        ("combien de bénévoles chez ULISSE", "count"),
        ("nb dadhérents du club", "count"),
        ("Qui préside Act'Eure Insertion ?", "person"),
        ("directrice du Temps du domicile", "person"),
        ("adresse du siège d'AICM", "address"),
        ("A quelle adresse se trouvent les bureaux d'AIR ?", "address"),
        ("En quelle année la charte a-t-elle été signée ?", "date"),
        ("CREPI ça veut dire quoi", "acronym"),
        ("le téléphone d'AICM", "phone"),
    ],
)
def test_the_kind_of_detail_is_read(assistant, text, kind):
    found = _asked(assistant, text)
    assert found is not None
    assert found.kind == kind
    assert found.alone


@pytest.mark.parametrize(
    "text",
    [
        "comment structurer un GES ?",
        "On garde des tarifs bas pour les plus en galère, que leur répondre ?",
        "Le projet s'adresse à qui ?",
        "Ma présidente voudrait ouvrir une conciergerie, par où commencer ?",
        "autre chose que le nombre d'heures pour évaluer notre utilité",
        "À qui écrire au GAS 49, quelle adresse mail ?",
        "quand on s'associe à plusieurs, qui décide ?",
        "Le guide range ces relations en combien de cas ?",
    ],
)
def test_other_questions_ask_for_no_detail(assistant, text):
    assert _asked(assistant, text) is None


def test_a_detail_among_other_questions_is_not_alone(assistant):
    found = _asked(assistant, "Combien coûte la plateforme mobilité, et comment la monter ?")
    assert found == Detail("sum", alone=False)


@pytest.mark.parametrize(
    ("detail", "sentence", "held"),
    [
        (Detail("sum"), "La Région a versé 15 000 € en 2009.", True),
        (Detail("sum"), "La Région a soutenu l'action en 2009.", False),
        (Detail("count", frozenset({"salar"})), "Elle compte 45 salariés permanents.", True),
        (Detail("count", frozenset({"salar"})), "En 2009, les salariés ont été formés.", False),
        (Detail("count", frozenset({"salar"})), "| Salariés | 45 |", True),
        (Detail("person", frozenset({"president"})), "Jeanne DURAND, présidente", True),
        (Detail("person", frozenset({"president"})), "Jeanne DURAND, directrice", False),
        (Detail("person", frozenset({"president"})), "Le président a signé.", False),
        (Detail("address"), "12 rue des Lices, 49100 Angers", True),
        (Detail("address"), "contact@exemple.fr", False),
        (Detail("address"), "elle propose environ 35000 heures par an", False),
        (Detail("phone"), "Tél. : 02 41 00 00 00", True),
        (Detail("phone"), "contact@exemple.fr, 49100 Angers", False),
        (Detail("date"), "La charte a été signée en mars.", True),
        (Detail("acronym", frozenset({"GES"})), "Les groupes économiques solidaires sont nés ici.", True),
        (Detail("acronym", frozenset({"GES"})), "Le réseau (GES) grandit.", True),
        (Detail("acronym", frozenset({"CREPI"})), "Le CREPI a ouvert ses portes.", False),
    ],
)
def test_a_sentence_holds_a_detail_of_the_kind_or_not(detail, sentence, held):
    assert holds(detail, sentence) is held


def test_a_detail_that_the_manual_does_not_give_is_declined_by_its_name(assistant):
    answer = assistant.ask("Qui préside le GAS 49 ?")
    assert answer.kind == "refusal"
    assert answer.text == phrase("fr", "missing", detail=phrase("fr", "detail_person"))
    assert "III-12" in [f.id for f in answer.fiches]
    assert answer.citations == ()


def test_a_question_answerable_in_part_gets_its_part_and_is_told_what_is_missing(assistant):
    answer = assistant.ask("Quelles sont les missions du GAS 49 et qui le préside ?")
    assert answer.kind == "answer"
    assert answer.question == "Quelles sont les missions du GAS 49 et qui le préside ?"
    assert answer.text.startswith(phrase("fr", "partial"))
    assert answer.citations[0].fiche == "III-12"


@pytest.mark.parametrize(
    "text",
    [
        "Combien d'adhérents compte le Secours populaire et qui le préside ?",  # no part belongs to the manual
        "Que dit la fiche III-42 et comment structurer un GES ?",  # what does not exist is said first
    ],
)
def test_no_part_is_answered_without_what_it_is_about(assistant, text):
    assert assistant.ask(text).kind == "refusal"


def test_who_asks_for_a_telephone_number_or_an_address_gets_the_address(assistant):
    answer = assistant.ask("tel ou mail de Jura Service ?")
    assert answer.text.startswith(phrase("fr", "missing_part", detail=phrase("fr", "detail_phone")))
    assert "jura-servicepatriciaguiboux@" in answer.text
    assert assistant.ask("le téléphone de Jura Service").text.startswith("Le manuel ne donne pas ce numéro")


def test_a_detail_that_the_manual_gives_is_answered(assistant):
    answer = assistant.ask("combien d'habitants dans le pays de Gâtine ?")
    assert answer.kind == "answer"
    assert not answer.text.startswith(phrase("fr", "missing_part", detail=phrase("fr", "detail_count")))


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(assistant, text):
    read = understand(text)
    detail = asked_detail(read, assistant.retriever.reader.read(read.search))
    assert detail is None or holds(detail, text) in (True, False)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_whatever_is_found_is_read(text):
    for detail in (Detail("sum"), Detail("count", frozenset({"a"})), Detail("acronym", frozenset({"AB&C", "É"}))):
        assert holds(detail, text) in (True, False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("combien de boîtes visitées ?", "Les groupes ont visité 40 entreprises."),
        ("nombre de flyers distribués", "Quelque 300 prospectus ont été remis."),
        ("combien de pros autour de la table", "Une vingtaine de professionnels y prennent part."),
        ("combien d'intercommunalités à convaincre ?", "Le pays compte sept communautés de communes."),
    ],
)
def test_what_is_counted_may_have_another_name(assistant, text, sentence):
    found = _asked(assistant, text)
    assert found is not None and found.kind == "count"
    assert holds(found, sentence)
