"""A text as the learned models read it: its centred embedding, its words and its letter sequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.text import terms, words

__all__ = ["SCALE", "InputReader", "tokens"]

SCALE = 4.0  # of the inputs, which are unit vectors: lets small weights make firm decisions
GRAM = 4


def tokens(text: str) -> list[str]:
    """Words (``w:``) and letter sequences (``g:``, which survive typos and phone spelling) of a text."""
    grams = []
    for word in words(text):
        padded = f"_{word}_"
        grams += [f"g:{padded[i : i + GRAM]}" for i in range(max(1, len(padded) - GRAM + 1))]
    return [f"w:{t}" for t in terms(text)] + grams


@dataclass(frozen=True)
class InputReader:
    """Turns texts into model inputs.

    Attributes:
        vocabulary: Row of each token.
        idf: Weight of each token, shape (tokens,).
        mean: Mean question vector, taken off before the dense part, shape (dimensions,).
    """

    vocabulary: dict[str, int]
    idf: np.ndarray
    mean: np.ndarray

    @classmethod
    def fit(cls, texts: Sequence[str], query_vectors: np.ndarray, least_documents: int = 2) -> InputReader:
        """The vocabulary of some texts, tokens of fewer than ``least_documents`` texts left out."""
        frequency: Counter[str] = Counter()
        for text in texts:
            frequency.update(set(tokens(text)))
        kept = sorted(t for t, n in frequency.items() if n >= least_documents)
        idf = np.array([np.log(len(texts) / frequency[t]) for t in kept], dtype=np.float32)
        return cls({t: i for i, t in enumerate(kept)}, idf, query_vectors.mean(axis=0))

    def sparse(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows and values of a text's known tokens; words and letter sequences each a unit vector."""
        counts = Counter(t for t in tokens(text) if t in self.vocabulary)
        rows = np.array([self.vocabulary[t] for t in counts], dtype=np.int64)
        values = np.array([1 + np.log(n) for n in counts.values()], dtype=np.float32)
        if len(rows):
            values *= self.idf[rows]
            is_word = np.array([t[0] == "w" for t in counts])
            for part in (is_word, ~is_word):
                values[part] /= max(float(np.linalg.norm(values[part])), 1e-9)
        return rows, values

    def dense(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors without what all questions share, of unit length again; shape kept."""
        out = vectors - self.mean
        return out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-9)

    def arrays(self) -> dict[str, np.ndarray | str]:
        """What ``load`` needs back, for a ``.npz`` file."""
        return {
            "tokens": "\n".join(self.vocabulary),
            "idf": self.idf.astype(np.float16),
            "mean": self.mean.astype(np.float32),
        }

    @classmethod
    def load(cls, data) -> InputReader:
        """Read back what ``arrays`` gave."""
        vocabulary = {t: i for i, t in enumerate(str(data["tokens"]).split("\n"))}
        return cls(vocabulary, data["idf"].astype(np.float32), data["mean"].astype(np.float32))
