"""What people type, read as what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Vocabulary
from index.spelling import Respelling

KNOWN = {"gpec", "ai", "ges", "geiq"}
TEXTS = st.text(st.sampled_from("aàçœÀŒ pP'’.-bBPiIsS\u0301\u0327\n@") | st.characters(), max_size=60)


@pytest.fixture(scope="module")
def respelling():
    vocabulary = Vocabulary.load()
    return Respelling(vocabulary.read_as, vocabulary.acronyms, KNOWN, {"ai", "ce"}.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("c koi un ges", "c'est quoi un GES"),
        ("une ai, nos ai, notre ce", "une AI, nos AI, notre comité d'entreprise"),
        ("les membres de l'asso", "les membres de l'association"),
        ("financer par la com com", "financer par la communauté de communes"),
        ("une agglo rurale", "une communauté d'agglomération rurale"),
        ("que dit l’éditorial ?", "que dit l’édito ?"),
        ("dans la préface, quoi ?", "dans l'édito, quoi ?"),
        ("que dit la préface ?", "que dit l'édito ?"),
    ],
)
def test_what_is_typed_is_read_as_what_is_meant(respelling, typed, meant):
    assert respelling.apply(typed)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "Qui est près de nous ?",  # « pres » is the president
        "qui dirige sa structure ?",
        "GEIQ vs GES",
        "écrire à asso@exemple.fr, voir asso.fr ou la méta-asso",
        "Qui est SA directrice ?",  # in capitals: an acronym, perhaps
        "que fait M. C dans le GES ?",
        "la com’unauté",
    ],
)
def test_other_words_are_left_alone(respelling, text):
    assert respelling.apply(text) == (text, [])


def test_spacing_and_marks_of_the_rest_are_kept(respelling):
    assert respelling.apply("  Et ds\nle 49 ,  «  bcp  » ?")[0] == "  Et dans\nle 49 ,  «  beaucoup  » ?"


def test_an_acronym_that_the_corpus_lacks_is_spelt_out(respelling):
    text, changes = respelling.apply("comment monter un BP ?")
    assert text == "comment monter un plan d'affaires (business plan) ?"
    assert changes == [("BP", "plan d'affaires (business plan)")]
    assert respelling.apply("comment monter un bp ?")[0] == text


@pytest.mark.parametrize("text", ["Une AI rurale", "j'ai peur, ce soir", "COMMENT MONTER UN BP ?"])
def test_an_acronym_is_left_where_it_is_known_or_cannot_be_told_from_a_word(respelling, text):
    assert respelling.apply(text)[0] == text


def test_an_acronym_with_a_plural_s_is_the_acronym(respelling):
    assert respelling.apply("les AIs et les ACIs")[0].startswith("les AI et les ")


@given(TEXTS)
def test_only_what_is_reported_changes(text):
    vocabulary = Vocabulary.load()
    out, changes = Respelling(vocabulary.read_as, {}, KNOWN).apply(text)
    for typed, meant in reversed(changes):
        assert typed in text
        head, found, tail = out.rpartition(meant)
        assert found
        out = head + typed + tail
    assert out == text


@given(TEXTS)
def test_any_text_is_read(text):
    vocabulary = Vocabulary.load()
    out, changes = Respelling(vocabulary.read_as, vocabulary.acronyms, KNOWN).apply(text)
    assert isinstance(out, str)
    assert all(typed and meant for typed, meant in changes)


def test_without_a_vocabulary_nothing_changes():
    assert Respelling({}, {}, ()).apply("c koi les AIs, l'asso et un BP ?") == ("c koi les AIs, l'asso et un BP ?", [])


def test_no_expression_of_the_vocabulary_is_read_as_itself():
    read_as = Vocabulary.load().read_as
    assert not [typed for typed, meant in read_as.items() if typed == meant]
