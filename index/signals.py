"""What is known of each passage in the light of one question: the signals that ranking weighs.

Every signal is an array over all the chunks, scaled to about 0-1, so that weights compare. Signals of the
fiche as a whole are given to each of its chunks: a passage is more likely right in a fiche that is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Manual
from corpus.references import named_fiches
from index.chunks import Chunk
from index.embedding import CosineRange
from index.entries import QuestionEntry
from index.lexical import Bm25
from index.models import Opinion
from index.query import Query
from index.text import terms, words

__all__ = ["SIGNALS", "Neighbours", "SignalReader"]

RRF_K = 60  # Cormack, Clarke & Büttcher, « Reciprocal Rank Fusion… », SIGIR 2009
# Cosines as logits, at the temperatures that the question encoder was trained with (bench.encoder.training).
PASSAGE_TEMPERATURE = 0.02
QUESTION_TEMPERATURE = 0.03

LEAST_SHARE = 1e-4  # below it, opinions on what is likely do not differ

ROLE_SIGNALS = ("en_bref", "definition", "cles", "vigilance", "contacts", "dimensions", "approfondir", "organisation")
INTENTS = ("definition", "contact", "resource", "experience", "caution", "success", "figure", "compare")

SIGNALS: tuple[str, ...] = (
    "fused",
    "dense",
    "lexical",
    "question_dense",
    "question_dense_mean",
    "question_lexical",
    "fiche_dense",
    "fiche_lexical",
    "fiche_question_dense",
    "fiche_question_lexical",
    "fiche_support",
    "fiche_own_questions",
    "dense_share",
    "question_share",
    "fiche_dense_share",
    "fiche_question_share",
    "fiche_model",
    "fiche_model_log",
    "passage_model",
    "passage_model_log",
    "title",
    "heading",
    "name",
    "keyword",
    "short",
    "note",
    "is_experience",
    "is_unit",
    *(f"role:{r}" for r in ROLE_SIGNALS),
    "definition*role",
    "contact*role",
    "resource*role",
    "caution*role",
    "success*role",
    "figure*digits",
    "compare*brief",
    "experience*type",
    "not_experience*type",
)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Nearest neighbours in the two collections, as (row, cosine), best first."""

    passages: Sequence[tuple[int, float]]
    questions: Sequence[tuple[int, float]]


def _rescaled(near: Sequence[tuple[int, float]], size: int, scale: tuple[float, float]) -> np.ndarray:
    """Cosines of the rows found, spread over 0-1, 0 for the other rows: float32, shape (size,)."""
    out = np.zeros(size, dtype=np.float32)
    floor, top = scale
    for row, cosine in near:
        out[row] = (cosine - floor) / (top - floor)
    return np.clip(out, 0.0, 1.2)


def _shares(rows: np.ndarray, cosines: np.ndarray, temperature: float, size: int) -> np.ndarray:
    """Softmax of some rows' cosines, 0 for the other rows: float32, shape (size,)."""
    out = np.zeros(size, dtype=np.float32)
    if len(rows):
        mass = np.exp((cosines - cosines.max()) / temperature)
        out[rows] = mass / mass.sum()
    return out


def _log_scale(shares: np.ndarray) -> np.ndarray:
    """Probabilities on a log scale from 0 (``LEAST_SHARE`` or less) to 1 (certain)."""
    return 1.0 - np.log(np.maximum(shares, LEAST_SHARE)) / np.log(LEAST_SHARE)


def _reciprocal_ranks(scores: np.ndarray) -> np.ndarray:
    """1 / (K + rank) of each positive score, 0 for the rest, scaled so that first place gives 1."""
    out = np.zeros(len(scores), dtype=np.float32)
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > 0]
    out[order] = (RRF_K + 1) / (RRF_K + 1 + np.arange(len(order)))
    return out


class SignalReader:
    """Computes the signals of every chunk for a query.

    Args:
        manual: The corpus.
        chunks: Its chunks; rows of every array follow their order.
        entries: The written questions.
        cosines: Where the embedding model's cosines lie.
    """

    def __init__(
        self, manual: Manual, chunks: Sequence[Chunk], entries: Sequence[QuestionEntry], cosines: CosineRange
    ) -> None:
        self.size = len(chunks)
        self._cosines = cosines
        self._entries = entries
        self.fiche_ids = tuple(dict.fromkeys(c.fiche for c in chunks))
        fiche_row = {f: i for i, f in enumerate(self.fiche_ids)}
        self.fiche_of = np.array([fiche_row[c.fiche] for c in chunks])
        chunk_row = {c.id: i for i, c in enumerate(chunks)}
        self.entry_fiche = np.array([fiche_row.get(e.fiche, -1) for e in entries], dtype=np.int64)
        pairs = [(i, chunk_row[c]) for i, e in enumerate(entries) for c in e.chunks]
        self._pair_entry = np.array([p[0] for p in pairs], dtype=np.int64)
        self._pair_chunk = np.array([p[1] for p in pairs], dtype=np.int64)
        self._is_passage_entry = np.array([bool(e.chunks) for e in entries], dtype=bool)
        self._pair_weight = np.array([1 / len(entries[i].chunks) for i, _ in pairs], dtype=np.float32)

        texts, headings = [terms(c.text) for c in chunks], [terms(c.heading) for c in chunks]
        self.lexical = Bm25([[*heading, *text] for heading, text in zip(headings, texts, strict=True)])
        self.question_lexical = Bm25([terms(e.text) for e in entries])
        self._fiche_lexical = Bm25(self._fiche_documents(manual, texts))
        self._title = Bm25([terms(self._title_of(manual, f)) for f in self.fiche_ids])
        self._heading = Bm25(headings)
        self._static = self._static_signals(chunks)
        self._names = self._name_terms(manual)
        self._people = self._people_of(manual)
        self._keywords = self._keyword_terms(manual)

    @staticmethod
    def _title_of(manual: Manual, fiche_id: str) -> str:
        fiche = manual.get(fiche_id)
        return f"{fiche.title} {fiche.subtitle}" if fiche else ""

    def _fiche_documents(self, manual: Manual, texts: Sequence[list[str]]) -> list[list[str]]:
        documents: list[list[str]] = [terms(self._title_of(manual, f)) * 2 for f in self.fiche_ids]
        for row, text in enumerate(texts):
            documents[self.fiche_of[row]] += text
        return documents

    @staticmethod
    def _static_signals(chunks: Sequence[Chunk]) -> dict[str, np.ndarray]:
        def column(values: Sequence[bool | float]) -> np.ndarray:
            return np.array(values, dtype=np.float32)

        out = {f"role:{r}": column([c.role == r for c in chunks]) for r in ROLE_SIGNALS}
        out["short"] = column([len(c.text) < 120 for c in chunks])
        out["note"] = column([c.note is not None for c in chunks])
        out["is_experience"] = column([c.type == "experience" for c in chunks])
        out["is_unit"] = column([c.type == "unite" for c in chunks])
        out["digits"] = column([any(ch.isdigit() for ch in c.text) for c in chunks])
        out["defines"] = column([c.role in ("definition", "en_bref") or c.note is not None for c in chunks])
        return out

    def _name_terms(self, manual: Manual) -> dict[str, np.ndarray]:
        """Terms of organisations' and places' names, to the fiches they stand for, rarer ones heavier."""
        owners: dict[str, set[int]] = {}
        for row, fiche_id in enumerate(self.fiche_ids):
            fiche = manual.get(fiche_id)
            if fiche is None or fiche.type != "experience":
                continue
            people = " ".join(f"{c.name} {c.organisation}" for c in fiche.contacts)
            where = f"{fiche.territory or ''} {fiche.departement or ''}"
            for term in set(terms(f"{fiche.organisation or ''} {where} {people}")):
                owners.setdefault(term, set()).add(row)
        out = {}
        for term, rows in owners.items():
            if len(rows) <= 4 and len(term) > 2:
                signal = np.zeros(len(self.fiche_ids), dtype=np.float32)
                signal[list(rows)] = 1.0 / len(rows) ** 0.5
                out[term] = signal
        return out

    def _people_of(self, manual: Manual) -> list[tuple[frozenset[str], int]]:
        """Words of the names of those whom fiches say can be reached, two at least, with the fiche's row."""
        row_of = {f: i for i, f in enumerate(self.fiche_ids)}
        people = [(frozenset(words(c.name)), row_of[f.id]) for f in manual if f.id in row_of for c in f.contacts]
        return [(name, row) for name, row in people if len(name) > 1]

    def _keyword_terms(self, manual: Manual) -> list[tuple[frozenset[str], np.ndarray]]:
        """The manual's own index: terms of each key word, to its fiches, bold ones full weight."""
        out = []
        row_of = {f: i for i, f in enumerate(self.fiche_ids)}
        for entry in manual.index:
            signal = np.zeros(len(self.fiche_ids), dtype=np.float32)
            for fiche_id in entry.fiches:
                if fiche_id in row_of:
                    signal[row_of[fiche_id]] = 1.0 if fiche_id in entry.main else 0.4
            entry_terms = frozenset(terms(entry.term))
            if entry_terms and signal.any():
                out.append((entry_terms, signal))
        return out

    def _per_fiche_max(self, values: np.ndarray) -> np.ndarray:
        out = np.zeros(len(self.fiche_ids), dtype=np.float32)
        np.maximum.at(out, self.fiche_of, values)
        return out

    def _question_signals(
        self, query: Query, hits: Neighbours
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Best and mean dense, best lexical score of each chunk's questions; fiche-level questions' best."""
        dense = _rescaled(hits.questions, len(self._entries), self._cosines.question)
        lexical = self.question_lexical.scores(query.weights) / self._mass(self.question_lexical, query)
        best = np.zeros(self.size, dtype=np.float32)
        total = np.zeros(self.size, dtype=np.float32)
        words_ = np.zeros(self.size, dtype=np.float32)
        np.maximum.at(best, self._pair_chunk, dense[self._pair_entry])
        np.add.at(total, self._pair_chunk, dense[self._pair_entry])
        np.maximum.at(words_, self._pair_chunk, lexical[self._pair_entry])
        whole = ~self._is_passage_entry & (self.entry_fiche >= 0)
        own = np.zeros(len(self.fiche_ids), dtype=np.float32)
        np.maximum.at(own, self.entry_fiche[whole], dense[whole])
        return best, np.minimum(total / 3.0, 1.0), words_, own

    def _share_signals(self, hits: Neighbours) -> dict[str, np.ndarray]:
        """What passages and fiches have of the nearest passages' and of the nearest questions' mass.

        A fiche that many a near question leads to is likelier than one that a single, slightly nearer one does.
        """
        near = np.array(hits.passages or np.zeros((0, 2)))
        dense = _shares(near[:, 0].astype(np.int64), near[:, 1], PASSAGE_TEMPERATURE, self.size)
        asked = np.array(hits.questions or np.zeros((0, 2)))
        by_entry = _shares(asked[:, 0].astype(np.int64), asked[:, 1], QUESTION_TEMPERATURE, len(self._entries))
        question = np.zeros(self.size, dtype=np.float32)
        np.add.at(question, self._pair_chunk, by_entry[self._pair_entry] * self._pair_weight)
        whole = ~self._is_passage_entry & (self.entry_fiche >= 0)
        fiche_question = self._per_fiche_sum(question)
        np.add.at(fiche_question, self.entry_fiche[whole], by_entry[whole])
        return {
            "dense_share": _log_scale(dense),
            "question_share": _log_scale(question),
            "fiche_dense_share": _log_scale(self._per_fiche_sum(dense))[self.fiche_of],
            "fiche_question_share": _log_scale(fiche_question)[self.fiche_of],
        }

    def _per_fiche_sum(self, values: np.ndarray) -> np.ndarray:
        out = np.zeros(len(self.fiche_ids), dtype=np.float32)
        np.add.at(out, self.fiche_of, values)
        return out

    @staticmethod
    def _mass(index: Bm25, query: Query) -> float:
        """What a document holding every word typed once would score, so that scores compare between queries.

        Of an English word and the French one that it stands for, a document has one: « typed » counts it once.
        """
        heavy = {*query.typed, *(t for t, w in query.weights.items() if w >= 0.8 and not query.translated)}
        return max(sum(query.weights[t] * index.idf.get(t, 0.0) for t in heavy), 2.0)

    def read(
        self,
        query: Query,
        hits: Neighbours,
        opinion: Opinion | None,
        intents: Mapping[str, float],
    ) -> dict[str, np.ndarray]:
        """All signals of all chunks.

        Args:
            query: The question, made ready.
            hits: Its nearest neighbours.
            opinion: What ``index.models`` makes of the question; None without trained models.
            intents: How strongly the question asks for each of ``INTENTS``, 0-1; absent ones count 0.

        Returns:
            float32 arrays of shape (number of chunks,), by the names in ``SIGNALS``.
        """
        dense = _rescaled(hits.passages, self.size, self._cosines.passage)
        lexical = self.lexical.scores(query.weights) / self._mass(self.lexical, query)
        q_dense, q_mean, q_lexical, own = self._question_signals(query, hits)
        fused = sum(_reciprocal_ranks(s) for s in (dense, lexical, q_dense, q_lexical)) / 4.0
        shares, within = self._learned(opinion)
        fused_fiche = self._fiche_support(np.asarray(fused, dtype=np.float32))
        fiche = {
            "fiche_dense": self._per_fiche_max(dense),
            "fiche_lexical": self._fiche_lexical.scores(query.weights) / self._mass(self._fiche_lexical, query),
            "fiche_question_dense": self._per_fiche_max(q_dense),
            "fiche_question_lexical": self._per_fiche_max(q_lexical),
            "fiche_support": fused_fiche,
            "fiche_own_questions": own,
            "fiche_model": shares,
            "fiche_model_log": _log_scale(shares),
            "title": self._title.scores(query.weights) / self._mass(self._title, query),
            "name": self._name_signal(query),
            "keyword": self._keyword_signal(query),
        }
        out = {
            "fused": np.asarray(fused, dtype=np.float32),
            "dense": dense,
            "lexical": lexical,
            "question_dense": q_dense,
            "question_dense_mean": q_mean,
            "question_lexical": q_lexical,
            "heading": self._heading.scores(query.weights) / self._mass(self._heading, query),
        }
        out["passage_model"] = within
        out["passage_model_log"] = _log_scale(within)
        out |= self._share_signals(hits)
        out |= {name: values[self.fiche_of] for name, values in fiche.items()}
        out |= {name: values for name, values in self._static.items() if name in SIGNALS}
        return out | self._intent_signals(intents)

    def _learned(self, opinion: Opinion | None) -> tuple[np.ndarray, np.ndarray]:
        """P(fiche) by fiche and P(passage | fiche) by chunk; zeros without trained models.

        A passage that the model does not know (the fiche was edited since) takes its fiche's middle score.
        """
        if opinion is None:
            return np.zeros(len(self.fiche_ids), dtype=np.float32), np.zeros(self.size, dtype=np.float32)
        scores = self._completed(opinion.passages)
        top = np.full(len(self.fiche_ids), -np.inf, dtype=np.float32)
        np.maximum.at(top, self.fiche_of, scores)
        p = np.exp(scores - top[self.fiche_of])
        mass = np.zeros(len(self.fiche_ids), dtype=np.float32)
        np.add.at(mass, self.fiche_of, p)
        return opinion.fiches, (p / mass[self.fiche_of]).astype(np.float32)

    def _completed(self, scores: np.ndarray) -> np.ndarray:
        """Scores with those unknown (NaN) set to the middle of their fiche's: they compare within it only."""
        unknown = np.isnan(scores)
        if not unknown.any():
            return scores
        out = scores.copy()
        for fiche in np.unique(self.fiche_of[unknown]):
            here = self.fiche_of == fiche
            known = scores[here & ~unknown]
            out[here & unknown] = np.median(known) if len(known) else 0.0
        return out

    def _fiche_support(self, fused: np.ndarray) -> np.ndarray:
        """Sum of a fiche's three best fused scores: a subject treated in several places."""
        out = np.zeros(len(self.fiche_ids), dtype=np.float32)
        seen = np.zeros(len(self.fiche_ids), dtype=np.int32)
        for row in np.argsort(-fused, kind="stable")[:200]:
            f = self.fiche_of[row]
            if seen[f] < 3:
                out[f] += fused[row] / 3.0
                seen[f] += 1
        return out

    def _intent_signals(self, intents: Mapping[str, float]) -> dict[str, np.ndarray]:
        def intent(name: str) -> float:
            return intents.get(name, 0.0)

        s = self._static
        return {
            "definition*role": intent("definition") * s["defines"],
            "contact*role": intent("contact") * s["role:contacts"],
            "resource*role": intent("resource") * s["role:approfondir"],
            "caution*role": intent("caution") * s["role:vigilance"],
            "success*role": intent("success") * s["role:cles"],
            "figure*digits": intent("figure") * s["digits"],
            "compare*brief": intent("compare") * s["role:en_bref"],
            "experience*type": intent("experience") * s["is_experience"],
            "not_experience*type": (1.0 - intent("experience")) * s["is_experience"],
        }

    def _name_signal(self, query: Query) -> np.ndarray:
        out = np.zeros(len(self.fiche_ids), dtype=np.float32)
        for term in set(query.typed):
            signal = self._names.get(term)
            if signal is not None:
                out += signal
        return np.minimum(out, 2.0) / 2.0

    def _keyword_signal(self, query: Query) -> np.ndarray:
        typed = frozenset(query.typed)
        out = np.zeros(len(self.fiche_ids), dtype=np.float32)
        for entry_terms, signal in self._keywords:
            if entry_terms <= typed:
                out = np.maximum(out, signal)
        return out

    def mentioned(self, query: Query) -> np.ndarray:
        """1 for a fiche that the question names, by its id or by one of its contacts: float32, shape (fiches,)."""
        named = named_fiches(query.asked)
        out = np.array([f in named for f in self.fiche_ids], dtype=np.float32)
        said = set(words(query.asked))
        out[[row for name, row in self._people if name <= said]] = 1.0
        return out
