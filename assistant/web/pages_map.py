"""``/carte``: the network of fiches, as a picture and as a list; one fiche's neighbourhood; a path between two."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from assistant.discovery.network import KINDS, SIZE, Edge, Network
from assistant.web.pages_frame import fragment_or_page, frame_of
from corpus.model import Fiche, Manual
from corpus.references import normalise_id

__all__ = ["map_router"]


def _meant(network: Network, asked: str) -> Fiche | None:
    """The fiche an address names, however it is spelt; None for an empty or unknown one."""
    return network.fiches.get(asked.strip()) or network.fiches.get(normalise_id(asked[:40]))


def _ordered(network: Network, edges: list[Edge], *, other: str) -> list[Edge]:
    order = {i: k for k, i in enumerate(network.fiches)}
    return sorted(edges, key=lambda e: order[getattr(e, other)])


def map_router(manual: Manual) -> APIRouter:
    """Route ``/carte``.

    Args:
        manual: The manual whose references are drawn.
    """
    router = APIRouter(include_in_schema=False)
    network = Network(manual)

    @router.get("/carte")
    def page(
        request: Request, fiche: str = "", de: str = "", a: str = "", lien: Annotated[tuple[str, ...], Query()] = ()
    ) -> HTMLResponse:
        frame = frame_of(request)
        centre, start, end = _meant(network, fiche), _meant(network, de), _meant(network, a)
        kinds = tuple(k for k in KINDS if k in lien)
        hops = network.path(start.id, end.id) if start and end and start != end else None
        asked = [x for x, found in ((fiche, centre), (de, start), (a, end)) if x.strip() and not found]
        view = "path" if start and end else "near" if centre else "whole"
        return fragment_or_page(
            frame, "pages/map.html", fragment="pages/map_picture.html", current="carte",
            title=frame.texts("map.title"), network=network, size=SIZE, kinds=KINDS, chosen=kinds,
            edges=network.kept(kinds), view=view, centre=centre, start=start, end=end, hops=hops,
            unknown=asked[0][:40] if asked else "", status=404 if asked else 200,
            outgoing=_ordered(network, network.outgoing[centre.id], other="target") if centre else [],
            incoming=_ordered(network, network.incoming[centre.id], other="source") if centre else [],
        )  # fmt: skip

    return router
