"""What ranking learns from: signals of candidates for questions whose passages are known.

These are the questions of ``bench/questions``, written apart from all that encoder and models learn from: what
a signal says of them is what it will say of a user's. Their gold passages are those that hold the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from assistant.question_file import Row, history_of, read_known
from assistant.understanding import understand
from assistant.verifier import normalise
from index.models import Aligned, LearnedModels
from index.retriever import Retriever
from index.signals import SIGNALS
from index.vector_cache import VectorCache

CANDIDATES = 64
QUESTIONS_DIR = Path(__file__).parent / "questions"
# No question on these is ever trained on (of the set written apart: the written questions cover every fiche).
HELD_OUT = frozenset(
    ["I-B-1", "I-C-1-b", "I-C-2-c", "I-C-2-h", "II-3", "III-3", "III-8", "III-11", "III-13", "III-18", "INTRO"]
)

Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Examples:
    """Candidates of many questions.

    Attributes:
        signals: float32, shape (questions, CANDIDATES, len(SIGNALS)).
        gold: bool, shape (questions, CANDIDATES): the candidate answers.
        home: bool, shape (questions, CANDIDATES): the candidate's fiche answers.
        valid: bool, shape (questions, CANDIDATES): False where there were fewer candidates.
    """

    signals: np.ndarray
    gold: np.ndarray
    home: np.ndarray
    valid: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Examples:
        """Stack examples, leaving out those without a gold candidate."""
        kept = [p for p in parts if p[1].any()]
        return cls(*(np.stack([p[i] for p in kept]) for i in range(4)))

    def __len__(self) -> int:
        return len(self.signals)


@dataclass(frozen=True)
class ExampleSets:
    """The same questions, for the choice between fiches and for that between a fiche's passages."""

    fiche: Examples
    passage: Examples


class FeatureMaker:
    """Makes examples with an open retriever.

    Args:
        retriever: The index.
        cache: Where question vectors are remembered between runs.
    """

    def __init__(self, retriever: Retriever, cache: Path) -> None:
        self.retriever = retriever
        self._vectors = VectorCache(cache, retriever.embedder)
        self._chunk_row = {c.id: i for i, c in enumerate(retriever.chunks)}
        self._texts = [normalise(c.text) for c in retriever.chunks]

    def vectors(self, kind: Literal["query", "passage"], texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts, remembered between runs."""
        return self._vectors.embed(kind, texts)

    def _one(
        self,
        text: str,
        intents: dict[str, float],
        gold: Iterable[int],
        fiches: set[str],
        models: Aligned,
    ) -> tuple[Part, Part]:
        retriever, reader = self.retriever, self.retriever.signals
        query = retriever.reader.read(text)
        vector = self._vectors.embed("query", [query.text or " "])[0]
        signals = reader.read(query, retriever.neighbours_of(vector), models.opinion(query.bilingual, vector), intents)
        matrix = np.stack([signals[n] for n in SIGNALS], axis=1).astype(np.float32)
        prior = signals["fused"] + signals["question_dense"] + signals["dense"] + signals["fiche_model_log"]
        in_fiche = np.array([c.fiche in fiches for c in retriever.chunks])
        is_gold = np.isin(np.arange(len(matrix)), np.fromiter(gold, dtype=np.int64))
        wide = np.argsort(-prior, kind="stable")[:CANDIDATES]
        home = reader.fiche_of[np.flatnonzero(is_gold)[0]] if is_gold.any() else -1
        narrow = np.flatnonzero(reader.fiche_of == home)
        narrow = narrow[np.argsort(-prior[narrow], kind="stable")][:CANDIDATES]
        return _padded(matrix, is_gold, in_fiche, wide), _padded(matrix, is_gold, in_fiche, narrow)

    def examples(self, rows: Sequence[Row], models: LearnedModels) -> ExampleSets:
        """Examples from questions with known answers; those that the manual does not answer give none."""
        parts = []
        aligned = models.aligned(self.retriever.signals.fiche_ids, [c.key for c in self.retriever.chunks])
        for row in rows:
            gold_fiches = set(row["gold_fiches"])
            if not gold_fiches:
                continue
            read = understand(row["question"], history_of(row))
            intents = {**read.intents, "experience": 1.0} if row["type"] == "experience" else read.intents
            needles = [normalise(t) for t in (*row["evidence"], *row["facts"]) if len(t) > 3]
            gold = [
                i
                for i, chunk in enumerate(self.retriever.chunks)
                if chunk.fiche in gold_fiches and any(n in self._texts[i] for n in needles)
            ]
            fine = gold_fiches | set(row["also_ok"])
            parts.append(self._one(read.search, intents, gold, fine, aligned))
        return ExampleSets(Examples.of([p for p, _ in parts]), Examples.of([p for _, p in parts]))


def _padded(matrix: np.ndarray, gold: np.ndarray, home: np.ndarray, rows: np.ndarray) -> Part:
    """Signals and flags of some candidates, filled up to ``CANDIDATES``."""
    signals = np.zeros((CANDIDATES, matrix.shape[1]), dtype=np.float32)
    flags = np.zeros((3, CANDIDATES), dtype=bool)
    signals[: len(rows)] = matrix[rows]
    flags[:, : len(rows)] = gold[rows], home[rows], np.ones(len(rows), dtype=bool)
    return signals, flags[0], flags[1], flags[2]


def load_rows(name: str) -> list[Row]:
    """Rows of a file of ``bench/questions``."""
    return read_known(QUESTIONS_DIR / name)


def is_held_out(row: Row) -> bool:
    """Whether a question belongs to the held-out half: one of its gold fiches does."""
    return any(f in HELD_OUT for f in row["gold_fiches"])
