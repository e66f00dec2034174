"""The manual's own index as a test: ``python -m bench.key_words``.

The authors of the manual printed 53 key words, each with the fiches that treat it, the most relevant ones in bold.
Nobody who built the search chose them, so they judge it from outside: each key word is asked as it is printed; its
fiches and units count 1, those in bold 2.

What is judged must not have read the answers. ``without_index`` makes the manual anew from its other units, so that
nothing that follows from the index exists: no key word of a fiche, no ``keyword`` signal, no word of a term among those
that typos are mended against. The INDEX unit's text is never a passage (``index.chunks``), its written questions lead
to no passage, and training takes questions of fiches that have passages only: so the models never saw it. Everything
else stays, the other written questions among it; so does the weight that ``ranking.json`` gives the signal, on zeros.

Beside it, plain BM25 over whole fiches (title, subtitle, sections, footnotes), with the same words and stems.

nDCG@10 = DCG / DCG of the best order, where DCG = Σ grade / log2(rank + 1) over the first ten, grades 0, 1, 2.
Recall@10 is over all relevant fiches, 492 in all: a key word that names more than ten cannot reach 1.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluation import dcg, intervals_of, means_of
from assistant.service import open_retriever
from assistant.settings import Settings
from assistant.understanding import understand
from bench.generated import replace_between
from corpus.model import Fiche, Manual
from corpus.store import load_manual, make_manual
from index.lexical import Bm25
from index.text import terms

__all__ = ["KeyWord", "Outcome", "fiche_bm25", "judge", "key_words", "main", "render", "report", "without_index"]

CUTOFF = 10
SHOWN_WORST = 8
DOCS = Path(__file__).parents[1] / "docs"
OURS, PLAIN = "ours", "BM25"

Search = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class KeyWord:
    """One key word of the index.

    Attributes:
        term: As printed.
        grades: Fiches and units that treat it: 2 in bold, else 1.
    """

    term: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """What one system made of one key word.

    Attributes:
        figures: ``ndcg@10`` and ``recall@10``.
        places: Rank of each relevant fiche, from 1; absent when not ranked.
        first: The first ten fiches ranked.
    """

    figures: Mapping[str, float]
    places: Mapping[str, int]
    first: tuple[str, ...]


def key_words(manual: Manual) -> list[KeyWord]:
    """The index as questions with graded answers."""
    out = []
    for entry in manual.index:
        main = {*entry.main, *entry.main_units}
        out.append(KeyWord(entry.term, {f: 2 if f in main else 1 for f in (*entry.fiches, *entry.units)}))
    return out


def without_index(manual: Manual) -> Manual:
    """The manual as if it had no index."""
    return make_manual((f for f in manual if f.id != "INDEX"), edition=manual.edition)


def judge(word: KeyWord, ranked: Sequence[str]) -> Outcome:
    """Score a ranking of fiches for a key word."""
    gains = [float(word.grades.get(f, 0)) for f in ranked[:CUTOFF]]
    best = sorted(map(float, word.grades.values()), reverse=True)[:CUTOFF]
    found = sum(g > 0 for g in gains)
    places = {f: rank for rank, f in enumerate(ranked, 1) if f in word.grades}
    figures = {"ndcg@10": dcg(gains) / dcg(best), "recall@10": found / len(word.grades)}
    return Outcome(figures, places, tuple(ranked[:CUTOFF]))


def _text(fiche: Fiche) -> str:
    sections = (f"{s.heading} {s.text}" for s in fiche.sections)
    return " ".join([fiche.title, fiche.subtitle, *sections, *(n.text for n in fiche.footnotes)])


def fiche_bm25(manual: Manual) -> Search:
    """Plain BM25 over whole fiches; those that hold no word of the query are not ranked."""
    fiches = [f for f in manual if f.id != "INDEX"]
    index = Bm25([terms(_text(f)) for f in fiches])

    def search(query: str) -> list[str]:
        weights: dict[str, float] = {}
        for term in terms(query):
            weights[term] = weights.get(term, 0.0) + 1.0
        scores = index.scores(weights)
        return [fiches[i].id for i in np.argsort(-scores, kind="stable") if scores[i] > 0]

    return search


def _ours(manual: Manual, settings: Settings, *, trained: bool) -> Search:
    retriever = open_retriever(settings, manual=without_index(manual), trained=trained)

    def search(query: str) -> list[str]:
        read = understand(query)
        return [f.id for f in retriever.search(read.search, read.intents, read.clauses).fiches]

    return search


def _compared(words: Sequence[KeyWord], ours: Sequence[Outcome], plain: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Both outcomes of every key word, those where ours falls furthest below BM25 first."""
    rows = []
    for word, mine, theirs in zip(words, ours, plain, strict=True):
        lost = [f for f, rank in theirs.places.items() if rank <= CUTOFF < mine.places.get(f, CUTOFF + 1)]
        rows.append(
            {
                "term": word.term,
                "relevant": len(word.grades),
                OURS: round(mine.figures["ndcg@10"], 3),
                PLAIN: round(theirs.figures["ndcg@10"], 3),
                "only BM25 has": {f: mine.places.get(f) for f in lost},
                "not relevant": [f for f in mine.first if f not in word.grades],
            }
        )
    return sorted(rows, key=lambda r: r[OURS] - r[PLAIN])


def report(manual: Manual, systems: Mapping[str, Search]) -> dict[str, Any]:
    """Ask every system every key word.

    Args:
        manual: With its index.
        systems: By name; ``ours`` and ``BM25`` among them.

    Returns:
        JSON: figures of each system with 95 % intervals, the difference of ours to BM25 over the same resamples, and
        the key words, those where ours falls furthest below BM25 first.
    """
    words = key_words(manual)
    outcomes = {name: [judge(w, search(w.term)) for w in words] for name, search in systems.items()}
    rows = [
        {f"{name} {figure}": value for name, all_ in outcomes.items() for figure, value in all_[i].figures.items()}
        for i in range(len(words))
    ]
    for row in rows:
        for figure in ("ndcg@10", "recall@10"):
            row[f"difference {figure}"] = row[f"{OURS} {figure}"] - row[f"{PLAIN} {figure}"]
    means, intervals = means_of(rows), intervals_of(rows)
    best = [min(CUTOFF, len(w.grades)) / len(w.grades) for w in words]
    lower = sum(r["difference ndcg@10"] < 0 for r in rows)
    return {
        "key words": len(words),
        "relevant": sum(len(w.grades) for w in words),
        "best recall@10 possible": round(sum(best) / len(best), 3),
        "figures": {k: round(v, 3) for k, v in means.items()},
        "intervals": {k: [round(a, 3), round(b, 3)] for k, (a, b) in intervals.items()},
        "ours below BM25": lower,
        "words": _compared(words, outcomes[OURS], outcomes[PLAIN]),
    }


def _cell(result: Mapping[str, Any], name: str, figure: str) -> str:
    low, high = result["intervals"][f"{name} {figure}"]
    return f"{result['figures'][f'{name} {figure}']:.2f} [{low:.2f} – {high:.2f}]"


def render(result: Mapping[str, Any]) -> str:
    """The result as Markdown: both tables of ``docs/quality.md``."""
    names = [k.removesuffix(" ndcg@10") for k in result["figures"] if k.endswith(" ndcg@10")]
    out = ["| | nDCG@10 | recall@10 |", "|---|---|---|"]
    out += [f"| {n} | {_cell(result, n, 'ndcg@10')} | {_cell(result, n, 'recall@10')} |" for n in names]
    out += [
        "",
        f"{result['key words']} key words, {result['relevant']} relevant fiches; the best recall@10 possible is "
        f"{result['best recall@10 possible']:.2f}. Ours ranks lower than BM25 on {result['ours below BM25']} of them; "
        "furthest on these:",
        "",
        "| key word | relevant | ours | BM25 | in ten with BM25 only (our rank) | first of ours not relevant |",
        "|---|---|---|---|---|---|",
    ]
    for row in result["words"][:SHOWN_WORST]:
        term = row["term"].replace("|", "/")
        lost = ", ".join(f"{f} ({rank or '–'})" for f, rank in row["only BM25 has"].items()) or "–"
        wrong = ", ".join(row["not relevant"][:3]) or "–"
        out.append(f"| {term} | {row['relevant']} | {row[OURS]:.2f} | {row[PLAIN]:.2f} | {lost} | {wrong} |")
    return "\n".join(out)


def main() -> None:
    """Measure, print, and write ``docs/key-words.json`` and the tables of ``docs/quality.md``."""
    parser = argparse.ArgumentParser(prog="python -m bench.key_words", description="The manual's own index as a test.")
    parser.add_argument("--no-write", action="store_true", help="print only")
    args = parser.parse_args()
    settings, manual = Settings.from_env(), load_manual()
    systems = {
        OURS: _ours(manual, settings, trained=True),
        "ours, nothing learned": _ours(manual, settings, trained=False),
        PLAIN: fiche_bm25(manual),
    }
    result = report(manual, systems)
    print(render(result))
    if not args.no_write:
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        (DOCS / "key-words.json").write_text(text, encoding="utf-8")
        replace_between(DOCS / "quality.md", "key-words", render(result))


if __name__ == "__main__":
    main()
