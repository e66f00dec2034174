"""Spans: verbatim, in order, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import plain, spans


def test_sentences_end_where_people_end_them():
    text = "Le guide (cf. Annexe 2) est en ligne, ex. sur www.coorace.org. Il est gratuit ! « Et à jour. » Oui."
    assert [s.text for s in spans(text)] == [
        "Le guide (cf. Annexe 2) est en ligne, ex. sur www.coorace.org.",
        "Il est gratuit !",
        "« Et à jour. »",
        "Oui.",
    ]


def test_a_list_has_an_introduction_and_items_with_their_second_lines():
    parts = spans("Trois critères :\n- le coût\n  et le délai\n- la qualité")
    assert [(p.kind, plain(p.text)) for p in parts] == [
        ("intro", "Trois critères :"),
        ("item", "le coût et le délai"),
        ("item", "la qualité"),
    ]


def test_the_head_and_ruler_of_a_table_are_not_said():
    parts = spans("| Acteur | Rôle |\n| --- | --- |\n| Commune | finance le projet |")
    assert [p.kind for p in parts] == ["head", "head", "row"]
    assert [p.sayable for p in parts] == [False, False, True]


def test_a_bare_reference_is_not_said():
    assert not spans("FICHE III-4 Pérennisation et essaimage d'une plateforme")[0].sayable


def test_plain_drops_what_only_a_printer_needs():
    assert plain("> **Le GES**¹ est *ici*\n> - un [site](http://a.fr)") == "Le GES est ici un site"


@given(st.text(alphabet="ab .!?\n-*>|éÀ0:«»", max_size=200))
def test_spans_are_verbatim_ordered_and_lose_nothing(text):
    parts = spans(text)
    assert all(text[p.start : p.end] == p.text for p in parts)
    assert all(a.end <= b.start for a, b in zip(parts, parts[1:], strict=False))
    covered = "".join(p.text for p in parts)
    assert "".join(covered.split()) == "".join(text.split())


def test_every_passage_of_the_manual_is_cut_without_loss(manual):
    for fiche in manual:
        for section in fiche.sections:
            parts = spans(section.text)
            assert "".join("".join(p.text for p in parts).split()) == "".join(section.text.split())
