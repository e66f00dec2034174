"""Plain BM25 (rank-bm25) over paragraphs packed to 150 words: no model at all.

As it comes: words in lower case. Set well: accents folded, French stems, grammatical words left out; with the very
function that ours uses for words (``index.text.terms``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bench.quality.protocol import EmbeddingModel
from index.text import terms

__all__ = ["PlainBm25", "packed"]

WORDS, TOP_K = 150, 8


def packed(text: str, words: int = WORDS) -> list[str]:
    """Paragraphs, put together while they stay under so many words; a longer one is cut."""
    out: list[str] = []
    room = 0
    for paragraph in re.split(r"\n\s*\n", text):
        pieces = paragraph.split()
        for start in range(0, len(pieces), words):
            piece = pieces[start : start + words]
            if len(piece) <= room:
                out[-1] += "\n\n" + " ".join(piece)
                room -= len(piece)
            else:
                out.append(" ".join(piece))
                room = words - len(piece)
    return out


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class PlainBm25:
    """See the module.

    Args:
        fitted: With French stems; False for plain words.
    """

    name = "BM25"
    model: EmbeddingModel | None = None

    def __init__(self, *, fitted: bool) -> None:
        self.setting = "150 words, French stems, top 8" if fitted else "150 words, top 8"
        self._terms = terms if fitted else _words

    def index(self, text: str) -> Sequence[str]:
        """See ``Pipeline.index``."""
        from rank_bm25 import BM25Okapi

        chunks = packed(text)
        self._index = BM25Okapi([self._terms(c) for c in chunks])
        return chunks

    def search(self, query: str) -> Sequence[int]:
        """See ``Pipeline.search``."""
        scores = self._index.get_scores(self._terms(query))
        order = np.argsort(-scores, kind="stable")[:TOP_K]
        return [int(row) for row in order if scores[row] > 0]
