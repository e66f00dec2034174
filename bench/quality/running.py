"""One contender over the questions: answers, their figures, and what it cost.

Everything here treats contenders alike. A pipeline's answer is its chunks in order, each quoting itself; it never
declines, as search alone has no way to. Follow-ups are asked twice: with the user's earlier turns before the question,
as one would do without a language model (the figures), and bare.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.answer import Answer, Citation
from assistant.evaluation import answer_figures, intervals_of, means_of
from assistant.question_file import Row, cited_fiches
from bench.quality.mapping import Manuscript, Place
from bench.quality.protocol import Pipeline
from corpus.model import Manual

__all__ = ["Contender", "FromPipeline", "Run", "joined", "measure"]


class Contender(Protocol):
    """Anything that answers.

    Attributes:
        name, setting, model: As shown in the table; ``model`` is empty without one.
    """

    name: str
    setting: str
    model: str

    def prepare(self) -> dict[str, Any]:
        """Get ready to answer.

        Returns:
            What it took and holds: ``embedded`` (share of the manual's text; None without vectors),
            ``index_seconds`` of the processor (None when not measured), ``chunks``.
        """

    def answer(self, row: Row, *, history: bool) -> Answer:
        """Answer one question.

        Args:
            row: With ``question``, ``type``, ``lang`` and ``history``.
            history: Whether it may see the earlier turns.
        """


@dataclass(frozen=True)
class Run:
    """What a contender reached on one set of questions.

    Attributes:
        figures: Means, over all the set's questions, follow-ups with their history.
        intervals: 95 % interval of each.
        alone: The same means without follow-ups.
        follow_ups: Their number, and the means over them with history and bare.
        ms: 50th and 95th percentile of the time of an answer, by the clock, and the 50th of the processor's time,
            which other programs on the machine do not lengthen.
        rows: By id, what was cited and the figures.
    """

    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    alone: dict[str, float]
    follow_ups: dict[str, Any]
    ms: dict[str, float]
    rows: dict[str, Any]


def joined(row: Row) -> str:
    """A question after the user's earlier turns."""
    turns = [t["content"] for t in row.get("history") or () if t["role"] == "user"]
    return "\n".join([*turns, row["question"]])


class FromPipeline:
    """A pipeline as a contender: its chunks become citations of the fiches they stand in.

    Args:
        pipeline: What searches.
        manuscript: The manual it is given.
    """

    def __init__(self, pipeline: Pipeline, manuscript: Manuscript) -> None:
        self.name = pipeline.name
        self.setting = pipeline.setting
        self.model = pipeline.model.name if pipeline.model else ""
        self._pipeline = pipeline
        self._manuscript = manuscript
        self._chunks: Sequence[str] = ()
        self._places: list[Place] = []

    def prepare(self) -> dict[str, Any]:
        """See ``Contender.prepare``."""
        model = self._pipeline.model
        if model:
            model.queries(["avant"])  # loading the model is not indexing
            model.reset()
        worked = time.process_time()
        self._chunks = self._pipeline.index(self._manuscript.text)
        busy = time.process_time() - worked + (model.spared if model else 0.0)
        self._places = self._manuscript.places(self._chunks)
        read = ((p, c[: model.kept(c)]) for p, c in zip(self._places, self._chunks, strict=True)) if model else None
        return {
            "embedded": self._manuscript.share(read) if read else None,
            "index_seconds": busy,
            "chunks": len(self._chunks),
            "chunks_not_found": sum(p.end == 0 for p in self._places),
        }

    def answer(self, row: Row, *, history: bool) -> Answer:
        """See ``Contender.answer``."""
        found = self._pipeline.search(joined(row) if history else row["question"])
        citations = [
            Citation(n, fiche, "", "", "", self._chunks[i] if first else "")
            for n, (i, fiche, first) in enumerate(
                ((i, f, k == 0) for i in found for k, f in enumerate(self._places[i].fiches)), 1
            )
        ]
        text = "\n\n".join(self._chunks[i] for i in found)
        return Answer(row["question"], row["lang"], "answer", text, tuple(citations))


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def measure(contender: Contender, rows: Sequence[Row], manual: Manual) -> Run:
    """Ask every question and score the answers.

    Args:
        contender: Made ready.
        rows: The questions.
        manual: What ``answer_figures`` checks quotes against.
    """
    scored, bare, clock, busy, kept = [], [], [], [], {}
    for row in rows:
        started, worked = time.perf_counter(), time.process_time()
        answer = contender.answer(row, history=True)
        clock.append(1000 * (time.perf_counter() - started))
        busy.append(1000 * (time.process_time() - worked))
        cited = cited_fiches(row, answer)
        figures = answer_figures(row, answer, cited, manual)
        # A chunk over two fiches stands in neither, nor in a mended one: that says nothing of a search.
        figures.pop("quotes verbatim", None)
        scored.append(figures)
        kept[row["id"]] = {"cited": cited[:8], **{k: round(v, 3) for k, v in scored[-1].items()}}
        if row.get("history"):
            answer = contender.answer(row, history=False)
            bare.append(answer_figures(row, answer, cited_fiches(row, answer), manual))
    follows = [s for s, row in zip(scored, rows, strict=True) if row.get("history")]
    return Run(
        figures=means_of(scored),
        intervals=intervals_of(scored),
        alone=means_of(s for s, row in zip(scored, rows, strict=True) if not row.get("history")),
        follow_ups={"questions": len(follows), "with history": means_of(follows), "bare": means_of(bare)},
        ms={"p50": _percentile(clock, 0.5), "p95": _percentile(clock, 0.95), "processor p50": _percentile(busy, 0.5)},
        rows=kept,
    )
