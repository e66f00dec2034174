"""Which fiche a question is about, and which passage of it, learned from the written questions.

Likeness to single passages misses what all of a fiche's questions say together: that « chauffeur », « permis »
and « minibus » point at one experience however the sentence is turned. These two are multinomial logistic
regressions over a question's embedding, words and letter sequences; the second, which has many classes and
few examples of each, goes through a narrow layer. Learned by ``python -m bench.training``; see
``docs/model-card.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.inputs import SCALE, InputReader

__all__ = ["Aligned", "FicheModel", "LearnedModels", "Opinion", "PassageModel", "ScopeModel"]


@dataclass(frozen=True)
class FicheModel:
    """P(fiche | question).

    Attributes:
        fiches: Ids of the fiches it knows.
        dense: Shape (dimensions, fiches).
        sparse: Shape (tokens, fiches).
        bias: Shape (fiches,).
    """

    fiches: tuple[str, ...]
    dense: np.ndarray
    sparse: np.ndarray
    bias: np.ndarray

    def shares(self, dense: np.ndarray, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Probability of each fiche it knows, for a question's inputs: shape (fiches,)."""
        scores = SCALE * (dense @ self.dense + values @ self.sparse[rows]) + self.bias
        p = np.exp(scores - scores.max())
        return p / p.sum()


@dataclass(frozen=True)
class PassageModel:
    """Scores of passages, to be compared within one fiche: softmax over it gives P(passage | fiche, question).

    Attributes:
        chunks: Keys of the chunks it knows (``Chunk.key``): an edited passage is not one of them.
        dense: Shape (dimensions, chunks).
        narrow: Shape (tokens, width).
        wide: Shape (width, chunks).
    """

    chunks: tuple[str, ...]
    dense: np.ndarray
    narrow: np.ndarray
    wide: np.ndarray

    def scores(self, dense: np.ndarray, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Scores of the chunks it knows: float32, shape (chunks,)."""
        return dense @ self.dense + SCALE * (values @ self.narrow[rows]) @ self.wide


@dataclass(frozen=True)
class ScopeModel:
    """How much a question resembles those that the manual answers, against those that it does not.

    Attributes:
        dense: Shape (dimensions,).
        sparse: Shape (tokens,).
        bias: Shape (1,).
    """

    dense: np.ndarray
    sparse: np.ndarray
    bias: np.ndarray

    def score(self, dense: np.ndarray, rows: np.ndarray, values: np.ndarray) -> float:
        """Log odds that the manual answers."""
        return float(SCALE * (dense @ self.dense + values @ self.sparse[rows]) + self.bias[0])


@dataclass(frozen=True)
class Opinion:
    """What the models make of a question.

    Attributes:
        fiches: P(fiche), shape (fiches,); 0 for one that the model does not know.
        passages: Scores of chunks, shape (chunks,); NaN for one that the model does not know.
        in_scope: Log odds that the manual answers.
    """

    fiches: np.ndarray
    passages: np.ndarray
    in_scope: float


@dataclass(frozen=True)
class Aligned:
    """The models over a corpus's own fiches and chunks.

    Attributes:
        models: The models.
        fiche_rows: Where each fiche stands among those of the model, -1 when it is not one of them.
        chunk_rows: Likewise for chunks.
    """

    models: LearnedModels
    fiche_rows: np.ndarray
    chunk_rows: np.ndarray

    def opinion(self, text: str, vector: np.ndarray) -> Opinion:
        """What the models make of a question, phone spelling undone, and of its embedding."""
        inputs = self._inputs(text, vector)
        return Opinion(
            self._shares(inputs),
            _taken(self.models.passage.scores(*inputs), self.chunk_rows, np.nan),
            self.models.scope.score(*inputs),
        )

    def shares(self, text: str, vector: np.ndarray) -> np.ndarray:
        """P(fiche) alone, shape (fiches,)."""
        return self._shares(self._inputs(text, vector))

    def _inputs(self, text: str, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return (self.models.inputs.dense(vector), *self.models.inputs.sparse(text))

    def _shares(self, inputs: tuple[np.ndarray, np.ndarray, np.ndarray]) -> np.ndarray:
        return _taken(self.models.fiche.shares(*inputs), self.fiche_rows, 0.0)


def _taken(values: np.ndarray, rows: np.ndarray, missing: float) -> np.ndarray:
    return np.where(rows >= 0, values[rows], missing).astype(np.float32)


@dataclass(frozen=True)
class LearnedModels:
    """The three models over the same inputs.

    Attributes:
        embedder: Name of the embedding model they were trained with; with another one they are left aside.
        inputs: How texts are read.
        fiche: Which fiche.
        passage: Which passage of it.
        scope: Whether the manual answers at all.
    """

    embedder: str
    inputs: InputReader
    fiche: FicheModel
    passage: PassageModel
    scope: ScopeModel

    def aligned(self, fiche_ids: Sequence[str], chunk_keys: Sequence[str]) -> Aligned:
        """The models, speaking of these fiches and chunks (by ``Chunk.key``), in this order."""
        fiche_at = {f: i for i, f in enumerate(self.fiche.fiches)}
        chunk_at = {c: i for i, c in enumerate(self.passage.chunks)}
        return Aligned(
            self,
            np.array([fiche_at.get(f, -1) for f in fiche_ids], dtype=np.int64),
            np.array([chunk_at.get(c, -1) for c in chunk_keys], dtype=np.int64),
        )

    @classmethod
    def load(cls, path: Path | None = None) -> LearnedModels:
        """Read trained models; the shipped ones when ``path`` is None."""
        with np.load(path or Path(__file__).with_name("models.npz")) as data:

            def weights(name: str) -> np.ndarray:
                return data[name].astype(np.float32)

            return cls(
                str(data["embedder"]),
                InputReader.load(data),
                FicheModel(
                    tuple(str(data["fiches"]).split("\n")),
                    weights("fiche_dense"),
                    weights("fiche_sparse"),
                    weights("fiche_bias"),
                ),
                PassageModel(
                    tuple(str(data["chunks"]).split("\n")),
                    weights("passage_dense"),
                    weights("passage_narrow"),
                    weights("passage_wide"),
                ),
                ScopeModel(weights("scope_dense"), weights("scope_sparse"), weights("scope_bias")),
            )

    def save(self, path: Path) -> None:
        """Write the models, weights in half precision."""
        half = {
            "fiche_dense": self.fiche.dense,
            "fiche_sparse": self.fiche.sparse,
            "fiche_bias": self.fiche.bias,
            "passage_dense": self.passage.dense,
            "passage_narrow": self.passage.narrow,
            "passage_wide": self.passage.wide,
            "scope_dense": self.scope.dense,
            "scope_sparse": self.scope.sparse,
            "scope_bias": self.scope.bias,
        }
        arrays: dict[str, Any] = {
            "embedder": self.embedder,
            "fiches": "\n".join(self.fiche.fiches),
            "chunks": "\n".join(self.passage.chunks),
            **self.inputs.arrays(),
            **{k: v.astype(np.float16) for k, v in half.items()},
        }
        np.savez_compressed(path, **arrays)
