"""Okapi BM25 over an inverted index held in numpy arrays.

Ours rather than a package because a query's terms carry weights here (a synonym counts less than the
word that was typed, a corrected spelling less than an exact one), which the kept packages do not take.

Source: S. Robertson, H. Zaragoza, « The Probabilistic Relevance Framework: BM25 and Beyond », 2009,
with the idf of Lucene, log(1 + (N - n + 0.5) / (n + 0.5)), which is never negative.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

__all__ = ["Bm25"]

K1 = 1.2
B = 0.75


class Bm25:
    """A frozen BM25 index.

    Args:
        documents: Terms of each document, in the order scores come back.
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        lengths = np.array([len(d) for d in documents], dtype=np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        norm = K1 * (1 - B + B * lengths / max(mean, 1e-9))
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, document in enumerate(documents):
            for term, count in Counter(document).items():
                postings[term].append((row, count))
        self._postings: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.idf: dict[str, float] = {}
        for term, entries in postings.items():
            rows = np.array([r for r, _ in entries], dtype=np.int32)
            tf = np.array([c for _, c in entries], dtype=np.float32)
            idf = math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            self.idf[term] = idf
            self._postings[term] = (rows, idf * tf * (K1 + 1) / (tf + norm[rows]))

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def scores(self, query: Mapping[str, float]) -> np.ndarray:
        """Score every document.

        Args:
            query: Weight of each term, 1.0 for a word as typed.

        Returns:
            float32 array of shape (number of documents,), 0 where no term occurs.
        """
        out = np.zeros(self.size, dtype=np.float32)
        for term, weight in query.items():
            posting = self._postings.get(term)
            if posting is not None:
                out[posting[0]] += weight * posting[1]
        return out
