"""The verifier: no input makes it accept a quote that is not there, or a statement that says more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verifier import normalise, quote_stands, verify_statement

QUOTE = (
    "En 2009, sur 31 bénéficiaires, 10 ont trouvé un emploi. L'association peut solliciter la DDTEFP. "
    "La mise en place du comité n'est pas obligatoire."
)


def test_every_block_of_the_manual_stands_in_its_fiche_and_in_no_stranger(manual):
    for fiche in manual.fiches[::5]:
        for section in fiche.sections:
            for block in section.blocks:
                if len(normalise(block.text)) > 60:
                    assert quote_stands(block.text, fiche.id, manual)
                    assert not quote_stands(block.text + " et autre chose", fiche.id, manual)


@given(data=st.data())
def test_a_quote_with_one_character_changed_is_refused(manual, data):
    fiche = manual.get("III-4")
    block = data.draw(st.sampled_from([b for s in fiche.sections for b in s.blocks if len(b.text) > 80]))
    text = normalise(block.text)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"))
    changed = text[:at] + letter + text[at + 1 :]
    everything = normalise("\n".join(s.heading + "\n" + s.text for s in fiche.sections))
    assert quote_stands(changed, "III-4", manual) == (changed in everything and changed.strip() != "")


@given(st.text())
def test_arbitrary_text_is_no_quote(manual, text):
    if quote_stands(text, "I-A-1", manual):
        fiche = manual.get("I-A-1")
        notes = "\n".join(n.text for n in fiche.footnotes)
        body = normalise("\n".join(s.heading + "\n" + s.text for s in fiche.sections) + "\n" + notes)
        assert normalise(text) in body and len(normalise(text)) >= 4


def test_a_cut_word_and_an_unknown_fiche_are_refused(manual):
    assert not quote_stands("ssociation intermédiaire", "III-4", manual)
    assert not quote_stands("association intermédiaire", "III-99", manual)


@pytest.mark.parametrize(
    "statement",
    ["En 2009, sur 31 bénéficiaires, 10 ont trouvé un emploi.", "La mise en place du comité n'est pas obligatoire."],
)
def test_a_verbatim_sentence_is_supported(statement):
    assert verify_statement(statement + " [1]", [QUOTE]).reason == "verbatim"


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("En 2009, sur 31 bénéficiaires, 12 ont trouvé un emploi.", "number"),
        ("L'association doit solliciter la DDTEFP.", "modality"),
        ("L'association peut solliciter la DIRECCTE.", "name"),
        ("La mise en place du comité est obligatoire.", "negation"),
        ("Les élus financent volontiers les transports scolaires.", "content"),
        ("Le comité est obligatoire.", "negation"),
        ("La mise en place du comité est toujours utile.", "negation"),
        ("[1]", "empty"),
    ],
)
def test_what_says_more_than_its_quote_is_refused(statement, reason):
    verdict = verify_statement(statement, [QUOTE])
    assert not verdict.supported
    assert verdict.reason == reason


def test_a_statement_without_quote_is_refused():
    assert verify_statement("Le manuel le dit.", []).reason == "quote"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_input_gets_a_verdict(statement, quotes):
    verify_statement(statement, quotes)
