"""The cited passage is marked, whatever markup it crosses, and no text is ever lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.markup.blocks import leaves_of, parse_blocks, parse_node, plain_of
from assistant.markup.inline import plain_text
from assistant.markup.marking import Passage, locate, mark, shorten
from assistant.web.fiche_view import view_fiche
from corpus.store import load_manual

MANUAL = load_manual()
BLOCKS = [(f, s, b) for f in MANUAL for s in f.sections for b in s.blocks]


def marked_text(leaves) -> str:
    return "\n".join(t for leaf in leaves if (t := "".join(r.plain for r in leaf.runs if r.marked)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(BLOCKS), st.data())
def test_any_verbatim_stretch_of_a_block_is_marked_and_no_text_is_lost(place, data):
    """What is marked is what was asked for, character for character; the rest stays as it was."""
    node = parse_node(place[2].text)
    plain = plain_of([node])
    if not plain.strip():
        return
    start = data.draw(st.integers(0, len(plain) - 1))
    end = data.draw(st.integers(start + 1, len(plain)))
    wanted = plain[start:end]
    leaves = leaves_of([node])
    found = mark(leaves, Passage(wanted))
    assert plain_of([node]) == plain
    assert found == bool(wanted.strip())
    assert squeezed(marked_text(leaves)) == squeezed(wanted)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(BLOCKS), st.data())
def test_a_markdown_quote_cut_anywhere_is_found(place, data):
    """An engine quotes Markdown: half a bold mark, a list's sign, a note call are in the way of nothing."""
    text = place[2].text
    words = [m.start() for m in re.finditer(r"\b\w{4,}", text)]
    if len(words) < 4:
        return
    a = data.draw(st.integers(0, len(words) - 4))
    b = data.draw(st.integers(a + 3, len(words) - 1))
    quote = text[words[a] : words[b]].strip()
    if "](" in quote or "http" in quote or "|" in quote or "\\" in quote:
        return
    leaves = leaves_of([parse_node(text)])
    assert mark(leaves, Passage(plain_of(parse_blocks(quote))))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40))
def test_nothing_is_marked_that_does_not_stand_there(text, wanted):
    """Whatever is asked, a mark covers the letters asked for or nothing."""
    leaves = leaves_of(parse_blocks(text))
    before = [plain_text(leaf.runs) for leaf in leaves]
    found = mark(leaves, Passage(wanted))
    assert [plain_text(leaf.runs) for leaf in leaves] == before
    if not found:
        assert marked_text(leaves) == ""
    else:
        letters = [c for c in wanted.casefold() if c.isalnum()]
        assert len(squeezed(marked_text(leaves))) >= min(1, len(letters))


@pytest.mark.parametrize("fiche_id", ["I-A-1", "III-20", "II-1", "INTRO"])
def test_every_block_of_a_fiche_is_found_from_its_own_address(fiche_id):
    """The address made from a quote leads back to it, long quotes included."""
    fiche = MANUAL.get(fiche_id)
    for section in fiche.sections:
        for block in section.blocks:
            view = view_fiche(MANUAL, fiche, passage=shorten(block.text), anchor=section.anchor)
            assert view.found, (section.anchor, block.n)


def test_a_passage_across_bold_and_note_call_is_marked_whole():
    leaves = leaves_of(parse_blocks("Un **mot gras**¹ puis la suite."))
    assert mark(leaves, Passage("gras puis la"))
    assert [(r.text, r.marked) for r in leaves[0].runs] == [
        ("Un ", False), ("mot ", False), ("gras", True), ("¹", True), (" puis la", True), (" suite.", False),
    ]  # fmt: skip
    assert sum(r.opens for r in leaves[0].runs) == 1


def test_a_quote_in_a_footnote_is_marked_in_the_note(manual, fiche):
    note = fiche.footnotes[0]
    view = view_fiche(manual, fiche, passage=shorten(note.text), anchor=note.section)
    assert view.found
    assert any(r.marked for leaf in leaves_of([view.notes[0].node]) for r in leaf.runs)
    assert not any(
        r.marked for s in view.sections for b in s.blocks for leaf in leaves_of([b.node]) for r in leaf.runs
    )


def test_typographic_differences_do_not_lose_a_passage():
    assert locate("L'ancrage territorial, une base", Passage("l’ancrage  territorial")) == (0, 21)


def test_a_shortened_passage_spans_from_its_beginning_to_its_end():
    quote = "Premier mot. " + "bla bla. " * 80 + "Dernier mot."
    passage = shorten(quote)
    assert passage.end and len(passage.start) + len(passage.end) < 320
    assert locate(quote, passage) == (0, len(quote))
