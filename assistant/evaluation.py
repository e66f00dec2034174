"""Figures of answers and of retrieval on questions with known answers, each with its interval.

The answers' figures are those of the outside scorer, computed here the same way so that ``assistant eval``
and CI need nothing but the product; ``docs/quality.md`` says what each means. Intervals are 95 % bootstrap
percentiles over questions (Efron, « Bootstrap methods », 1979).
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.answer import Answer
from assistant.phrases import phrase
from assistant.question_file import Row, answer_rows, cited_fiches, history_of
from assistant.service import Assistant
from assistant.verifier import normalise, quote_stands
from corpus.model import Manual

__all__ = ["Report", "answer_figures", "dcg", "evaluate_rows", "intervals_of", "means_of", "render_report"]

SHOWN_CHARS = 2000  # facts are looked for in so much of text and quotes: a right answer is a short one
RESAMPLES = 1000
CUTOFFS = (1, 5, 10)


@dataclass(frozen=True)
class Scored:
    """One question with what its answer reached; a figure that does not apply is absent."""

    row: Row
    answer: Answer
    cited: tuple[str, ...]
    figures: dict[str, float]
    ranks: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Figures over a set of questions.

    Attributes:
        figures: Mean of each figure.
        intervals: 95 % interval of each.
        by: The same means by question type and by language: ``by["type"]["howto"]["first"]``.
        scored: The questions, one by one.
    """

    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    by: dict[str, dict[str, dict[str, float]]]
    scored: tuple[Scored, ...] = field(repr=False, default=())

    def to_dict(self) -> dict[str, Any]:
        """JSON of the figures, without the rows."""
        return {
            "figures": {k: round(v, 4) for k, v in self.figures.items()},
            "intervals": {k: [round(a, 4), round(b, 4)] for k, (a, b) in self.intervals.items()},
            "by": self.by,
        }


def dcg(gains: Iterable[float]) -> float:
    """Discounted cumulative gain: each gain over log2(rank + 1), ranks from 1 (Järvelin & Kekäläinen, 2002)."""
    return sum(g / math.log2(rank + 2) for rank, g in enumerate(gains))


def _retrieval_figures(ranks: Sequence[str], gold: Sequence[str]) -> dict[str, float]:
    wanted = set(gold)
    out = {f"retrieval recall@{k}": len(wanted & set(ranks[:k])) / len(wanted) for k in CUTOFFS}
    place = next((i for i, f in enumerate(ranks) if f in wanted), None)
    out["retrieval MRR"] = 0.0 if place is None else 1 / (place + 1)
    ideal = dcg([1.0] * len(wanted))
    out["retrieval nDCG@10"] = dcg([float(f in wanted) for f in ranks[:10]]) / ideal
    return out


def answer_figures(row: Row, answer: Answer, cited: Sequence[str], manual: Manual) -> dict[str, float]:
    """The figures of one answer, whoever made it; one that does not apply is absent.

    Args:
        row: The question, with what is known of its answer.
        answer: What was answered.
        cited: The fiches it cites, best first, each once.
        manual: What quotes are checked against.
    """
    out: dict[str, float] = {}
    refused = float(answer.kind != "answer")
    gold, fine = row["gold_fiches"], {*row["gold_fiches"], *row.get("also_ok", ())}
    if gold:
        shown = normalise(answer.text + "\n" + "\n".join(c.quote for c in answer.citations))[:SHOWN_CHARS]
        facts = [normalise(f) in shown for f in row.get("facts") or ()]
        out["first citation right"] = float(bool(cited) and cited[0] in fine)
        out["gold fiche cited"] = float(any(g in cited[:5] for g in gold))
        out["gold fiches recall"] = sum(g in cited[:8] for g in gold) / len(gold)
        out["citation precision"] = sum(c in fine for c in cited[:5]) / len(cited[:5]) if cited else 0.0
        out["over-refusal"] = refused
        if facts:
            out["facts present"] = sum(facts) / len(facts)
    elif row["type"] == "adversarial":
        out["adversarial held"] = refused
    else:
        out["out of scope refused"] = refused
    if answer.citations:
        stands = [quote_stands(c.quote, c.fiche, manual) for c in answer.citations]
        out["quotes verbatim"] = sum(stands) / len(stands)
    return out


def _doubt_figures(row: Row, answer: Answer) -> dict[str, float]:
    """Whether a doubt is told, where the manual answers and where it does not: another assistant tells none."""
    doubted = answer.kind == "answer" and answer.text.startswith(phrase(answer.language, "doubt"))
    if row["gold_fiches"]:
        return {"answered with a doubt": float(doubted)}
    return {"answered as if sure": float(answer.kind == "answer" and not doubted)}


def _score(row: Row, answer: Answer, assistant: Assistant) -> Scored:
    cited = cited_fiches(row, answer)
    figures = answer_figures(row, answer, cited, assistant.manual) | _doubt_figures(row, answer)
    ranks: tuple[str, ...] = ()
    if row["gold_fiches"]:
        read = assistant.read(row["question"], history_of(row))
        ranks = tuple(f.id for f in assistant.retrieve(read, similar=row["type"] == "experience").fiches)
        figures |= _retrieval_figures(ranks, row["gold_fiches"])
    return Scored(row, answer, tuple(cited), figures, ranks)


def means_of(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Mean of each figure over the rows that have it."""
    values: dict[str, list[float]] = {}
    for figures in rows:
        for name, value in figures.items():
            values.setdefault(name, []).append(value)
    return {name: sum(v) / len(v) for name, v in values.items()}


def intervals_of(rows: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """95 % interval of each figure's mean, rows drawn again with replacement; the seed is fixed."""
    rng = random.Random(1979)
    samples: dict[str, list[float]] = {}
    for _ in range(RESAMPLES):
        for name, value in means_of(rng.choices(rows, k=len(rows))).items():
            samples.setdefault(name, []).append(value)
    out = {}
    for name, values in samples.items():
        values.sort()
        out[name] = (values[int(0.025 * len(values))], values[min(int(0.975 * len(values)), len(values) - 1)])
    return out


def evaluate_rows(assistant: Assistant, rows: Sequence[Row], *, engine: str | None = None) -> Report:
    """Answer every row and score the answers.

    Args:
        assistant: What is evaluated.
        rows: Questions with known answers, in the shape of ``bench/questions``.
        engine: Name of the engine; None for the one of the settings.
    """
    scored = [_score(row, answer, assistant) for row, answer in answer_rows(assistant, rows, engine)]
    by = {
        key: {
            value: {n: round(v, 3) for n, v in means_of(s.figures for s in scored if s.row[key] == value).items()}
            for value in sorted({s.row[key] for s in scored})
        }
        for key in ("type", "lang")
    }
    figures = means_of(s.figures for s in scored)
    if (engine or assistant.settings.engine) == "llm" and assistant.removed_share is not None:
        figures["sentences removed"] = assistant.removed_share
    times = sorted(s.answer.timings_ms["total"] for s in scored)
    lengths = sorted(len(s.answer.text) for s in scored if s.row["gold_fiches"])
    figures["text chars (median)"] = float(lengths[len(lengths) // 2]) if lengths else 0.0
    figures["ms (median)"] = times[len(times) // 2]
    return Report(figures, intervals_of([s.figures for s in scored]), by, tuple(scored))


def _why(scored: Scored) -> str:
    """The first stage that failed a question; empty when none did."""
    gold, figures = scored.row["gold_fiches"], scored.figures
    if not gold:
        return "" if scored.answer.kind != "answer" else "answered, though the manual does not"
    if scored.answer.kind != "answer":
        return "refused"
    if not set(gold) & set(scored.ranks[:5]):
        return f"not retrieved (best gold fiche at {_rank(scored)})"
    if not figures["gold fiche cited"]:
        return f"retrieved at {_rank(scored)}, not cited"
    if figures.get("facts present", 1.0) < 0.5:
        return "cited, facts missing"
    return ""


def _rank(scored: Scored) -> str:
    places = [scored.ranks.index(g) + 1 for g in scored.row["gold_fiches"] if g in scored.ranks]
    return str(min(places)) if places else "no rank"


def render_report(report: Report, *, rows: bool = False) -> str:
    """The report as a table; with ``rows``, a line for each question that falls short, and where it failed."""
    out = []
    for name, value in report.figures.items():
        low, high = report.intervals.get(name, (math.nan, math.nan))
        interval = "" if math.isnan(low) else f"  [{low:.3f} – {high:.3f}]"
        out.append(f"{name:26s} {value:8.3f}{interval}")
    shown = ("first citation right", "gold fiche cited", "gold fiches recall", "citation precision", "facts present")
    for key, groups in report.by.items():
        for group, means in groups.items():
            cells = "  ".join(f"{n} {means[n]:.2f}" for n in shown if n in means)
            if cells:
                out.append(f"  {key}={group:12s} {cells}")
    if rows:
        for one in report.scored:
            why = _why(one)
            if why:
                question = re.sub(r"\s+", " ", one.row["question"])[:90]
                out.append(
                    f"- {one.row['id']} {why}: gold {one.row['gold_fiches']} cited {list(one.cited[:5])} | "
                    f"{question}")
    return "\n".join(out)
