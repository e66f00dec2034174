"""``/experiences``: find those that resemble a project, filter them, see where they are, compare them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.answer import Answer, Citation
from assistant.discovery.experiences import FACETS, Experience, load_experiences, sayings
from assistant.discovery.france import HEIGHT, WIDTH, outline, spread
from assistant.ui.catalogue import Texts
from assistant.ui.links import FicheRef
from assistant.ui.told import told_differences
from assistant.web.pages_frame import Frame, fragment_or_page, frame_of
from corpus.model import Manual
from index.text import fold

__all__ = ["experiences_router"]

_LOG = logging.getLogger(__name__)
_LONGEST = 2000  # characters of a described project
_MOST = 3  # experiences side by side
_GAP = 27.0  # least distance between two points of the map
_PARTNERS = re.compile(r"\bpartenai|\bpartenaria|\balliance|en lien avec|avec l'appui|associant", re.I).search
_MODEL = re.compile(
    r"modèle économique|financ|chiffre d'affaires|subvention|\bcoûts?\b|ressources propres|autofinanc", re.I
).search


@dataclass(frozen=True, slots=True)
class Card:
    """An experience as the list shows it."""

    experience: Experience
    why: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """An experience on the map: where it is drawn, and where its département is."""

    experience: Experience
    x: float
    y: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """What the similar-experience search gave: cards best first, and what to tell when it gave none."""

    cards: tuple[Card, ...] = ()
    notice: str = ""
    language: str = "fr"


def _points(experiences: tuple[Experience, ...], kept: set[str]) -> list[Point]:
    placed = [e for e in experiences if e.place]
    spots = spread([(e.place.x, e.place.y) for e in placed if e.place], _GAP)
    return [Point(e, x, y, e.fiche.id in kept) for e, (x, y) in zip(placed, spots, strict=True)]


def _options(
    experiences: tuple[Experience, ...], texts: Texts, manual: Manual
) -> dict[str, list[tuple[str, str, int]]]:
    """For each facet, its values that occur, with their labels and counts."""
    out: dict[str, list[tuple[str, str, int]]] = {}
    for facet in FACETS:
        counts: dict[str, int] = {}
        for experience in experiences:
            for value in experience.values(facet):
                counts[value] = counts.get(value, 0) + 1
        labelled = [(v, _label(facet, v, texts, manual), n) for v, n in counts.items()]
        by_id = facet in ("mission", "principe")
        out[facet] = sorted(labelled, key=lambda o: o[0] if by_id else fold(o[1]))
    return out


def _label(facet: str, value: str, texts: Texts, manual: Manual) -> str:
    if facet in ("mission", "principe"):
        fiche = manual.get(value)
        return (fiche.toc_title or fiche.title) if fiche else value
    catalogued = {"structure": "structure", "secteur": "sector", "stade": "stage"}
    return texts(f"{catalogued[facet]}.{value}") if facet in catalogued else value


class _Ranker:
    def __init__(self, experiences: tuple[Experience, ...], similar: Callable[[str], Answer]) -> None:
        self.by_id = {e.fiche.id: e for e in experiences}
        self.similar = similar

    def rank(self, project: str, texts: Texts) -> Ranked:
        """Experiences that resemble a project; a fault of the engine is told, and never takes the page down."""
        if not project:
            return Ranked()
        try:
            answer = self.similar(project)
        except Exception:  # any engine may be behind: the list and the map must stay usable whatever it raises
            _LOG.exception("similar experiences")
            return Ranked(notice=texts("experiences.failed"))
        links = (link for link in answer.experiences if link.id in self.by_id)
        cards = tuple(self._card(answer, link.id, link.why, project, texts) for link in links)
        return Ranked(cards, "" if cards else texts("experiences.none_alike"), answer.language)

    def _card(self, answer: Answer, fiche_id: str, why: tuple[str, ...], project: str, texts: Texts) -> Card:
        experience = self.by_id[fiche_id]
        citation = next((c for c in answer.citations if c.fiche == fiche_id), None)
        return Card(experience, why, told_differences(project, experience, why, texts), citation)


def experiences_router(manual: Manual, similar: Callable[[str], Answer]) -> APIRouter:
    """Routes ``/experiences`` and ``/experiences/comparer``.

    Args:
        manual: The manual.
        similar: The similar-experience search.
    """
    router = APIRouter(include_in_schema=False)
    experiences = load_experiences(manual)
    ranker = _Ranker(experiences, similar)
    by_id = ranker.by_id
    refs = {f.id: FicheRef(f.id, f.type, f.title) for f in manual}

    @router.get("/experiences")
    def page(request: Request, projet: str = "") -> HTMLResponse:
        frame = frame_of(request)
        project = projet.strip()[:_LONGEST]
        chosen = {f: request.query_params[f] for f in FACETS if request.query_params.get(f)}
        kept = [e for e in experiences if all(value in e.values(f) for f, value in chosen.items())]
        ids = {e.fiche.id for e in kept}
        ranked = ranker.rank(project, frame.texts)
        first = [c for c in ranked.cards if c.experience.fiche.id in ids]
        listed = {c.experience.fiche.id for c in first}
        return fragment_or_page(
            frame, "pages/experiences.html", fragment="pages/experiences_list.html", current="experiences",
            title=frame.texts("experiences.title"), manual=manual, project=project, chosen=chosen, facets=FACETS,
            options=_options(experiences, frame.texts, manual), ranked=ranked, first=first,
            others=[Card(e) for e in kept if e.fiche.id not in listed], total=len(experiences), shown=len(kept),
            points=_points(experiences, ids), outline=outline(), width=WIDTH, height=HEIGHT,
            unplaced=[e for e in kept if not e.place],
        )  # fmt: skip

    @router.get("/experiences/comparer")
    def compare(request: Request, ids: Annotated[tuple[str, ...], Query()] = ()) -> HTMLResponse:
        frame = frame_of(request)
        asked = list(dict.fromkeys(i.strip().upper() for raw in ids for i in raw.split(",") if i.strip()))
        found = [by_id[i] for i in asked if i in by_id]
        return _compared(frame, found[:_MOST], [i for i in asked if i not in by_id], len(found) > _MOST)

    def _compared(frame: Frame, found: list[Experience], unknown: list[str], cut: bool) -> HTMLResponse:
        return fragment_or_page(
            frame, "pages/compare.html", current="experiences", title=frame.texts("compare.title"), manual=manual,
            compared=found, unknown=", ".join(unknown)[:80], cut=cut, refs=refs, experiences=experiences,
            partners=[sayings(e.fiche, _PARTNERS) for e in found], model=[sayings(e.fiche, _MODEL) for e in found],
            status=404 if unknown and not found else 200,
        )  # fmt: skip

    return router
