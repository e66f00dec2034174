"""From a chunk of the manual's text to the fiches it stands in.

A pipeline that is given the manual as one file knows no fiches. The importer does: ``corpus/importer/layout.yaml``
holds the first and last line of each. So a chunk is looked up in the manual, by its letters and figures only (pipelines
mend blanks and bullets), and stands for the fiches of those characters:

- the one that holds most of it first; another one too when it holds at least a quarter;
- a chunk wholly outside (cover, table of contents, running titles) stands for none, and is passed over;
- chunks come in reading order, so a text that occurs twice is taken where the chunk before it ends.

The same look-up tells what share of the manual a pipeline's vectors are made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.importer.layout import load_layout
from corpus.importer.source import read_source

__all__ = ["LEAST_SHARE", "Manuscript", "Place", "read_manuscript"]

LEAST_SHARE = 0.25  # of a chunk's characters in a fiche, for it to stand for that fiche as well


@dataclass(frozen=True)
class Place:
    """Where a chunk stands.

    Attributes:
        start, end: Among the manual's letters and figures; equal when it was not found.
        fiches: The fiches it stands for, the one that holds most first.
    """

    start: int
    end: int
    fiches: tuple[str, ...]


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


class Manuscript:
    """The manual as one text, with the place of each fiche in it.

    Args:
        text: The manual.
        spans: (id, first, last) of each fiche, as character offsets, the last one excluded.
    """

    def __init__(self, text: str, spans: Iterable[tuple[str, int, int]]) -> None:
        self.text = text
        before = np.concatenate([[0], np.cumsum([len(_plain(c)) for c in text])])
        self.plain = _plain(text)
        self.spans = {fiche: (int(before[first]), int(before[last])) for fiche, first, last in spans}

    def find(self, text: str, after: Place | None = None, within: str = "") -> Place:
        """Look a chunk up.

        Args:
            text: The chunk.
            after: The place of the chunk before it; None for the first one.
            within: Look only in this fiche; empty for the whole manual.
        """
        sought = _plain(text)
        low, high = self.spans[within] if within else (0, len(self.plain))
        if not sought:
            return Place(0, 0, ())
        if after and self.plain.startswith(sought, after.end):
            start = after.end
        else:
            start = self.plain.find(sought, after.start + 1 if after else low, high)
            start = start if start >= 0 else self.plain.find(sought, low, high)
        if start < 0:
            return Place(0, 0, ())
        return Place(start, start + len(sought), self._fiches(start, start + len(sought)))

    def _fiches(self, start: int, end: int) -> tuple[str, ...]:
        held = Counter({f: min(end, last) - max(start, first) for f, (first, last) in self.spans.items()})
        ranked = [(f, n) for f, n in held.most_common() if n > 0]
        return tuple(f for i, (f, n) in enumerate(ranked) if i == 0 or n >= LEAST_SHARE * (end - start))

    def places(self, chunks: Sequence[str]) -> list[Place]:
        """The place of each chunk, given in reading order."""
        out: list[Place] = []
        last = None
        for chunk in chunks:
            place = self.find(chunk, last)
            out.append(place)
            last = place if place.end else last
        return out

    def share(self, pieces: Iterable[tuple[Place, str]]) -> float:
        """Share of the manual's letters and figures that stand in some piece.

        Args:
            pieces: Places of chunks, with the part of each chunk that was read, from its start.
        """
        covered = np.zeros(len(self.plain), dtype=bool)
        for place, read in pieces:
            covered[place.start : min(place.end, place.start + len(_plain(read)))] = True
        return float(covered.mean())


def read_manuscript(path: Path) -> Manuscript:
    """The manual as received, with its fiches where the importer knows them to be.

    Raises:
        corpus.errors.CorpusError: The file is not there, or is not the one the importer's tables are of.
    """
    lines = read_source(path)[1:]
    starts = np.concatenate([[0], np.cumsum([len(line) + 1 for line in lines])])
    spans = [(unit.id, int(starts[unit.first - 1]), int(starts[unit.last])) for unit in load_layout().units]
    return Manuscript("\n".join(lines) + "\n", spans)
