"""Second stage: many weak signals weighed into one score.

A linear model, so that a miss can be traced to the signals that caused it and the weights read by a person.
The weights are learned by ``python -m bench.training`` (see ``docs/model-card.md``) and kept in
``ranking.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.signals import SIGNALS

__all__ = ["Ranker"]


@dataclass(frozen=True)
class Ranker:
    """Weights of the signals.

    Attributes:
        weights: Weight of each signal; a signal that is not named weighs nothing.
    """

    weights: Mapping[str, float]

    @classmethod
    def load(cls, path: Path | None = None) -> Ranker:
        """Read weights; the shipped ones when ``path`` is None."""
        path = path or Path(__file__).with_name("ranking.json")
        return cls(json.loads(path.read_text(encoding="utf-8"))["weights"])

    def score(self, signals: Mapping[str, np.ndarray]) -> np.ndarray:
        """Scores of all chunks: float32, shape (number of chunks,), higher is better."""
        return np.asarray(
            sum(self.weights[name] * signals[name] for name in SIGNALS if name in self.weights),
            dtype=np.float32,
        )
