"""Counters and timings in Prometheus's text format.

Small on purpose: three families of counts, one of durations. Format:
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping

__all__ = ["Metrics"]

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_Labels = tuple[tuple[str, str], ...]


def _labels(labels: _Labels) -> str:
    def escape(value: str) -> str:
        return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    return "{" + ",".join(f'{k}="{escape(v)}"' for k, v in labels) + "}" if labels else ""


class Metrics:
    """What one process counted. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[_Labels] = Counter()
        self._answers: Counter[_Labels] = Counter()
        self._turned_away: Counter[_Labels] = Counter()
        self._durations: dict[_Labels, list[int]] = {}
        self._sums: dict[_Labels, float] = {}

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request served; ``route`` is the template, never the path as typed."""
        with self._lock:
            self._requests[(("route", route), ("method", method), ("status", str(status)))] += 1
            key = (("route", route),)
            counts = self._durations.setdefault(key, [0] * (len(BUCKETS) + 1))
            counts[bisect_left(BUCKETS, seconds)] += 1
            self._sums[key] = self._sums.get(key, 0.0) + seconds

    def answer(self, engine: str, kind: str, *, fallback: bool) -> None:
        """Count an answer given; ``fallback`` when its notice says that another engine was meant."""
        with self._lock:
            self._answers[(("engine", engine), ("kind", kind), ("fallback", str(fallback).lower()))] += 1

    def turned_away(self, reason: str) -> None:
        """Count a request refused before it ran."""
        with self._lock:
            self._turned_away[(("reason", reason),)] += 1

    def render(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """The whole page.

        Args:
            gauges: Values of the moment: name to help text and value.
        """
        with self._lock:
            lines = self._counters()
            lines += self._histogram()
        for name, (help_, value) in gauges.items():
            lines += [f"# HELP {name} {help_}", f"# TYPE {name} gauge", f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _counters(self) -> list[str]:
        lines: list[str] = []
        for name, help_, counts in (
            ("assistant_requests_total", "Requests served.", self._requests),
            ("assistant_answers_total", "Answers given.", self._answers),
            ("assistant_turned_away_total", "Requests refused before they ran.", self._turned_away),
        ):
            lines += [f"# HELP {name} {help_}", f"# TYPE {name} counter"]
            lines += [f"{name}{_labels(labels)} {count}" for labels, count in sorted(counts.items())]
        return lines

    def _histogram(self) -> list[str]:
        name = "assistant_request_seconds"
        lines = [f"# HELP {name} Time to serve a request.", f"# TYPE {name} histogram"]
        for labels, counts in sorted(self._durations.items()):
            total = 0
            for bound, count in zip((*(f"{b:g}" for b in BUCKETS), "+Inf"), counts, strict=True):
                total += count
                lines.append(f"{name}_bucket{_labels((*labels, ('le', bound)))} {total}")
            lines.append(f"{name}_sum{_labels(labels)} {self._sums[labels]:.6f}")
            lines.append(f"{name}_count{_labels(labels)} {total}")
        return lines
