"""A fiche's file: whatever is written is read back, whatever is read never crashes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FicheFormatError
from corpus.fichefile import parse_fiche, write_fiche
from corpus.footnotes import from_superscript, to_superscript
from corpus.headings import ROLES

HEAD = "---\nid: III-1\ntype: experience\npart: III\ntitle: Un titre\n---\n"

words = st.text(
    alphabet=st.characters(blacklist_categories=("C", "Z"), blacklist_characters="#{}["), min_size=1
)
line = st.lists(words, min_size=1, max_size=6).map(" ".join)
paragraph = st.lists(line, min_size=1, max_size=3).map("\n".join)


@given(st.text())
def test_any_text_is_read_or_refused_with_its_place(text):
    for candidate in (text, f"---\n{text}\n---\n", HEAD + text):
        with suppress(FicheFormatError):
            parse_fiche(candidate, "x.md")


@given(st.text())
def test_any_body_is_readable(body):
    """Only a role that does not exist is refused once the front matter is right."""
    with suppress(FicheFormatError):
        fiche = parse_fiche(HEAD + body, "x.md")
        assert parse_fiche(write_fiche(fiche), "x.md").sections == fiche.sections


@given(
    title=line,
    territory=st.none() | line,
    sections=st.lists(
        st.tuples(st.integers(2, 4), line, st.sampled_from([None, *ROLES]), st.lists(paragraph, max_size=3)),
        min_size=1,
        max_size=6,
    ),
    contacts=st.lists(st.tuples(line, line), max_size=3),
)
def test_round_trip(title, territory, sections, contacts):
    """Sections, roles, anchors, contacts and free text survive writing and reading."""
    body = "".join(
        f"{'#' * level} {heading}{f' {{role={role}}}' if role else ''}\n\n" + "\n\n".join(blocks) + "\n\n"
        for level, heading, role, blocks in sections
    )
    first = parse_fiche(HEAD + body, "x.md")
    from dataclasses import replace

    from corpus.model import Contact

    fiche = replace(
        first, title=title, territory=territory, contacts=tuple(Contact(a, email=b) for a, b in contacts)
    )
    text = write_fiche(fiche)
    again = parse_fiche(text, "x.md")
    assert again == fiche
    assert write_fiche(again) == text
    assert len(again.sections) == len(sections)


@given(st.integers(0, 10**6))
def test_superscripts(n):
    assert from_superscript(to_superscript(n)) == n


def test_notes_of_several_paragraphs():
    text = HEAD + "\n## A\n\nDit¹.\n\n## B\n\nAutre¹.\n\n[^¹]: un\n\n    deux\n    * trois\n\n[^¹]: quatre\n"
    fiche = parse_fiche(text, "x.md")
    assert [(n.n, n.text, n.section) for n in fiche.footnotes] == [
        (1, "un\n\ndeux\n* trois", "a"),
        (1, "quatre", "b"),
    ]
    assert fiche.sections[1].text == "Autre¹."
    assert parse_fiche(write_fiche(fiche), "x.md") == fiche


def test_windows_line_ends_are_read():
    fiche = parse_fiche((HEAD + "\n## EN BREF\n\nTexte.\n").replace("\n", "\r\n"), "x.md")
    assert fiche.sections[0].text == "Texte."


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("", "x.md:1", "en-tête absent"),
        ("---\nid: a\n", "x.md:1", "non fermé"),
        ("---\nid: [\n---\n", "x.md:3", "YAML"),
        ("---\n- a\n---\n", "x.md:2", "clef: valeur"),
        ("---\nid: III-1\ntype: roman\ntitle: T\n---\n", "x.md:1", "type inconnu"),
        ("---\nid: III-1\ntype: experience\n---\n", "x.md:1", "title"),
        (HEAD + "\n## A {role=chef}\n", "x.md:8", "rôle inconnu"),
        (HEAD.replace("part: III", "contacts: 3"), "x.md:1", "contacts"),
        (HEAD.replace("part: III", "contacts: [{nom: X}]"), "x.md:1", "contact mal formé"),
        (HEAD.replace("part: III", "mends: [3]"), "x.md:1", "correction"),
        (HEAD.replace("part: III", "source_lines: [3]"), "x.md:1", "source_lines"),
    ],
)
def test_faults_say_what_and_where(text, where, says):
    with pytest.raises(FicheFormatError, match=says) as caught:
        parse_fiche(text, "x.md")
    assert str(caught.value).startswith(where)
