"""The comparison as Markdown, for the terminal and for ``docs/comparison.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["render", "render_set"]

COLUMNS = {
    "first citation right": "first right",
    "gold fiche cited": "gold in 5",
    "gold fiches recall": "recall 8",
    "citation precision": "precision 5",
    "facts present": "facts",
    "out of scope refused": "out of scope refused",
    "adversarial held": "adversarial held",
    "over-refusal": "wrongly refused",
}
TIMES = ("p50", "p95", "processor p50")
FOLLOW_UPS = ("first citation right", "gold fiche cited")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _with_interval(run: Mapping[str, Any], name: str) -> str:
    if name not in run["figures"]:
        return "–"
    low, high = run["intervals"][name]
    return f"{run['figures'][name]:.2f} [{low:.2f}–{high:.2f}]"


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


def _names(one: Mapping[str, Any]) -> list[str]:
    return [one["name"], one["model"] or "–", one["setting"]]


def render_set(contenders: Sequence[Mapping[str, Any]], name: str) -> str:
    """Both tables of one set of questions.

    Args:
        contenders: As in ``docs/comparison.json``; those that failed are left to ``render``.
        name: The set.
    """
    ran = [c for c in contenders if name in c.get("sets", {})]
    rows = []
    for one in ran:
        run = one["sets"][name]
        cells = [_with_interval(run, k) if k in FOLLOW_UPS else _figure(run["figures"].get(k)) for k in COLUMNS]
        rows.append([*_names(one), *cells])
    out = _lines(["system", "model", "set", *COLUMNS.values()], rows)
    count = next((c["sets"][name]["follow_ups"]["questions"] for c in ran), 0)
    if count:
        rows = []
        for one in ran:
            run = one["sets"][name]
            parts = (run["alone"], run["follow_ups"]["with history"], run["follow_ups"]["bare"])
            rows.append([*_names(one), *(_figure(p.get(k)) for k in FOLLOW_UPS for p in parts)])
        ways = ("others", "with history", "bare")
        head = [f"{COLUMNS[k]}: {way}" for k in FOLLOW_UPS for way in ways]
        out += ["", f"Follow-ups apart ({count} of the questions):", ""]
        out += _lines(["system", "model", "set", *head], rows)
    return "\n".join(out)


def _costs(contenders: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = []
    for one in contenders:
        if "sets" not in one:
            continue
        seconds = one["index_seconds"]
        times = [run["ms"] for run in one["sets"].values()]
        rows.append(
            [
                *_names(one),
                str(one["chunks"]),
                "–" if one["embedded"] is None else f"{100 * one['embedded']:.0f} %",
                "–" if seconds is None else f"{seconds:.0f}",
                *(f"{max(ms[k] for ms in times):.0f}" for k in TIMES),
            ]
        )
    head = ["system", "model", "set", "chunks", "text embedded", "index s", "ms p50", "ms p95", "busy ms p50"]
    return _lines(head, rows)


def render(result: Mapping[str, Any]) -> str:
    """Everything: a heading and tables for each set, what each cost, and what failed."""
    contenders, out = result["contenders"], []
    for name, about in result["sets"].items():
        counts = f"{about['questions']} questions, {about['answerable']} of them answerable"
        out += [f"### {name}: {counts}", "", render_set(contenders, name), ""]
    out += ["### What they read and cost", "", *_costs(contenders)]
    failed = [c for c in contenders if "error" in c]
    if failed:
        out += ["", "Failed, and not counted: "]
        out += [f"- {' · '.join(n for n in _names(c) if n != '–')}: {c['error']}" for c in failed]
    return "\n".join(out)
