"""Search: from a question to ranked passages, each able to say why it was found."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.model import Manual
from corpus.questions import QuestionFile
from index.build import corpus_digest, read_manifest
from index.chunks import Chunk, chunk_manual
from index.embedding import Embedder
from index.entries import QuestionEntry, tie_questions
from index.errors import IndexMissing, IndexStale
from index.query import Query, QueryReader, Vocabulary
from index.ranking import Ranker
from index.signals import Hits, SignalReader
from index.store import SearchableCollection, VectorStore
from index.text import words

__all__ = ["FicheHit", "Hit", "Retriever", "SearchResult"]

PASSAGES_SEARCHED = 120
QUESTIONS_SEARCHED = 240


@dataclass(frozen=True)
class Hit:
    """A passage found.

    Attributes:
        chunk: The passage.
        score: Of the second stage; comparable within one search only.
        row: Its place among all chunks.
        signals: What ranking weighed, by name.
        nearest_question: The written question that led to it best; empty when none did.
    """

    chunk: Chunk
    score: float
    row: int
    signals: Mapping[str, float] = field(repr=False)
    nearest_question: str = ""


@dataclass(frozen=True, slots=True)
class FicheHit:
    """A fiche found, by its best passage.

    Attributes:
        id: The fiche.
        score: Of its best passage.
        share: Share of the probability that ranking gives to all passages, 0-1.
    """

    id: str
    score: float
    share: float


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        query: The question as searched.
        hits: Passages, best first.
        fiches: Fiches, best first.
        vector: The question's embedding.
        timings_ms: Time spent embedding, and on the rest.
    """

    query: Query
    hits: tuple[Hit, ...]
    fiches: tuple[FicheHit, ...]
    vector: np.ndarray
    timings_ms: dict[str, float]


class Retriever:
    """Hybrid search over a manual's index.

    Args:
        manual: The corpus.
        chunks: Its chunks.
        entries: The written questions.
        embedder: The model the index was built with.
        passages: Vectors of the chunks.
        questions: Vectors of the written questions.
        ranker: Weights of the second stage.
        vocabulary: Acronyms, kin words, phone spellings.
    """

    def __init__(
        self,
        manual: Manual,
        chunks: Sequence[Chunk],
        entries: Sequence[QuestionEntry],
        embedder: Embedder,
        passages: SearchableCollection,
        questions: SearchableCollection,
        ranker: Ranker,
        vocabulary: Vocabulary,
    ) -> None:
        self.manual = manual
        self.chunks = tuple(chunks)
        self.entries = tuple(entries)
        self.embedder = embedder
        self.ranker = ranker
        self._passages = passages
        self._questions = questions
        self._chunk_row = {c.id: i for i, c in enumerate(chunks)}
        self._entry_row = {e.id: i for i, e in enumerate(entries)}
        self._entries_of: dict[str, list[int]] = {}
        for row, entry in enumerate(entries):
            for chunk_id in entry.chunks:
                self._entries_of.setdefault(chunk_id, []).append(row)
        self.signals = SignalReader(manual, chunks, entries)
        known = {w for c in chunks for w in words(f"{c.title} {c.heading} {c.text}")}
        known |= {w for k in manual.index for w in words(k.term)}
        self.reader = QueryReader(vocabulary, known)

    @classmethod
    def open(
        cls,
        manual: Manual,
        question_files: Sequence[QuestionFile],
        embedder: Embedder,
        data_dir: Path,
        *,
        chroma_url: str = "",
    ) -> Retriever:
        """Open the index in use.

        Raises:
            IndexMissing: There is no whole build.
            IndexStale: It was made from another corpus or model.
        """
        manifest = read_manifest(data_dir)
        chunks = chunk_manual(manual)
        entries = tie_questions(question_files, chunks)
        if manifest.model != embedder.name:
            raise IndexStale(f"The index was built with {manifest.model}, not {embedder.name}: run 'assistant build'.")
        if manifest.corpus != corpus_digest(chunks, entries):
            raise IndexStale("The fiches or their questions changed since the index was built: run 'assistant build'.")
        store = VectorStore(data_dir / "index" / "chroma", chroma_url)
        try:
            passages = store.open(manifest.passages_collection)
            questions = store.open(manifest.questions_collection)
        except Exception as error:  # chromadb's own errors differ between its embedded and its HTTP client
            raise IndexMissing("The index's vectors are not in the store: run 'assistant build'.") from error
        return cls(
            manual, chunks, entries, embedder, passages, questions, Ranker.load(), Vocabulary.load()
        )

    def hits_of(self, vector: np.ndarray) -> Hits:
        """Nearest passages and written questions of a vector, as rows."""
        return Hits(
            [(self._chunk_row[i], c) for i, c in self._passages.search(vector, PASSAGES_SEARCHED)],
            [(self._entry_row[i], c) for i, c in self._questions.search(vector, QUESTIONS_SEARCHED)],
        )

    def search(
        self, question: str, intents: Mapping[str, float] | None = None, *, limit: int = 40
    ) -> SearchResult:
        """Find passages for a question.

        Args:
            question: What is asked, with what a follow-up leaves unsaid already put back.
            intents: How strongly it asks for each of ``index.signals.INTENTS``.
            limit: Most passages returned.
        """
        started = time.perf_counter()
        query = self.reader.read(question)
        vector = self.embedder.queries([query.text or " "])[0]
        embedded = time.perf_counter()
        signals = self.signals.read(query, self.hits_of(vector), intents or {})
        scores = self.ranker.score(signals)
        order = np.argsort(-scores, kind="stable")[:limit]
        hits = tuple(
            Hit(
                chunk=self.chunks[row],
                score=float(scores[row]),
                row=int(row),
                signals={name: float(values[row]) for name, values in signals.items()},
            )
            for row in order
        )
        timings = {
            "embed": 1000 * (embedded - started),
            "search": 1000 * (time.perf_counter() - embedded),
        }
        return SearchResult(query, hits, self._fiches(scores), vector, timings)

    def _fiches(self, scores: np.ndarray) -> tuple[FicheHit, ...]:
        best = np.full(len(self.signals.fiche_ids), -np.inf, dtype=np.float32)
        np.maximum.at(best, self.signals.fiche_of, scores)
        shares = np.exp(best - best.max())
        shares /= shares.sum()
        order = np.argsort(-best, kind="stable")
        return tuple(FicheHit(self.signals.fiche_ids[f], float(best[f]), float(shares[f])) for f in order)
