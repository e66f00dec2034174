"""Blocks keep every word of the manual, and links lead where the text says."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.markup.blocks import leaves_of, parse_blocks, parse_node, plain_of
from assistant.markup.inline import parse_inline


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def test_no_word_of_the_manual_is_lost(manual):
    """Words shown are the words of the file, in order, addresses of Markdown links aside."""
    for fiche in manual:
        for section in fiche.sections:
            for block in section.blocks:
                source = re.sub(
                    r"\]\(http[^\s)]*(?:\([^\s)]*\)[^\s)]*)*\)", "]", re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", "", block.text)
                )
                assert words(plain_of([parse_node(block.text)])) == words(source), (
                    fiche.id,
                    section.anchor,
                    block.n,
                )


def test_a_nested_list_stays_nested():
    (top,) = parse_blocks("- un\n  - un bis\n- deux")
    assert [c.kind for c in top.children] == ["item", "item"]
    assert top.children[0].children[0].kind == "list"


def test_an_introduction_stays_before_its_list():
    assert [n.kind for n in parse_blocks("Objectifs :\n- un\n- deux")] == ["paragraph", "list"]


def test_a_table_has_its_cells():
    (table,) = parse_blocks("| a | b |\n| --- | --- |\n| c |  |")
    assert [[plain_of([c]) for c in row.children] for row in table.children] == [["a", "b"], ["c", ""]]


def test_references_notes_and_addresses_are_runs_of_their_own():
    runs = parse_inline("Voir FICHE II-2 - Mesurer², www.coorace.org. Écrire à a.b@c.fr")
    assert [(r.kind, r.target) for r in runs if r.kind != "text"] == [
        ("fiche", "II-2"), ("note", "2"), ("link", "http://www.coorace.org"), ("email", "a.b@c.fr"),
    ]  # fmt: skip


def test_citation_numbers_are_chips_only_in_answers():
    assert [r.target for r in parse_inline("Dit ainsi. [1] [12]", chips=True) if r.kind == "chip"] == [
        "1",
        "12",
    ]
    assert all(r.kind == "text" for r in parse_inline("Dit ainsi. [1]"))


@given(st.text(alphabet="ab *_[]()-•>|\n¹1.é«»", max_size=120))
def test_any_text_parses_and_keeps_its_letters(text):
    assert re.findall("[abé]", plain_of(parse_blocks(text))) == re.findall("[abé]", text)
    assert leaves_of(parse_blocks(text)) is not None
