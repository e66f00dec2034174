"""``/decouverte`` and ``/glossaire``: paths for newcomers, and the words they meet."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.discovery.paths import load_paths
from assistant.web.pages_frame import Frame, fragment_or_page, frame_of
from corpus.glossary import GlossaryEntry, build_glossary
from corpus.model import Manual
from index.text import fold

__all__ = ["discovery_router"]

_KINDS = ("sigle", "organisme", "notion")
_ENGLISH = frozenset({"work integration", "empowerment"})  # variants that the data keeps for English questions


def _initial(entry: GlossaryEntry) -> str:
    return fold(entry.term)[:1].upper()


def _holds(entry: GlossaryEntry, query: str) -> bool:
    """Whether an entry's names hold every word of a query, or its definition does."""
    text = " ".join((entry.term, entry.expansion, *entry.variants, entry.quote or "", entry.note))
    folded = fold(text.replace("*", ""))
    return all(word in folded for word in fold(query).split())


def discovery_router(manual: Manual) -> APIRouter:
    """Routes ``/decouverte``, ``/decouverte/{profile}``, its summary, and ``/glossaire``.

    Args:
        manual: The manual the paths lead through.
    """
    router = APIRouter(include_in_schema=False)
    paths = {p.key: p for p in load_paths(manual)}
    entries = sorted(build_glossary(manual), key=lambda e: fold(e.term))

    def path_page(frame: Frame, key: str, template: str) -> HTMLResponse:
        path = paths.get(key)
        if path is None:
            return index_page(frame, status=404)
        title = path.title[frame.language]
        return fragment_or_page(frame, template, current="decouverte", title=title, path=path, manual=manual)

    def index_page(frame: Frame, status: int = 200) -> HTMLResponse:
        return fragment_or_page(
            frame, "pages/discovery.html", current="decouverte", title=frame.texts("discovery.title"),
            paths=tuple(paths.values()), missing=status == 404, status=status,
        )  # fmt: skip

    @router.get("/decouverte")
    def index(request: Request) -> HTMLResponse:
        return index_page(frame_of(request))

    @router.get("/decouverte/{profile}")
    def path(request: Request, profile: str) -> HTMLResponse:
        return path_page(frame_of(request), profile, "pages/path.html")

    @router.get("/decouverte/{profile}/resume")
    def summary(request: Request, profile: str) -> HTMLResponse:
        return path_page(frame_of(request), profile, "pages/summary.html")

    @router.get("/glossaire")
    def glossary(request: Request, q: str = "", sorte: str = "") -> HTMLResponse:
        frame = frame_of(request)
        kind = sorte if sorte in _KINDS else ""
        shown = [e for e in entries if (not kind or e.kind == kind) and _holds(e, q[:200])]
        return fragment_or_page(
            frame, "pages/glossary.html", fragment="pages/glossary_list.html", current="decouverte",
            title=frame.texts("glossary.title"), q=q[:200], kind=kind, kinds=_KINDS, manual=manual, initial=_initial,
            english=_ENGLISH,
            entries=shown, letters=list(dict.fromkeys(_initial(e) for e in shown)), total=len(entries),
        )  # fmt: skip

    return router
