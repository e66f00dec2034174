"""The manual's experiences by facet: kind of structure, place, sector, mission, principle, stage.

The manual says each of these somewhere in a text, never in a field. What can be derived from the fiches (their
typed links, the index) is derived; the rest is a reviewed data file whose every line quotes the fiche.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from assistant.discovery.errors import DiscoveryError
from assistant.discovery.evidence import find_anchor
from assistant.discovery.france import Place, load_places
from corpus.model import Fiche, Manual
from index.text import fold

__all__ = [
    "EXPERIENCES", "FACETS", "Difference", "Experience", "Fact", "Facet", "differences", "likenesses",
    "load_experiences", "sayings",
]  # fmt: skip

EXPERIENCES = Path(__file__).parent / "experiences.yaml"
_WORDS = Path(__file__).parent / "words.yaml"
_LOG = logging.getLogger(__name__)

Facet = Literal["structure", "departement", "region", "secteur", "mission", "principe", "stade"]
FACETS: tuple[Facet, ...] = ("structure", "departement", "region", "secteur", "mission", "principe", "stade")
# Key words of the manual's index that name a stage of a project.
_STAGES = (
    ("emergence", "Expérimentation / émergence"),
    ("consolidation", "Pérennisation / consolidation"),
    ("essaimage", "Transfert / essaimage"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an experience is, and the words of the fiche that say so."""

    value: str
    quote: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Experience:
    """One experience.

    Attributes:
        fiche: Its fiche.
        structures: Kinds of structure that carried it.
        sectors: What it is about.
        milieu: Rural, urban or both; None when the fiche does not say.
        regions: Regions of today, from its département or, failing that, from its own words.
        missions: Ids of the missions it illustrates.
        principles: Ids of the principles it illustrates.
        stages: Stages under which the manual's index names it.
        place: Where its département is; None when it names none.
    """

    fiche: Fiche
    structures: tuple[Fact, ...] = ()
    sectors: tuple[Fact, ...] = ()
    milieu: Fact | None = None
    regions: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    place: Place | None = None

    def values(self, facet: Facet) -> tuple[str, ...]:
        """What it is in one facet."""
        if facet == "structure":
            return tuple(f.value for f in self.structures)
        if facet == "secteur":
            return tuple(f.value for f in self.sectors)
        if facet == "departement":
            return (self.fiche.departement,) if self.fiche.departement else ()
        by_facet = {"region": self.regions, "mission": self.missions, "principe": self.principles}
        return by_facet.get(facet, self.stages)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was described and what the experience is, where the two part.

    Attributes:
        kind: ``structure``, ``sector`` or ``milieu``.
        asked: What the description names.
        here: What the experience is.
    """

    kind: str
    asked: tuple[str, ...]
    here: tuple[str, ...]


def load_experiences(manual: Manual, path: Path = EXPERIENCES, *, strict: bool = False) -> tuple[Experience, ...]:
    """The experiences of a manual, in printed order.

    Args:
        manual: The manual.
        path: The reviewed data.
        strict: Whether a fact that the fiche no longer says is an error; else it is left out and logged, since an
            edited fiche must not take the page down.

    Raises:
        DiscoveryError: The file is malformed or, when strict, a fact is not grounded.
    """
    raw = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(raw, dict):
        raise DiscoveryError(f"{path.name} : une entrée par fiche est attendue")
    places = load_places()
    fiches = [f for f in manual.fiches if f.type == "experience"]
    unknown = sorted(set(raw) - {f.id for f in fiches})
    if unknown and strict:
        raise DiscoveryError(f"{path.name} : pas d'expérience {', '.join(unknown)} dans le manuel")
    return tuple(_experience(f, raw.get(f.id) or {}, places, strict) for f in fiches)


def _experience(fiche: Fiche, raw: dict[str, Any], places: dict[str, Place], strict: bool) -> Experience:
    def facts(field: str) -> tuple[Fact, ...]:
        return tuple(_facts(fiche, field, raw.get(field) or {}, strict))

    place = places.get(fiche.departement or "")
    targets = dict.fromkeys(r.to for r in fiche.references if r.kind == "dimension")
    keywords = [k.term for k in fiche.keywords]
    return Experience(
        fiche=fiche,
        structures=facts("structures"),
        sectors=facts("sectors"),
        milieu=next(iter(facts("milieu")), None),
        regions=(place.region,) if place else tuple(f.value for f in facts("regions")),
        missions=tuple(sorted(i for i in targets if i.startswith("I-C-1-"))),
        principles=tuple(sorted(i for i in targets if i.startswith("I-C-2-"))),
        stages=tuple(key for key, start in _STAGES if any(k.startswith(start) for k in keywords)),
        place=place,
    )


def _facts(fiche: Fiche, field: str, raw: dict[str, str], strict: bool) -> Iterator[Fact]:
    for value, quote in raw.items():
        try:
            yield Fact(value, quote, find_anchor(fiche, quote, f"experiences.yaml, {fiche.id}, {field}.{value}"))
        except DiscoveryError as error:
            if strict:
                raise
            _LOG.warning("%s", error)


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that name one thing: longer ones in any writing, acronyms where they cannot be something else."""

    longer: re.Pattern[str]
    acronyms: re.Pattern[str]
    small: re.Pattern[str]

    @classmethod
    def of(cls, words: list[str]) -> _Words:
        # A longer word may go on (« mobilités »). « ai » is a verb unless a determiner stands before it.
        longer = "|".join(re.escape(fold(w)) for w in words if not w.isupper())
        short = "|".join(w for w in words if w.isupper()) or "(?!)"
        return cls(
            re.compile(rf"\b(?:{longer})"),
            re.compile(rf"(?<![jJnN]['’])\b(?:{short})\b"),
            re.compile(rf"\b(?:une?|des|nos|notre|votre|cette|cet|ces) (?:{short.lower()})\b"),
        )

    def name(self, text: str, folded: str) -> bool:
        """Whether they stand in a text, given as it is and folded."""
        return bool(self.longer.search(folded) or self.acronyms.search(text) or self.small.search(folded))


@cache
def _words() -> dict[str, dict[str, _Words]]:
    raw = yaml.safe_load(_WORDS.read_text("utf-8"))
    return {kind: {value: _Words.of(words) for value, words in values.items()} for kind, values in raw.items()}


@lru_cache(maxsize=256)
def _named(text: str) -> dict[str, tuple[str, ...]]:
    """What a text names, by kind: structures, sectors, settings."""
    folded = fold(text)
    return {
        kind: tuple(v for v, words in values.items() if words.name(text, folded))
        for kind, values in _words().items()
    }


def _there(experience: Experience) -> dict[str, tuple[str, ...]]:
    return {
        "structure": tuple(f.value for f in experience.structures),
        "sector": tuple(f.value for f in experience.sectors),
        "milieu": (experience.milieu.value,) if experience.milieu else (),
    }


def likenesses(description: str, experience: Experience) -> list[tuple[str, str]]:
    """What a description names and an experience is: pairs of a kind (structure, sector, milieu) and a value."""
    there = _there(experience)
    return [(kind, v) for kind, values in _named(description).items() for v in values if v in there[kind]]


def differences(description: str, experience: Experience, alike: Iterable[str] = ()) -> list[Difference]:
    """Where a described project and an experience part, as far as words tell.

    Args:
        description: As typed.
        experience: What it is compared with.
        alike: What is said elsewhere to be alike: never told here as a difference.

    Returns:
        One for each of structure, sector and milieu that the description names and the experience does not share.
    """
    there, said = _there(experience), _named(" ; ".join(alike))
    out = []
    for kind, asked in _named(description).items():
        here = there[kind]
        shared = set(asked) & {*here, *said[kind]} or (kind == "milieu" and "mixte" in here)
        if asked and here and not shared:
            out.append(Difference(kind, asked, here))
    return out


def sayings(fiche: Fiche, wanted: Callable[[str], object], limit: int = 3) -> list[tuple[str, str]]:
    """Sentences of an experience's account that speak of something, word for word.

    Args:
        fiche: The experience.
        wanted: Whether a sentence does.
        limit: How many at most.

    Returns:
        Pairs of a section's anchor and a sentence.
    """
    roles = ("contexte", "experience", "points_marquants", "questionnements")
    out: list[tuple[str, str]] = []
    for section in fiche.sections:
        if section.role not in roles:
            continue
        for block in section.blocks:
            if block.kind == "paragraph":
                found = (s.strip() for s in re.split(r"(?<=[.!?])\s+(?=[A-ZÀÉÈÊ«L])", block.text))
                out += [(section.anchor, s) for s in found if len(s) > 60 and wanted(s)]
    return out[:limit]
