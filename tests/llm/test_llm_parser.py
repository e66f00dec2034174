"""Sentences and the numbers they cite, wherever the stream is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.parser import MAX_SENTENCE, Sentence, SentenceParser


def parse(pieces: list[str]) -> list[Sentence]:
    parser = SentenceParser()
    out = [s for piece in pieces for s in parser.feed(piece)]
    return out + parser.close()


def pairs(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(s.text, s.numbers) for s in parse([text])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Un GES réunit des membres [1]. Il est local [2].",
            [("Un GES réunit des membres.", (1,)), ("Il est local.", (2,))],
        ),
        ("Un GES. [1] Il est local. [2]", [("Un GES.", (1,)), ("Il est local.", (2,))]),
        ("Un GES. [1][2] [3]", [("Un GES.", (1, 2, 3))]),
        ("Oui [1, 3]. Non [2-4].", [("Oui.", (1, 3)), ("Non.", (2, 3, 4))]),
        ("Oui [1-999999999].", [("Oui.", (1,))]),
        ("Il y a 3.5 % et 1.200 euros [1].", [("Il y a 3.5 % et 1.200 euros.", (1,))]),
        (
            "Voir cf. Fiche, art. L. 12 et M. Dupont [1].",
            [("Voir cf. Fiche, art. L. 12 et M. Dupont.", (1,))],
        ),
        ("Il dit « Oui. » Elle part [1].", [("Il dit « Oui. »", ()), ("Elle part.", (1,))]),
        ("Écrire à a.b@c.fr ou www.c.fr [1].", [("Écrire à a.b@c.fr ou www.c.fr.", (1,))]),
        (
            "- Un [1]\n- Deux [2]\n\n1. Trois. [3]\n2) Quatre [1]",
            [("Un", (1,)), ("Deux", (2,)), ("Trois.", (3,)), ("Quatre", (1,))],
        ),
        ("<think>Voyons. [1]</think>Oui [2].", [("Oui.", (2,))]),
        ("<think>jamais fermé [1].", []),
        ("a < b et <b>c [1].", [("a < b et <b>c.", (1,))]),
        ("Une [note] et [a1] [1].", [("Une [note] et [a1].", (1,))]),
        ("[1] Il vient d'abord.", [("Il vient d'abord.", (1,))]),
        ("", []),
        (" \n\n . [1]\n", []),
    ],
)
def test_sentences_and_numbers(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert pairs(text) == expected


def test_list_items_are_told_from_paragraphs() -> None:
    assert [s.item for s in parse(["Voici :\n- Un [1]\n* Deux [2]\n3. Trois [3]\n## Titre\nFin [1]."])] == [
        False, True, True, True, False, False,
    ]  # fmt: skip


def test_a_cut_sentence_is_known_to_be_incomplete() -> None:
    assert [s.complete for s in parse(["Un [1]. Deux comm"])] == [True, False]
    assert [s.complete for s in parse(["Un [1]. Deux [2] comm"])] == [True, False]
    assert [s.complete for s in parse(["Un [1]. Deux comme il faut [2]"])] == [True, True]
    assert [s.complete for s in parse(["Un [1]. Deux [2"])] == [True, False]


def test_a_sentence_without_end_fills_no_memory() -> None:
    sentences = parse(["mot " * 10_000])
    assert max(len(s.text) for s in sentences) <= MAX_SENTENCE
    assert not any(s.complete for s in sentences)


fragments = st.sampled_from(
    ["[1]", "[2, 3]", "[", "]", "12", ". ", ".", "! ", "…", "\n", "\n- ", "1. ", "Le GES",
     " une fiche", "<think>", "</think>",
     "<", "cf. ", "M. ", "« ", " »", "**", "[1-3]", "[note]", " ", "é", "É", "[99999]", ":", "? "]
)  # fmt: skip
streams = st.lists(st.one_of(fragments, st.text(max_size=5)), max_size=25).map("".join)


@given(streams, st.data())
def test_one_result_wherever_the_stream_is_cut(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert parse(pieces) == parse([text]) == parse(list(text))


@given(streams)
def test_every_number_was_written_and_every_sentence_says_something(text: str) -> None:
    for sentence in parse([text]):
        assert any(c.isalnum() for c in sentence.text)
        assert all(str(n) in text or "-" in text or "–" in text for n in sentence.numbers)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Le réseau agit", "Il forme", "Une équipe suit 3,5 projets"]), st.integers(1, 9)
        ),
        max_size=6,
    )
)
def test_well_formed_replies_come_back_whole(written: list[tuple[str, int]]) -> None:
    text = " ".join(f"{said} [{number}]." for said, number in written)
    assert pairs(text) == [(f"{said}.", (number,)) for said, number in written]
