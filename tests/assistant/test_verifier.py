"""The verifier: no input makes it accept a quote that is not there, or a statement that says more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import plain, spans
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


def test_sentences_of_a_passage_with_others_left_out_are_verbatim(assistant):
    """As passages are told within a budget: an order of names, or a denial left out, must not drop them."""
    told = 0
    for chunk in assistant.retriever.chunks:
        sentences = [s for s in spans(chunk.text) if s.sayable and s.kind in ("sentence", "item") and s.text.strip()]
        apart = [plain(s.text) for s in sentences[::2]]
        if len(apart) > 1 and all(t[-1] in ".!?…" for t in apart) and all(len(t.split()) > 3 for t in apart):
            assert verify_statement(" ".join(apart), [chunk.text]).reason == "verbatim", apart
            told += 1
    assert told > 100


@pytest.mark.parametrize(
    "statement",
    [
        "L'association peut solliciter la DDTEFP. La mise en place du comité est obligatoire.",
        "En 2009, sur 31 bénéficiaires, 10 ont trouvé un emploi. Le comité doit solliciter la DDTEFP.",
        "La mise en place du comité n'est pas obligatoire. La DDTEFP doit être sollicitée par tous.",
        "L'association peut solliciter la DDTEFP. Il ne le peut jamais.",
    ],
)
def test_a_true_sentence_does_not_carry_a_false_one(statement):
    assert not verify_statement(statement, [QUOTE]).supported


def test_an_item_ends_where_the_next_one_begins():
    quote = "Plusieurs voies :\n- Vendre des prestations\n- Chercher des fonds publics\n- Ne rien facturer"
    assert verify_statement("Plusieurs voies : Chercher des fonds publics", [quote]).reason == "verbatim"
    assert verify_statement("Vendre des prestations ; Ne rien facturer", [quote]).reason == "verbatim"


def test_a_word_that_opens_a_list_may_come_with_any_of_its_items():
    quote = "Objectifs :\n- Apprécier les pratiques au regard des Enjeux.\n- Repérer les ressources que le Système a."
    said = "Objectifs : Repérer les ressources que le Système a."
    assert verify_statement(said, [quote]).reason == "verbatim"
    assert verify_statement("Objectifs : Repérer les ressources que le Système n'a pas.", [quote]).reason != "verbatim"
    turned = "Repérer les ressources que le Système a. Non."
    assert not verify_statement("Non. Repérer les ressources que le Système a.", [turned]).supported
