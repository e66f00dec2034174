"""The splitter of a section's Markdown into blocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.headings import fold, slugify, unique_anchor
from corpus.markdown import split_blocks


def test_kinds():
    text = "Un paragraphe.\n\nIntro :\n- un\n- deux\n\n| a | b |\n| --- | --- |\n\n> Vécu\n> FICHE III-1"
    assert [b.kind for b in split_blocks(text)] == ["paragraph", "list", "table", "illustration"]
    assert [b.n for b in split_blocks(text)] == [0, 1, 2, 3]


@given(st.text())
def test_blocks_hold_the_whole_text(text):
    """No word is lost or moved, whatever the text."""
    blocks = split_blocks(text)
    assert "".join("".join(b.text.split()) for b in blocks) == "".join(text.split())
    assert [b.n for b in blocks] == list(range(len(blocks)))


@given(st.lists(st.text(alphabet="ab->|é.* ", min_size=1).filter(lambda t: t.strip()), max_size=8))
def test_splitting_what_was_joined_gives_it_back(parts):
    text = "\n\n".join(p.strip() for p in parts)
    assert [b.text for b in split_blocks(text)] == [p.strip() for p in parts]


@given(st.text(), st.text())
def test_folding_is_idempotent_and_keeps_order(a, b):
    assert fold(fold(a)) == fold(a)
    assert fold(f"**{a}** ") == fold(a)


@given(st.text())
def test_an_anchor_is_always_usable_in_an_address(heading):
    anchor = slugify(heading)
    assert anchor
    assert set(anchor) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slugify(anchor) == anchor


def test_anchors_are_numbered_from_two():
    taken = {"comment", "comment-2"}
    assert unique_anchor("COMMENT ?", taken) == "comment-3"
    assert unique_anchor("L'expérience œuvre", taken) == "l-experience-oeuvre"
