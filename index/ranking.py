"""Second stage: many weak signals weighed into one probability.

Two linear models: one decides between fiches, the other between the passages of a fiche, since what tells
two fiches apart is not what tells two of their paragraphs apart. Linear, so that a miss can be traced to the
signals that caused it and the weights read by a person. Learned by ``python -m bench.training`` (see
``docs/model-card.md``) and kept in ``ranking.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.signals import SIGNALS

REPEAT_PENALTY = 3.0  # log odds

__all__ = ["Ranker", "log_softmax_within"]


def log_softmax_within(scores: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Log of the softmax of ``scores`` taken within each group; same shape."""
    top = np.full(groups, -np.inf, dtype=np.float64)
    np.maximum.at(top, group, scores)
    mass = np.zeros(groups)
    np.add.at(mass, group, np.exp(scores - top[group]))
    return scores - top[group] - np.log(mass[group])


@dataclass(frozen=True)
class Ranker:
    """Weights of the signals.

    Attributes:
        fiche: Weights that decide between fiches; a fiche scores as its best passage.
        passage: Weights that decide between the passages of one fiche.
    """

    fiche: Mapping[str, float]
    passage: Mapping[str, float]

    @classmethod
    def load(cls, path: Path | None = None) -> Ranker:
        """Read weights; the shipped ones when ``path`` is None."""
        data = json.loads((path or Path(__file__).with_name("ranking.json")).read_text(encoding="utf-8"))
        return cls(data["fiche"], data["passage"])

    def score(
        self, signals: Mapping[str, np.ndarray], fiche_of: np.ndarray, fiches: int, repeats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Log probabilities.

        Args:
            signals: By name, each of shape (chunks,).
            fiche_of: Row of each chunk's fiche.
            fiches: Number of fiches.
            repeats: bool, shape (chunks,): passages that only repeat another fiche's; they speak for theirs less.

        Returns:
            Log P(fiche), shape (fiches,), and log P(passage | its fiche), shape (chunks,).
        """
        by_fiche = _weigh(self.fiche, signals) - REPEAT_PENALTY * repeats
        best = np.full(fiches, -np.inf)
        np.maximum.at(best, fiche_of, by_fiche)
        log_fiche = best - best.max()
        log_fiche -= np.log(np.exp(log_fiche).sum())
        return log_fiche, log_softmax_within(_weigh(self.passage, signals), fiche_of, fiches)


def _weigh(weights: Mapping[str, float], signals: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.asarray(sum(weights[n] * signals[n] for n in SIGNALS if n in weights), dtype=np.float64)
