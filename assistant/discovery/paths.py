"""Paths for newcomers: sittings of steps, each proved against the manual.

Steps are written once and shared by profiles; what a profile adds is their order and why each matters to it. The
time of a step is counted from the words of what it reads, so that an edited fiche keeps its sitting honest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from assistant.discovery.errors import DiscoveryError
from assistant.discovery.evidence import find_anchor, require_fiche
from corpus.model import Fiche, Manual, Section

__all__ = ["PATHS", "STEPS", "Passage", "Path_", "Question", "Reading", "Sitting", "Step", "load_paths"]

_FOLDER = Path(__file__).parent
STEPS, PATHS = _FOLDER / "steps.yaml", _FOLDER / "paths.yaml"
_LOG = logging.getLogger(__name__)
# Words a minute of somebody who studies a dense text. Silent reading of plain prose runs at about 240 (Brysbaert
# 2019, doi 10.1016/j.jml.2019.104047); a newcomer who stops at each unknown word does well under two thirds of it.
_PACE = 150
_QUESTION = 1.0  # minutes to think of an answer, then read the fiche's

Bilingual = dict[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a fiche, verbatim, and where they stand."""

    fiche: Fiche
    anchor: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A section to read."""

    fiche: Fiche
    section: Section

    @property
    def words(self) -> int:
        """How many words it holds."""
        return len(self.section.text.split())


@dataclass(frozen=True, slots=True)
class Question:
    """A question to check oneself with; the answer is the fiche's."""

    text: Bilingual
    answer: Passage


@dataclass(frozen=True)
class Step:
    """One thing to read, understand and keep."""

    key: str
    title: Bilingual
    read: tuple[Reading, ...]
    keep: Passage
    questions: tuple[Question, ...]
    why: Bilingual

    @cached_property
    def minutes(self) -> float:
        """Time it takes."""
        return sum(r.words for r in self.read) / _PACE + _QUESTION * len(self.questions)


@dataclass(frozen=True)
class Sitting:
    """Steps done at one go."""

    title: Bilingual
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """Time it takes, to the minute."""
        return max(1, round(sum(s.minutes for s in self.steps)))


@dataclass(frozen=True)
class Path_:
    """A profile's path."""

    key: str
    title: Bilingual
    who: Bilingual
    goal: Bilingual
    sittings: tuple[Sitting, ...]

    @property
    def steps(self) -> Iterator[Step]:
        """Every step, in order."""
        return (step for sitting in self.sittings for step in sitting.steps)


class _Builder:
    def __init__(self, manual: Manual, raw: dict[str, Any], strict: bool) -> None:
        self.manual, self.raw, self.strict = manual, raw, strict

    def passage(self, raw: list[str], place: str) -> Passage:
        fiche = require_fiche(self.manual, raw[0], place)
        return Passage(fiche, find_anchor(fiche, raw[1], place), raw[1])

    def reading(self, address: str, place: str) -> Reading:
        fiche_id, _, anchor = address.partition("#")
        fiche = require_fiche(self.manual, fiche_id, place)
        if anchor not in fiche.by_anchor:
            raise DiscoveryError(f"{place} : la rubrique {address} n'existe pas")
        return Reading(fiche, fiche.by_anchor[anchor])

    def step(self, key: str, why: Bilingual) -> Step | None:
        """A step, or None when the manual no longer bears it out and that is not an error."""
        place = f"steps.yaml, {key}"
        if key not in self.raw:
            raise DiscoveryError(f"{place} : étape inconnue")
        raw = self.raw[key]
        try:
            return Step(
                key=key,
                title=raw["title"],
                read=tuple(self.reading(a, place) for a in raw["read"]),
                keep=self.passage(raw["keep"], place),
                questions=tuple(
                    Question({"fr": q["fr"], "en": q["en"]}, self.passage(q["answer"], place)) for q in raw["questions"]
                ),
                why=why,
            )
        except DiscoveryError as error:
            if self.strict:
                raise
            _LOG.warning("%s", error)
            return None

    def sitting(self, raw: dict[str, Any]) -> Sitting:
        steps = (self.step(key, why) for key, why in raw["steps"].items())
        return Sitting(raw["title"], tuple(s for s in steps if s))


def load_paths(manual: Manual, *, steps: Path = STEPS, paths: Path = PATHS, strict: bool = False) -> tuple[Path_, ...]:
    """The paths, each quote proved.

    Args:
        manual: The manual.
        steps: File of the steps.
        paths: File of the profiles.
        strict: Whether a step that the manual no longer bears out is an error; else it is left out and logged.

    Raises:
        DiscoveryError: A file is malformed or, when strict, a quote or section is not in the manual.
    """
    builder = _Builder(manual, yaml.safe_load(steps.read_text("utf-8")), strict)
    raw = yaml.safe_load(paths.read_text("utf-8"))
    return tuple(
        Path_(key, p["title"], p["who"], p["goal"], tuple(builder.sitting(s) for s in p["sittings"]))
        for key, p in raw.items()
    )
