"""What a question asks for, in both languages, alone and in a conversation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Turn
from assistant.understanding import parts, understand
from index.text import fold


@pytest.mark.parametrize(
    ("asked", "form"),
    [
        ("C'est quoi une SCIC ?", "definition"),
        ("Comment préparer une réunion publique ?", "howto"),
        ("Combien de communes sont couvertes ?", "figure"),
        ("Quelle différence entre un collectif et un groupe ?", "compare"),
        ("Qui a déjà repris un jardin partagé ?", "experience"),
        ("On ouvre un garage. Des voisins ont fait pareil ?", "experience"),
        ("Un garage et un atelier, c'est pareil ?", "compare"),
        ("le mail de la directrice svp", "contact"),
        ("t'as une adresse pour les stages en Bretagne ?", "contact"),
        ("Où télécharger le guide financier ?", "resource"),
        ("Quels sont les critères d'un bon diagnostic ?", "list"),
        ("What does the word mean?", "definition"),
        ("Who should I contact in Brittany?", "contact"),
        ("Who could tell us about running a shop?", "contact"),
        ("à qui je peux parler de la garde d'enfants ?", "contact"),
        ("Vers qui nous tourner pour un coup de main ?", "contact"),
        ("Vers qui se dirige l'argent public ?", "open"),
        ("Le guide range ça en combien de cas, et lesquels ?", "list"),
        ("Deux jardins : lequel est le plus grand ?", "compare"),
        ("Une charte dans laquelle on s'engage ?", "open"),
    ],
)
def test_form(asked, form):
    assert understand(asked).form == form


@pytest.mark.parametrize(
    ("asked", "language"),
    [("How do I set up a cooperative?", "en"), ("comment faire", "fr"), ("GES", "fr"), ("c koi le but", "fr")],
)
def test_language(asked, language):
    assert understand(asked).language == language


@pytest.mark.parametrize("asked", ["Bonjour", "merci beaucoup !", "Hello there", "qui es-tu ?"])
def test_greetings_are_no_questions(asked):
    assert understand(asked).greeting


def test_a_question_that_opens_with_a_greeting_is_a_question():
    assert not understand("Bonjour, comment structurer un groupe ?").greeting


@pytest.mark.parametrize("asked", ["", "?", "  ", "!!!", "…"])
def test_nothing_to_search(asked):
    assert understand(asked).empty


HISTORY = [
    Turn("user", "Qui travaille sur la mobilité dans le Jura ?"),
    Turn("assistant", "Trois pistes :\n- Jura Service à Dole\n- la plateforme régionale\n- le covoiturage [1]"),
]


def test_an_ellipsis_takes_its_subject_from_the_conversation():
    read = understand("et combien ça coûte ?", HISTORY)
    assert read.follow_up
    assert "mobilité dans le Jura" in read.search
    assert read.search.endswith("et combien ça coûte ?")


def test_an_ordinal_points_at_an_item_of_the_last_answer():
    assert understand("parle-moi de la deuxième", HISTORY).search.startswith("la plateforme régionale")


def test_a_whole_question_stands_alone():
    asked = "Quels sont les principes d'une évaluation de l'utilité sociale ?"
    assert understand(asked, HISTORY).search == asked


def test_a_change_of_subject_forgets_the_conversation():
    assert not understand("Autre question : et la gouvernance ?", HISTORY).follow_up


@given(st.text(), st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text()), max_size=4))
def test_any_text_is_read(asked, history):
    read = understand(asked, [Turn(role, content) for role, content in history])
    assert read.language in ("fr", "en")
    assert asked.strip() in read.search


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("comment structurer un GES ?", ["comment structurer un GES ?"]),
        ("Comment ça marche et combien ça coûte ?", ["Comment ça marche", "combien ça coûte ?"]),
        ("À quoi sert le CDI ? Et qui le signe ?", ["À quoi sert le CDI", "Et qui le signe ?"]),
        ("What is it for, and who runs it?", ["What is it for", "who runs it?"]),
        ("pain et vin, élus et habitants", ["pain et vin, élus et habitants"]),
    ],
)
def test_a_question_is_cut_where_another_begins(asked, expected):
    assert parts(asked) == expected


@given(st.text(max_size=120))
def test_parts_are_stretches_of_the_question_in_order(asked):
    place = 0
    for part in parts(asked):
        place = asked.index(part, place) + len(part)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            "Le garage du Nord et celui de la Loire : qui les a ouverts ?",
            ("Le garage du Nord", "garage de la Loire", "qui les a ouverts"),
        ),
        (
            "Entre une charte et une convention, laquelle choisir ?",
            ("une charte", "une convention", "laquelle choisir"),
        ),
        ("Comment ouvrir un garage, et avec qui ?", ()),  # one thing only is spoken of
        ("Les deux garages", ()),  # one clause only
        ("Après deux ans de travail, et sans argent, que reste-t-il ?", ()),
        ("Celui qui a ouvert le garage, et qui l'a payé ?", ()),
        ("Entre voisins, on se parle, on se prête des outils", ()),
    ],
)
def test_a_question_about_several_things_is_read_clause_by_clause(asked, expected):
    assert understand(asked).clauses == expected


def test_a_follow_up_has_no_clauses_of_its_own():
    history = [Turn("user", "Comment ouvrir un garage ?"), Turn("assistant", "Avec un garagiste.")]
    assert understand("et celui-là, et l'autre ?", history).clauses == ()


@given(st.text(max_size=120))
def test_clauses_are_stretches_of_the_question_in_order(asked):
    place = 0
    for clause in understand(asked).clauses if "cel" not in fold(asked) else ():
        place = asked.index(clause, place) + len(clause)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            "Notre garage perd ses clients depuis un an. Comment faire revenir les anciens clients ?",
            ("Notre garage perd ses clients depuis un an.", "Comment faire revenir les anciens clients ?"),
        ),
        ("Notre garage perd ses clients depuis un an. Une idée ?", ()),  # the last asks nothing by itself
        ("Comment ouvrir un garage avec les habitants ?", ()),
    ],
)
def test_a_question_of_several_sentences_is_read_sentence_by_sentence(asked, expected):
    assert understand(asked).pieces == expected


def test_a_follow_up_is_also_read_without_what_it_leans_on():
    assert understand("et combien ça coûte ?", HISTORY).pieces == ("et combien ça coûte ?",)


def test_the_same_asked_of_something_else_is_read_with_what_it_leans_on_only():
    assert understand("et pour une laverie ?", HISTORY).pieces == ()


@pytest.mark.parametrize(
    ("asked", "goes_on"),
    [
        ("et combien ça coûte ?", True),
        ("ils sont combien ?", True),
        ("un exemple pour la deuxième ?", True),
        ("y a quoi dans ISACTYS ?", False),
        ("une ai peut elle monter un garage ?", False),
    ],
)
def test_what_goes_on_from_something_said(asked, goes_on):
    assert understand(asked, HISTORY).goes_on is goes_on
    assert not understand(asked).goes_on


@pytest.mark.parametrize("asked", [
    "une ai peut elle monter un garage solidaire", "Nos salariés doivent-ils voter aux élections internes ?",
    "La mairie d'un petit village va-t-elle suivre longtemps ?",
])  # fmt: skip
def test_who_is_named_in_the_same_breath_is_not_looked_for_in_the_conversation(asked):
    assert not understand(asked, HISTORY).follow_up
    assert understand("comment peut-elle monter ce garage solidaire ?", HISTORY).follow_up


def test_what_points_at_an_item_is_searched_with_the_item_only():
    assert understand("un exemple pour la deuxième ?", HISTORY).pieces == ()


@given(st.text(max_size=120))
def test_pieces_are_stretches_of_the_question_in_order(asked):
    place = 0
    for piece in understand(asked).pieces:
        place = asked.index(piece, place) + len(piece)


@pytest.mark.parametrize(
    "label", ["Le Garage (Eure)", "Exemple — Le Garage (Eure)", "Le Garage (Eure) — Le prêt (2 ans)"]
)
def test_whose_experience_was_told_is_read_among_labels(label):
    told = f"Un prêt aide. [1]\n\n- **{label}** : Il prête des outils. [2]"
    found = understand("et qui appeler là-bas ?", [Turn("user", "Qui prête ?"), Turn("assistant", told)])
    assert found.search == "Qui prête ? Le Garage (Eure) et qui appeler là-bas ?"
