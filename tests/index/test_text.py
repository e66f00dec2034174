"""Folding, stemming, lexical scores and query reading."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import Bm25
from index.lexicon import Lexicon
from index.query import QueryReader, Vocabulary
from index.text import fold, terms, words

CORPUS = ["AI, association intermédiaire, mobilité, coopération, territoire, décloisonnement, salariés, ressourcerie"]


@pytest.fixture(scope="module")
def reader():
    return QueryReader(Vocabulary.load(), {w for text in CORPUS for w in words(text)}, Lexicon(CORPUS))


def test_fold_drops_case_accents_and_ligatures():
    assert fold("Œuvre d’Été À Noël") == "oeuvre d'ete a noel"


def test_terms_meet_whatever_the_ending_or_accent():
    assert terms("coopérations") == terms("COOPERATION")


def test_stop_words_carry_no_term():
    assert terms("comment est-ce que vous le faites ?") in ([], terms("faites"))


@given(st.text())
def test_words_never_fail_and_are_folded(text):
    assert all(w == fold(w) and w for w in words(text))


def test_bm25_prefers_the_document_that_holds_the_rare_term():
    index = Bm25([["a", "b"], ["a", "c"], ["a", "a", "a"]])
    scores = index.scores({"a": 1.0, "c": 1.0})
    assert scores.argmax() == 1
    assert index.scores({"zzz": 1.0}).tolist() == [0.0, 0.0, 0.0]


def test_bm25_weighs_terms():
    index = Bm25([["a"], ["b"]])
    assert np.allclose(index.scores({"a": 0.5}), 0.5 * index.scores({"a": 1.0}))


def test_phone_spelling_is_undone(reader):
    assert reader.read("c koi la cooperation ds le coin").text.startswith("c'est quoi la coopération dans")


def test_a_typo_is_mended_against_the_corpus(reader):
    query = reader.read("mobilitée et coopperation")
    assert ("coopperation", "coopération") in query.changes
    assert query.text == "mobilité et coopération"
    assert terms("cooperation")[0] in query.weights


def test_an_unknown_word_is_said_unknown(reader):
    assert "bitcoin" in reader.read("acheter du bitcoin").unknown


def test_a_word_that_the_vocabulary_knows_others_for_is_not_unknown(reader):
    assert reader.read("which charities buy bitcoin").unknown == ("buy", "bitcoin")


def test_an_acronym_brings_its_spelt_out_form_and_the_other_way(reader):
    assert terms("intermédiaire")[0] in reader.read("une AI rurale").weights
    assert "scic" in reader.read("société coopérative d'intérêt collectif").weights


def test_a_two_letter_acronym_counts_only_in_capitals(reader):
    assert terms("intermédiaire")[0] not in reader.read("j ai faim").weights


@given(text=st.text())
def test_any_text_makes_a_query(reader, text):
    query = reader.read(text)
    assert all(0 < w <= 1.5 for w in query.weights.values())
    assert set(query.unknown) <= set(words(query.text))


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("les AI du 13, elles font quoi", "Bouches-du-Rhône"),
        ("qui fait ça dans le 78 ?", "Yvelines"),
        ("un groupement angevin", "Maine-et-Loire"),
        ("quoi de neuf du côté de Cambrai ?", "Cambrésis"),
        ("des Grenobloises", "Isère"),
    ],
)
def test_a_departement_is_searched_by_its_number_and_its_people(reader, asked, place):
    query = reader.read(asked)
    assert place in [read for _, read in query.changes]
    assert set(terms(place)) <= set(query.typed) and set(terms(place)) <= set(query.weights)
    assert query.text == asked


@pytest.mark.parametrize(
    "asked",
    [
        "13 salariés", "la réunion du 13 mars", "le 22 %", "en 22 ans", "Yvelines, dans le 78", "en 2013", "le 75",
        "du 13 au 15 mars", "du 22 et 23 juin", "le 38 bis, rue Haute", "le 13-14",
    ],  # fmt: skip
)
def test_other_numbers_are_left_alone(reader, asked):
    assert reader.read(asked).changes == ()
