"""A real assistant over the real manual that embeds by counting hashed words: opens in seconds.

Everything but the embedding model and the vector store is the product's own code, so what the doors return
is what the product returns. Deterministic; reads nothing but the fiches.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.service import Assistant
from assistant.settings import Settings
from corpus.model import Manual
from corpus.questions import load_bank
from corpus.store import load_manual
from index.chunks import chunk_manual
from index.embedding import CosineRange
from index.entries import tie_questions
from index.query import Vocabulary
from index.ranking import Ranker
from index.retriever import Retriever
from index.text import terms

DIMENSIONS = 512


class HashedWords:
    """An ``Embedder``: each stem adds one to one of the dimensions."""

    name = passage_name = "hashed-words"
    dimensions = DIMENSIONS
    cosines = CosineRange((0.0, 1.0), (0.0, 1.0))

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        out = np.full((len(texts), DIMENSIONS), 1e-6, dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                out[row, zlib.crc32(term.encode()) % DIMENSIONS] += 1.0
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    passages = queries


class Vectors:
    """What the retriever asks of a collection, in memory; cosines in the range of the real model's."""

    def __init__(self, ids: Sequence[str], vectors: np.ndarray) -> None:
        self._ids, self._vectors, self.size = list(ids), vectors, len(ids)

    def search(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        if not self.size:
            return []
        cosines = self._vectors @ vector
        order = np.argsort(-cosines, kind="stable")[:limit]
        return [(self._ids[i], float(0.8 + 0.15 * cosines[i])) for i in order]


def open_small(settings: Settings | None = None, manual: Manual | None = None) -> Assistant:
    """Open the assistant; ``manual`` in place of the shipped one when given."""
    manual = manual or load_manual()
    chunks = chunk_manual(manual)
    embedder = HashedWords()
    vectors = Vectors([c.id for c in chunks], embedder.passages([c.embedded_text for c in chunks]))
    entries = tie_questions(load_bank(), chunks)
    written = Vectors([e.id for e in entries], embedder.queries([e.text for e in entries]))
    retriever = Retriever(
        manual, chunks, entries, embedder, vectors, written, Ranker.load(), Vocabulary.load()
    )
    assistant = Assistant(settings or Settings(), retriever)
    # The decision to decline is trained on the real model's cosines; here only invented fiches are declined.
    assistant.gate = replace(assistant.gate, threshold=0.0)
    return assistant
