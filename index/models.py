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

__all__ = ["FicheModel", "LearnedModels", "PassageModel", "ScopeModel"]


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

    def shares(self, dense: np.ndarray, rows: np.ndarray, values: np.ndarray) -> dict[str, float]:
        """Probability of each fiche it knows, for a question's inputs."""
        scores = SCALE * (dense @ self.dense + values @ self.sparse[rows]) + self.bias
        p = np.exp(scores - scores.max())
        return dict(zip(self.fiches, (p / p.sum()).tolist(), strict=True))


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

    def in_scope(self, text: str, vector: np.ndarray) -> float:
        """Log odds that the manual answers a question; see ``ScopeModel``."""
        return self.scope.score(self.inputs.dense(vector), *self.inputs.sparse(text))

    def fiche_shares(self, text: str, vector: np.ndarray) -> dict[str, float]:
        """Probability of each fiche that the model knows, given a question's text and its embedding."""
        return self.fiche.shares(self.inputs.dense(vector), *self.inputs.sparse(text))

    def read(
        self, text: str, vector: np.ndarray, fiche_ids: Sequence[str], chunk_keys: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """What the models make of a question.

        Args:
            text: The question, phone spelling undone.
            vector: Its embedding.
            fiche_ids: Fiches to give shares for; one that the model does not know gets 0.
            chunk_keys: Chunks to give scores for, by ``Chunk.key``; one that the model does not know gets NaN.

        Returns:
            float32 arrays of shapes (len(fiche_ids),) and (len(chunk_keys),).
        """
        dense = self.inputs.dense(vector)
        rows, values = self.inputs.sparse(text)
        shares = self.fiche.shares(dense, rows, values)
        passage = dict(zip(self.passage.chunks, self.passage.scores(dense, rows, values).tolist(), strict=True))
        return (
            np.array([shares.get(f, 0.0) for f in fiche_ids], dtype=np.float32),
            np.array([passage.get(c, np.nan) for c in chunk_keys], dtype=np.float32),
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
