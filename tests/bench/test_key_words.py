"""The manual's index as a test: the formulas on small rankings, and that the index is really out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.key_words import KeyWord, fiche_bm25, judge, key_words, render, report, without_index
from index.chunks import chunk_manual
from index.embedding import CosineRange
from index.query import Query
from index.signals import Neighbours, SignalReader


def test_ndcg_weighs_bold_fiches_double():
    """By hand: the bold fiche second, one of the two others third."""
    word = KeyWord("mot", {"A": 2, "B": 1, "C": 1})
    got = judge(word, ["X", "A", "B"])
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert got.figures["ndcg@10"] == pytest.approx((2 / math.log2(3) + 1 / math.log2(4)) / ideal)
    assert got.figures["recall@10"] == pytest.approx(2 / 3)
    assert got.places == {"A": 2, "B": 3}


def test_only_the_first_ten_count():
    word = KeyWord("mot", {"A": 1})
    assert judge(word, [*"BCDEFGHIJK", "A"]).figures == {"ndcg@10": 0.0, "recall@10": 0.0}
    assert judge(word, [*"BCDEFGHIJ", "A"]).figures["recall@10"] == 1.0


def test_a_perfect_order_reaches_one_even_with_more_than_ten():
    word = KeyWord("mot", {f"F{i}": 1 for i in range(14)})
    got = judge(word, list(word.grades))
    assert got.figures == {"ndcg@10": pytest.approx(1.0), "recall@10": pytest.approx(10 / 14)}


def test_the_index_as_questions(manual):
    """All 53 key words, units counted, bold ones twice."""
    words = key_words(manual)
    assert (len(words), sum(len(w.grades) for w in words)) == (53, 492)
    by_term = {w.term: w.grades for w in words}
    assert by_term["Insertion par l'Activité Economique (IAE)"] == {"INTRO": 2, "I-A-2": 2, "I-B-2": 1, "I-B-3": 1}


def test_nothing_of_the_index_is_left(manual):
    """No entry, no key word of a fiche, no signal; the passages, which the build's digest is of, are the same."""
    bare = without_index(manual)
    assert manual.index and not bare.index
    assert any(f.keywords for f in manual) and not any(f.keywords for f in bare)
    assert "INDEX" not in {f.id for f in bare}
    chunks = chunk_manual(bare)
    assert chunks == chunk_manual(manual)

    asked = Query("Capitalisation", "Capitalisation", {"capitalis": 1.0}, ("capitalis",))

    def keyword(of) -> np.ndarray:
        return SignalReader(of, chunks, (), CosineRange()).read(asked, Neighbours([], []), None, {})["keyword"]

    assert keyword(manual).any() and not keyword(bare).any()


def test_bm25_over_fiches_reaches_what_it_should(manual):
    """Known beforehand: about 0.76 and 0.69. A change of stems or stop words that moves it is worth a look."""
    search = fiche_bm25(manual)
    figures = report(manual, {"ours": search, "BM25": search})["figures"]
    assert figures["BM25 ndcg@10"] == pytest.approx(0.76, abs=0.015)
    assert figures["BM25 recall@10"] == pytest.approx(0.69, abs=0.015)
    assert figures["difference ndcg@10"] == 0.0


def test_the_table_names_what_ours_misses(manual):
    """A ranking turned round is below BM25 everywhere, and the table says on which fiches."""
    search = fiche_bm25(manual)
    result = report(manual, {"ours": lambda q: list(search(q))[::-1], "BM25": search})
    low, high = result["intervals"]["difference ndcg@10"]
    assert low <= result["figures"]["difference ndcg@10"] <= high < 0
    shown = render(result)
    assert f"lower than BM25 on {result['ours below BM25']} of them" in shown
    first = result["words"][0]
    assert first["term"] in shown and all(rank > 10 for rank in first["only BM25 has"].values())
