"""Who to reach: whoever the manual names can be had by asking, in the words people use."""

from __future__ import annotations

import pytest

from assistant.answer import Turn

BY_NAME = (
    "{p}, son adresse mail c'est quoi ?",
    "le mail que j'ai pour {p} ne marche plus, c'est quoi le bon ?",
    "what is the e-mail address of {p}?",
)
BY_ORGANISATION = ("le mail de {o} ?", "comment joindre {o}", "Who can I write to at {o}?")


@pytest.mark.parametrize("template", BY_NAME + BY_ORGANISATION)
def test_every_contact_of_an_experience_is_given_to_who_asks(assistant, template):
    asked = 0
    for fiche in assistant.manual:
        for contact in fiche.contacts if fiche.type == "experience" else ():
            if not contact.email:
                continue
            question = template.format(p=contact.name, o=fiche.organisation)
            assert contact.email in assistant.ask(question).text, question
            asked += 1
    assert asked >= 30


def test_whom_a_question_names_leads_to_the_fiche_that_says_how_to_reach_them(assistant):
    """Whatever else the question speaks of, and in either order of the names."""
    for fiche in assistant.manual:
        for contact in fiche.contacts if fiche.type == "experience" else ():
            for name in (contact.name, " ".join(reversed(contact.name.split()))):
                found = assistant.retrieve(assistant.read(f"que dit {name} de la gouvernance et du budget ?"))
                likely = [f.id for f in found.fiches[:2]]
                assert fiche.id in likely, (name, likely)


def test_an_organisation_of_two_fiches_has_the_contacts_of_both(assistant):
    answer = assistant.ask("le mail du président d'AIR que j'ai m'est revenu en erreur, c'est quoi le bon ?")
    told_by = [f for f in assistant.manual if "AIR" in (f.organisation or "").split(" & ")]
    assert len(told_by) == 2
    assert all(c.email in answer.text for f in told_by for c in f.contacts if c.email)


@pytest.mark.parametrize(
    "question",
    [
        "le mail de la directrice de Jura Service svp",
        "l'adresse de Jura Service ?",
        "what's the address of Jura Service?",
    ],
)
def test_a_question_for_a_contact_gets_it_and_little_else(assistant, question):
    answer = assistant.ask(question)
    assert answer.text.startswith("Jura Service (Jura) [1]\n\n- Patricia GUIBOUX")
    assert len(answer.text) < 700


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Quelles sont les missions du GAS 49 et qui contacter ?", "34 associations"),
        ("c'est quoi l'ADPEI ? à qui je peux écrire ?", "est une association intermédiaire située à Marseille"),
    ],
)
def test_what_is_asked_beside_a_contact_is_answered_after_it(assistant, question, told):
    text = assistant.ask(question).text
    assert 0 < text.index("@") < text.index(told)


def test_a_sentence_that_says_how_to_reach_somebody_is_told_of_a_long_passage(assistant):
    """The address stands at the end of a footnote of six hundred characters."""
    text = assistant.ask("un mail pour parler des pôles de coopération à labelliser ?").text
    assert "Laurent Fraisse" in text and "laurent.fraisse@lise.cnrs.fr" in text


@pytest.mark.parametrize("question", ["tel de l'adpei marseille svp", "numero de tel de REAGIR yvelines"])
def test_a_name_vouches_for_no_telephone_number(assistant, question):
    assert assistant.ask(question).kind == "refusal"


def test_a_follow_up_asks_for_the_people_of_what_was_told(assistant):
    """The answer before it may open with a principle: whoever is told of as its example is meant."""
    first = "on veut acheter un batiment avec la commune, des exemples ?"
    told = assistant.ask(first).text
    assert "**Porte Ouverte Emplois (Deux-Sèvres) — De la part des collectivités** :" in told
    history = [Turn("user", first), Turn("assistant", told)]
    assert "annie.caillosse@" in assistant.ask("et qui appeler là-bas ?", history).text


def test_a_principle_that_names_nobody_leads_to_the_people_of_its_example(assistant):
    text = assistant.ask("Has anyone trained jobseekers with local manufacturers, and whom should we ask?").text
    opening = text.split("\n\n")[0]
    assert "e.mege@alcg.fr" in opening and "**ALCG (Jura)** :" in opening


def test_who_to_write_to_comes_first_whatever_fiche_names_them(assistant):
    text = assistant.ask("What address do I e-mail to join the regional resource groups?").text
    assert "territoires@coorace.org" in text.split("\n\n")[0]


def test_an_association_called_contact_is_not_asked_to_be_reached(assistant):
    assert assistant.read("Contact Service et Le Temps du Domicile, c'est quoi ?").form == "definition"
    assert assistant.read("qui contacter chez Contact Service ?").form == "contact"
