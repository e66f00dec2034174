"""Search: from a question to ranked passages, each able to say why it was found."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.model import Manual
from corpus.questions import QuestionBank
from index.build import corpus_digest, read_manifest
from index.chunks import Chunk, chunk_manual, repeated_notes
from index.embedding import Embedder
from index.entries import QuestionEntry, tie_questions
from index.errors import IndexMissing, IndexStale
from index.folder import IndexFolder
from index.models import Aligned, LearnedModels, Opinion
from index.query import Query, Vocabulary, query_reader
from index.ranking import Ranker
from index.signals import Neighbours, SignalReader
from index.store import SearchableCollection, VectorStore

__all__ = ["FicheHit", "Hit", "Retriever", "SearchResult"]

_log = logging.getLogger(__name__)

PASSAGES_SEARCHED = 120
QUESTIONS_SEARCHED = 240
QUESTIONS_KEPT = 40
# A fiche among the best few for the whole question, to which one of its clauses alone points, is asked about too.
CLAUSE_PLACES = 4
CLAUSE_SHARE = 0.3  # probability of the fiche, given the clause alone
CLAUSE_MASS = 4.5  # summed idf of the corpus's words under which a clause says too little by itself,
CLAUSE_SURE = 0.8  # unless this probability says that it does not: « transversality » is a word that the corpus lacks
NAMED = 20.0  # log odds for a fiche that the question names: a rule, as few questions to learn from do so
CLAUSE_RAISE = 0.25  # of the likeliest fiche's probability


@dataclass(frozen=True)
class Hit:
    """A passage found.

    Attributes:
        chunk: The passage.
        score: Log of its probability: of its fiche, times of the passage in it.
        row: Its place among all chunks.
        signals: What ranking weighed, by name.
    """

    chunk: Chunk
    score: float
    row: int
    signals: Mapping[str, float] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FicheHit:
    """A fiche found, by its best passage.

    Attributes:
        id: The fiche.
        score: Log of its probability.
        share: Its probability, 0-1.
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
        questions: The nearest written questions, nearest first, with their likeness: their cosine, spread so that
            0 is « nothing in common » and 1 « much the same », whatever the embedding model.
        in_scope: Log odds, from the question alone, that the manual answers it; 0 without trained models.
        timings_ms: Time spent embedding, and on the rest.
        sides: Fiches that a clause of the question by itself points at, likeliest first.
    """

    query: Query
    hits: tuple[Hit, ...]
    fiches: tuple[FicheHit, ...]
    questions: tuple[tuple[QuestionEntry, float], ...]
    in_scope: float
    timings_ms: dict[str, float]
    sides: tuple[str, ...] = ()


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
        vocabulary: Acronyms, kin words, how people type them.
        models: The learned models of what fiche and passage a question is about; None to do without. Models that
            were trained with another embedding model are left aside, with a warning.
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
        models: LearnedModels | None = None,
    ) -> None:
        self.manual = manual
        self.chunks = tuple(chunks)
        self.entries = tuple(entries)
        self.embedder = embedder
        self.ranker = ranker
        self._models: Aligned | None = None
        if models is not None and models.embedder != embedder.name:
            _log.warning(
                "What was learned fits %s, not %s: searching without it. Run 'make train'.",
                models.embedder, embedder.name,
            )  # fmt: skip
            models = None
        self._passages = passages
        self._questions = questions
        self._chunk_row = {c.id: i for i, c in enumerate(chunks)}
        self._entry_row = {e.id: i for i, e in enumerate(entries)}
        self.signals = SignalReader(manual, chunks, entries, embedder.cosines)
        self.use(models)
        self._repeats = repeated_notes(manual, chunks)
        self.telling_headings = _telling_headings(chunks)
        self.reader = query_reader(manual, chunks, entries, vocabulary)

    @classmethod
    def open(
        cls,
        manual: Manual,
        bank: QuestionBank,
        embedder: Embedder,
        data_dir: Path,
        *,
        chroma_url: str = "",
        trained: bool = True,
    ) -> Retriever:
        """Open the index in use.

        Args:
            manual: The corpus.
            bank: The written questions.
            embedder: The embedding model.
            data_dir: The data folder.
            chroma_url: A Chroma server; empty for the embedded store.
            trained: Whether to load what training wrote; training itself starts without.

        Raises:
            IndexMissing: There is no whole build.
            IndexStale: It was made from another corpus or model.
        """
        manifest = read_manifest(data_dir)
        chunks = chunk_manual(manual)
        entries = tie_questions(bank, chunks)
        if manifest.model != embedder.name:
            raise IndexStale(f"The index was built with {manifest.model}, not {embedder.name}: run 'assistant build'.")
        if manifest.corpus != corpus_digest(chunks, entries):
            raise IndexStale("The fiches or their questions changed since the index was built: run 'assistant build'.")
        store = VectorStore(IndexFolder(data_dir).chroma, chroma_url)
        try:
            passages = store.open(manifest.passages_collection)
            questions = store.open(manifest.questions_collection)
        except Exception as error:  # chromadb's own errors differ between its embedded and its HTTP client
            raise IndexMissing("The index's vectors are not in the store: run 'assistant build'.") from error
        return cls(
            manual,
            chunks,
            entries,
            embedder,
            passages,
            questions,
            Ranker.load() if trained else Ranker({"fused": 1.0}, {"fused": 1.0}),
            Vocabulary.load(),
            LearnedModels.load() if trained else None,
        )

    def neighbours_of(self, vector: np.ndarray) -> Neighbours:
        """Nearest passages and written questions of a vector, as rows."""
        return Neighbours(
            [(self._chunk_row[i], c) for i, c in self._passages.search(vector, PASSAGES_SEARCHED)],
            [(self._entry_row[i], c) for i, c in self._questions.search(vector, QUESTIONS_SEARCHED)],
        )

    def use(self, models: LearnedModels | None) -> None:
        """Search with other models; None to do without."""
        keys = [c.key for c in self.chunks]
        self._models = None if models is None else models.aligned(self.signals.fiche_ids, keys)

    def opinion(self, query: Query, vector: np.ndarray) -> Opinion | None:
        """What the trained models make of a question; None without any."""
        return None if self._models is None else self._models.opinion(query.bilingual, vector)

    def search(
        self,
        question: str,
        intents: Mapping[str, float] | None = None,
        clauses: Sequence[str] = (),
        pieces: Sequence[str] = (),
        *,
        limit: int = 40,
    ) -> SearchResult:
        """Find passages for a question.

        Args:
            question: What is asked, with what a follow-up leaves unsaid already put back.
            intents: How strongly it asks for each of ``index.signals.INTENTS``.
            clauses: Its clauses, when it has several: each may ask about a fiche of its own.
            pieces: What it asks for itself, when it holds more than that: each has a say in which passages of a
                fiche are meant, and none in which fiche.
            limit: Most passages returned.
        """
        started = time.perf_counter()
        english = self.reader.is_english(question)
        query = self.reader.read(question, english=english)
        vector = self.embedder.queries([query.text or " "])[0]
        embedded = time.perf_counter()
        near = self.neighbours_of(vector)
        opinion = self.opinion(query, vector)
        signals = self.signals.read(query, near, opinion, intents or {})
        log_fiche, within = self._ranked(signals)
        log_fiche = _normalised(log_fiche + NAMED * self.signals.mentioned(query))
        if pieces:
            within = np.logaddexp(within, self._within(pieces, intents or {}, english)) - np.log(2)
        sides = self._sides(log_fiche, clauses, english)
        raised = log_fiche.copy()
        raised[sides] = np.maximum(raised[sides], log_fiche.max() + np.log(CLAUSE_RAISE))
        scores = raised[self.signals.fiche_of] + within
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
        floor, top = self.embedder.cosines.question
        questions = tuple(
            (self.entries[row], (cosine - floor) / (top - floor)) for row, cosine in near.questions[:QUESTIONS_KEPT]
        )
        in_scope = opinion.in_scope if opinion else 0.0
        timings = {
            "embed": 1000 * (embedded - started),
            "search": 1000 * (time.perf_counter() - embedded),
        }
        names = tuple(self.signals.fiche_ids[row] for row in sides)
        return SearchResult(query, hits, self._fiches(raised), questions, in_scope, timings, names)

    def _ranked(self, signals: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return self.ranker.score(signals, self.signals.fiche_of, len(self.signals.fiche_ids), self._repeats)

    def _within(self, pieces: Sequence[str], intents: Mapping[str, float], english: bool) -> np.ndarray:
        """Log P(passage | fiche) of the pieces of a question, each with the same say: shape (chunks,).

        A follow-up searched with what it leans on finds again the passage that was told before; so does the
        situation that a question tells at length, over what it then asks.
        """
        by_piece = []
        for piece in pieces:
            query = self.reader.read(piece, english=english)
            vector = self.embedder.queries([query.text or " "])[0]
            near, opinion = self.neighbours_of(vector), self.opinion(query, vector)
            by_piece.append(self._ranked(self.signals.read(query, near, opinion, intents))[1])
        return np.logaddexp.reduce(by_piece) - np.log(len(by_piece))

    def _sides(self, log_fiche: np.ndarray, clauses: Sequence[str], english: bool) -> list[int]:
        """Rows of the fiches that a clause by itself points at, likeliest first.

        The fiche that most of a question's words speak of leaves nothing to the others: « le groupement du 49 et
        celui du 13 » is found to be about the first alone.
        """
        if self._models is None:
            return []
        near = np.argsort(-log_fiche, kind="stable")[:CLAUSE_PLACES]
        pointed_at = np.zeros(len(near), dtype=bool)
        for clause in clauses:
            query = self.reader.read(clause, english=english)
            if not query.typed:
                continue
            mass = sum(self.signals.lexical.idf.get(t, 0.0) for t in query.typed)
            shares = self._models.shares(query.bilingual, self.embedder.queries([query.text])[0])[near]
            pointed_at[shares.argmax()] |= shares.max() >= (CLAUSE_SHARE if mass >= CLAUSE_MASS else CLAUSE_SURE)
        return [int(row) for row in near[pointed_at]]

    def _fiches(self, log_fiche: np.ndarray) -> tuple[FicheHit, ...]:
        order = np.argsort(-log_fiche, kind="stable")
        return tuple(
            FicheHit(self.signals.fiche_ids[f], float(log_fiche[f]), float(np.exp(log_fiche[f]))) for f in order
        )


def _telling_headings(chunks: Sequence[Chunk]) -> frozenset[str]:
    """Headings of sections that tell what these are about: those of one fiche alone, unlike « Clefs de réussite »."""
    fiches: dict[str, set[str]] = {}
    for chunk in chunks:
        if chunk.note is None:
            fiches.setdefault(chunk.section, set()).add(chunk.fiche)
    return frozenset(heading for heading, where in fiches.items() if len(where) == 1)


def _normalised(log_masses: np.ndarray) -> np.ndarray:
    """Log probabilities that sum to 1 again."""
    top = log_masses.max()
    return np.asarray(log_masses - top - np.log(np.exp(log_masses - top).sum()))
