"""``/fiches``: the fiches by part and type, by key word, and by the words they hold."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.discovery.searching import Found, TextSearch
from assistant.web.fiche_view import TYPE_ORDER
from assistant.web.pages_frame import Frame, fragment_or_page, frame_of
from corpus.model import Fiche, FicheType, IndexEntry, Manual
from index.text import fold

__all__ = ["fiches_router"]

_LONGEST = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Group:
    """The fiches of one type."""

    type: FicheType
    part: str
    fiches: tuple[Fiche, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """A search made: what was asked, what was found, and which words were read otherwise."""

    query: str
    found: tuple[Found, ...] = ()
    corrected: tuple[str, ...] = ()


def _groups(manual: Manual) -> tuple[Group, ...]:
    every = (*manual.fiches, *manual.units)
    found = ((kind, tuple(f for f in every if f.type == kind)) for kind in TYPE_ORDER)
    return tuple(Group(kind, fiches[0].part, fiches) for kind, fiches in found if fiches)


def _searched(search: TextSearch, query: str) -> Searched:
    query = " ".join(query.split())[:_LONGEST]
    if not query:
        return Searched("")
    found, corrected = search.search(query)
    return Searched(query, tuple(found), tuple(corrected.values()))


def _entry(manual: Manual, term: str) -> IndexEntry | None:
    return next((e for e in manual.index if fold(e.term) == fold(term)), None)


def fiches_router(manual: Manual) -> APIRouter:
    """Routes ``/fiches`` and ``/fiches/recherche``.

    Args:
        manual: The manual to browse.
    """
    router = APIRouter(include_in_schema=False)
    search, groups = TextSearch(manual), _groups(manual)
    index = tuple(sorted(manual.index, key=lambda e: fold(e.term)))

    def results(frame: Frame, q: str, fragment: str) -> HTMLResponse:
        return fragment_or_page(
            frame, "pages/fiches.html", fragment=fragment, current="fiches", title=frame.texts("fiches.title"),
            groups=groups, index=index, manual=manual, view="types", kind="", entry=None,
            searched=_searched(search, q),
        )  # fmt: skip

    @router.get("/fiches/recherche")
    def find(request: Request, q: str = "") -> HTMLResponse:
        """The fragment that is put in place as one types; a whole page for who opens its address."""
        return results(frame_of(request), q, "pages/results.html")

    @router.get("/fiches")
    def fiches(request: Request, q: str = "", vue: str = "", type: str = "", mot: str = "") -> HTMLResponse:
        frame = frame_of(request)
        if q.strip():
            return results(frame, q, "pages/results.html")
        entry = _entry(manual, mot) if mot else None
        view = "entry" if entry else "missing" if mot else "words" if vue == "mots" else "types"
        shown = tuple(g for g in groups if g.type == type) or groups
        return fragment_or_page(
            frame, "pages/fiches.html", current="fiches", title=frame.texts("fiches.title"), groups=shown,
            index=index, manual=manual, view=view, kind=type if len(shown) == 1 else "", entry=entry,
            searched=Searched(""), status=404 if view == "missing" else 200,
        )  # fmt: skip

    return router
