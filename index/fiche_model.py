"""Which fiche a question is about, learned from the written questions.

Likeness to single passages misses what all of a fiche's questions say together: that « chauffeur », « permis »
and « minibus » point at one experience however the sentence is turned. This is a multinomial logistic
regression over the question's embedding, its words and its four-letter sequences (which survive typos and
phone spelling). Learned by ``python -m bench.training``; see ``docs/model-card.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.text import terms, words

__all__ = ["SCALE", "FicheModel", "tokens"]

SCALE = 4.0  # of the inputs, which are unit vectors: lets small weights make firm decisions
GRAM = 4


def tokens(text: str) -> list[str]:
    """Words (``w:``) and letter sequences (``g:``) of a text, as the model's inputs."""
    grams = []
    for word in words(text):
        padded = f"_{word}_"
        grams += [f"g:{padded[i : i + GRAM]}" for i in range(max(1, len(padded) - GRAM + 1))]
    return [f"w:{t}" for t in terms(text)] + grams


@dataclass(frozen=True)
class FicheModel:
    """A trained model.

    Attributes:
        embedder: Name of the embedding model its dense part was trained on.
        fiches: Ids of the fiches it knows.
        vocabulary: Row of each token in ``sparse``.
        idf: Weight of each token, shape (tokens,).
        mean: Mean question vector, taken off before the dense part, shape (dimensions,).
        dense: Shape (dimensions, fiches).
        sparse: Shape (tokens, fiches).
        bias: Shape (fiches,).
    """

    embedder: str
    fiches: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: np.ndarray
    mean: np.ndarray
    dense: np.ndarray
    sparse: np.ndarray
    bias: np.ndarray

    @classmethod
    def load(cls, path: Path | None = None) -> FicheModel:
        """Read a trained model; the shipped one when ``path`` is None."""
        with np.load(path or Path(__file__).with_name("fiche_model.npz")) as data:
            vocabulary = {t: i for i, t in enumerate(str(data["tokens"]).split("\n"))}
            return cls(
                embedder=str(data["embedder"]),
                fiches=tuple(str(data["fiches"]).split("\n")),
                vocabulary=vocabulary,
                **{k: data[k].astype(np.float32) for k in ("idf", "mean", "dense", "sparse", "bias")},
            )

    def save(self, path: Path) -> None:
        """Write the model, weights in half precision."""
        arrays = {k: getattr(self, k).astype(np.float16) for k in ("idf", "mean", "dense", "sparse", "bias")}
        np.savez_compressed(
            path,
            tokens="\n".join(self.vocabulary),
            fiches="\n".join(self.fiches),
            embedder=self.embedder,
            **arrays,
        )

    def inputs(self, text: str) -> tuple[np.ndarray, np.ndarray]:
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

    def centred(self, vectors: np.ndarray) -> np.ndarray:
        """Question vectors without what all questions share, of unit length again; shape kept."""
        out = vectors - self.mean
        return out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), 1e-9)

    def shares(self, text: str, vector: np.ndarray, fiches: Sequence[str]) -> np.ndarray:
        """Probability of each of ``fiches``: float32, shape (len(fiches),); 0 for those it does not know."""
        rows, values = self.inputs(text)
        scores = SCALE * (self.centred(vector) @ self.dense + values @ self.sparse[rows]) + self.bias
        p = np.exp(scores - scores.max())
        known = dict(zip(self.fiches, (p / p.sum()).tolist(), strict=True))
        return np.array([known.get(f, 0.0) for f in fiches], dtype=np.float32)
