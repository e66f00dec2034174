"""What the learned parts learn from: signals of candidates for questions whose passages are known.

Two sources. The written questions, each asked with itself and half its siblings taken out of the index, so
that a question is never found by its own words and not always by its writer's other ones. And the training
half of ``bench/questions``, written apart, whose gold passages are those that hold the evidence.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.answer import Turn
from assistant.understanding import understand
from assistant.verifier import normalise
from index.fiche_model import FicheModel
from index.retriever import Retriever
from index.signals import SIGNALS
from index.vector_cache import VectorCache

CANDIDATES = 64
SIBLING_DROP = 0.5
QUESTIONS_DIR = Path(__file__).parent / "questions"
# Held out by fiche: no question on these is ever trained on. Every fifth fiche of the table of contents.
HELD_OUT = frozenset(
    ["I-B-1", "I-C-1-b", "I-C-2-c", "I-C-2-h", "II-3", "III-3", "III-8", "III-11", "III-13", "III-18", "INTRO"]
)


@dataclass(frozen=True)
class Examples:
    """Candidates of many questions.

    Attributes:
        signals: float32, shape (questions, CANDIDATES, len(SIGNALS)).
        rows: int, shape (questions, CANDIDATES): the candidates' rows among the chunks.
        gold: bool, shape (questions, CANDIDATES).
        gold_fiche: bool, shape (questions, CANDIDATES): the candidate's fiche is a gold one.
    """

    signals: np.ndarray
    rows: np.ndarray
    gold: np.ndarray
    gold_fiche: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]) -> Examples:
        """Stack examples, leaving out those without a gold candidate."""
        kept = [p for p in parts if p[2].any()]
        return cls(*(np.stack([p[i] for p in kept]) for i in range(4)))

    def __len__(self) -> int:
        return len(self.signals)


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

    def _one(
        self,
        text: str,
        intents: dict[str, float],
        without: frozenset[int],
        gold: Iterable[int],
        fiches: set[str],
        model: FicheModel,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        retriever = self.retriever
        query = retriever.reader.read(text)
        vector = self._vectors.embed("query", [query.text or " "])[0]
        shares = model.shares(query.text, vector, retriever.signals.fiche_ids)
        signals = retriever.signals.read(query, retriever.hits_of(vector), shares, intents, without)
        matrix = np.stack([signals[n] for n in SIGNALS], axis=1)
        prior = signals["fused"] + signals["question_dense"] + signals["dense"] + 0.5 * signals["fiche_support"]
        rows = np.argsort(-prior, kind="stable")[:CANDIDATES]
        gold_rows = np.fromiter(gold, dtype=np.int64)
        in_fiche = np.array([retriever.chunks[r].fiche in fiches for r in rows])
        return matrix[rows].astype(np.float32), rows, np.isin(rows, gold_rows), in_fiche

    def vectors(self, kind: Literal["query", "passage"], texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts, remembered between runs."""
        return self._vectors.embed(kind, texts)

    def written(
        self, keep: Callable[[str], bool], model_of: Callable[[int], FicheModel], progress: Callable[[int], None]
    ) -> Examples:
        """Examples from the written questions of the fiches that ``keep`` accepts.

        Args:
            keep: Which fiches to take questions of.
            model_of: The fiche model for the entry of a row: one that was not trained on it.
            progress: Called with 1 after each question.
        """
        rng = random.Random(20101201)
        entries = self.retriever.entries
        self._vectors.embed("query", [self.retriever.reader.read(e.text).text for e in entries if keep(e.fiche)])
        siblings: dict[str, list[int]] = {}
        same_text: dict[str, list[int]] = {}
        for row, entry in enumerate(entries):
            siblings.setdefault(entry.id.rpartition(":")[0], []).append(row)
            same_text.setdefault(entry.text, []).append(row)
        parts = []
        for row, entry in enumerate(entries):
            dropped = {r for r in siblings[entry.id.rpartition(":")[0]] if rng.random() < SIBLING_DROP}
            if not entry.chunks or not keep(entry.fiche):
                continue
            dropped |= set(same_text[entry.text])
            gold = [self._chunk_row[c] for r in same_text[entry.text] for c in entries[r].chunks]
            fiches = {self.retriever.chunks[g].fiche for g in gold}
            read = understand(entry.text)
            without = frozenset(dropped)
            parts.append(self._one(entry.text, read.intents, without, gold, fiches, model_of(row)))
            progress(1)
        return Examples.of(parts)

    def known(self, rows: Sequence[dict[str, Any]], model: FicheModel) -> Examples:
        """Examples from questions with known answers, none of which the fiche model was trained on."""
        parts = []
        for row in rows:
            gold_fiches = set(row["gold_fiches"])
            if not gold_fiches:
                continue
            read = understand(row["question"], [Turn(t["role"], t["content"]) for t in row["history"]])
            intents = {**read.intents, "experience": 1.0} if row["type"] == "experience" else read.intents
            needles = [normalise(t) for t in (*row["evidence"], *row["facts"]) if len(t) > 3]
            gold = [
                i
                for i, chunk in enumerate(self.retriever.chunks)
                if chunk.fiche in gold_fiches and any(n in self._texts[i] for n in needles)
            ]
            fine = gold_fiches | set(row["also_ok"])
            parts.append(self._one(read.search, intents, frozenset(), gold, fine, model))
        return Examples.of(parts)


def load_rows(name: str) -> list[dict[str, Any]]:
    """Rows of a file of ``bench/questions``."""
    text = (QUESTIONS_DIR / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def is_held_out(row: dict[str, Any]) -> bool:
    """Whether a question belongs to the held-out half: one of its gold fiches does."""
    return any(f in HELD_OUT for f in row["gold_fiches"])
