"""Typos and accents: what is certain is mended, the rest is left as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon import LETTERS, Lexicon
from index.mending import Mender

CORPUS = ["L'ADPEI de Marseille : agir pour la coopération des élus. Chantal LEMPEREUR, Évreux, essaimage."]
QUESTIONS = ["le patron a une bagnole, là", "ma bagnole à moi", "leur bagnole, déjà", "la bagole, déjà"]


@pytest.fixture(scope="module")
def mender():
    return Mender(Lexicon(CORPUS, QUESTIONS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("des cnoseils pour les elus", "des conseils pour les élus"),
        ("nos salaries recuperent des meubles", "nos salariés récupèrent des meubles"),
        ("la coopperation", "la coopération"),
        ("pouvoir dagir et ladpei", "pouvoir agir et adpei"),
        ("Cnoseils pour tous", "Conseils pour tous"),
        ("chez Chantal Lempreur", "chez Chantal Lempereur"),
        ("ma bagnolle", "ma bagnole"),
    ],
)
def test_what_is_certain_is_mended(mender, typed, meant):
    assert mender.apply(typed)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "nos gars trient des paniers de légumes",  # French, though not of the corpus
        "il pense à la place",  # « pensé », « placé » are words as well: what is typed may be meant
        "M. Bordault, à Marsac",  # names of no list
        "GESS, SIAEE",  # what is in capitals is no word
        "xqzrt vlbrk",
        "",
    ],
)
def test_the_rest_is_left_as_typed(mender, text):
    assert mender.apply(text) == (text, [])


def test_a_word_met_once_in_the_questions_may_be_a_typo(mender):
    assert mender.apply("une bagole")[0] == "une bagnole"


@given(text=st.text(st.sampled_from("aeéèlstrnioçœÀÉ '-’.?\u0301") | st.characters(), max_size=50))
def test_any_text_is_mended_word_by_word(mender, text):
    out, changes = mender.apply(text)
    # A mark that combines is no letter: it stays where it stood.
    assert LETTERS.sub("", out) == LETTERS.sub("", text)
    assert all(typed in text and meant in out for typed, meant in changes)
    assert bool(changes) == (out != text)
