"""The reference parser: every spelling of the manual, nothing of other guides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.references import FICHE_IDS, find_mentions, is_reference_line, normalise_id


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("(FICHE II-2 - Mesurer et valoriser)", ["II-2"]),
        ("**Fiche III-1**", ["III-1"]),
        ("FICHE III 3 Elaboration", ["III-3"]),
        ("(FICHE I-C-2-A Coopération)", ["I-C-2-a"]),
        ("(FICHE I-C-1-C Animation du territoire)", ["I-C-1-c"]),
        ("(FICHE I-C-2-c Transversalité / FICHE I-C-2-d Décloisonnement)", ["I-C-2-c", "I-C-2-d"]),
        ("Cf. FICHE I-C-2-c Transversalité et FICHE I-C-2-d", ["I-C-2-c", "I-C-2-d"]),
        ("fiches III-1, III-2 et III-20", ["III-1", "III-2", "III-20"]),
        ("FICHE III-12 Construction", ["III-12"]),
        ("FICHE I–B–1 L'ancrage", ["I-B-1"]),
        ("FICHE I-B-3 d'appui", ["I-B-3"]),
        ("Fiche N°14 : Finaliser le MANUEL QUALITE", []),
        ("Fiche N°8 - Comment renouveler", []),
        ("Fiche action « Groupe de chercheurs d'emploi »", []),
        ("Fiches « Méthodes / Outils »", []),
        ("I-B-1 sans le mot", []),
        ("FICHE I-C-2 sans lettre", []),
        ("FICHE III-1bis", []),
        ("", []),
    ],
)
def test_spellings(text, ids):
    assert [m.to for m in find_mentions(text)] == ids


def test_all_ids_of_the_manual_are_read():
    assert len(FICHE_IDS) == len(set(FICHE_IDS)) == 41
    for fiche_id in FICHE_IDS:
        assert [m.to for m in find_mentions(f"voir FICHE {fiche_id} Titre")] == [fiche_id]
        assert [m.to for m in find_mentions(f"(fiche {fiche_id.lower()})")] == [fiche_id]


def test_a_reference_line_is_told_from_a_sentence():
    assert is_reference_line("FICHE III-4 Pérennisation")
    assert is_reference_line("Cf. FICHE I-B-1 L'ancrage territorial")
    assert is_reference_line("Voir également : FICHE II-1 - Analyser")
    assert not is_reference_line("Il convient (FICHE III-4) de")


@given(st.text())
def test_any_text_is_read_and_mentions_lie_in_it(text):
    """Nothing crashes, and a mention is a stretch of the text that spells its id."""
    end = 0
    for mention in find_mentions(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.end > end
        end = mention.end


@given(
    st.sampled_from(FICHE_IDS),
    st.sampled_from(["-", " - ", " ", "–"]),
    st.sampled_from(["FICHE ", "Fiche ", "fiche  "]),
    st.booleans(),
)
def test_every_id_in_every_spelling(fiche_id, dash, word, upper):
    raw = fiche_id.replace("-", dash)
    raw = raw.upper() if upper else raw
    assert [m.to for m in find_mentions(f"… ({word}{raw}) …")] == [fiche_id]
    assert normalise_id(raw) == fiche_id


@given(st.text(alphabet="IVABCabc123 -–fFichesICHE/,et", max_size=60))
def test_near_misses_never_give_a_malformed_id(text):
    for mention in find_mentions(text):
        assert normalise_id(mention.to) == mention.to
