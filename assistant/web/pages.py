"""Routes of the pages that need no Gradio: a fiche's page, one for a missing fiche, static files."""

from __future__ import annotations

import difflib
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.markup.marking import Passage
from assistant.ui.catalogue import Texts, load_texts
from assistant.ui.links import STATIC, FicheRef, fiche_url
from assistant.ui.templating import render
from assistant.web.delivery import deliver
from assistant.web.fiche_view import FicheView, view_fiche
from corpus.model import Fiche, Manual
from corpus.references import normalise_id

__all__ = ["fiche_page", "fiche_router", "near_fiches", "not_found_page"]



def near_fiches(manual: Manual, asked: str, limit: int = 4) -> list[Fiche]:
    """Fiches whose ids look most like what was asked, likest first."""
    ids = {f.id.casefold(): f for f in manual}
    close = difflib.get_close_matches(asked[:60].casefold(), ids, n=limit, cutoff=0.3)
    return [ids[i] for i in close]


def _heading_levels(view: FicheView) -> None:
    """Give each section a level that skips none: the page's h1 is the title."""
    depth = 1
    for section in view.sections:
        if section.section.heading:
            section.level = depth = min(section.section.level, depth + 1)


def fiche_page(manual: Manual, view: FicheView, texts: Texts, other_url: str) -> str:
    """HTML of a fiche's page.

    Args:
        manual: The manual it stands in.
        view: The fiche, made ready.
        texts: The catalogue of the frame; the fiche itself stays in French.
        other_url: The same page in the other language.
    """
    _heading_levels(view)
    home = "/en" if texts.language == "en" else "/"
    return render(
        "fiche.html", texts, view=view, fiche=view.fiche, title=f"{view.fiche.id} {view.fiche.title}",
        current="", other_url=other_url, ask_url=f"{home}?fiche={quote(view.fiche.id)}",
        edition=manual.edition,
    )  # fmt: skip


def not_found_page(manual: Manual, asked: str, texts: Texts) -> str:
    """HTML shown for an id that no fiche has."""
    near = [FicheRef(f.id, f.type, f.title) for f in near_fiches(manual, asked)]
    other = "en" if texts.language == "fr" else "fr"
    return render(
        "not_found.html", texts, asked=asked[:60], near=near, title=texts("not_found.page_title"), current="",
        other_url=fiche_url(asked[:60], other),
    )  # fmt: skip


def _other_language(request: Request, language: str) -> str:
    """The same address, marked passage and all, in the other language."""
    url = request.url.remove_query_params("lang")
    url = url if language == "en" else url.include_query_params(lang="en")
    return url.path + (f"?{url.query}" if url.query else "")


def _canonical(manual: Manual, asked: str) -> str | None:
    """The fiche meant by an id written otherwise (« iii-3 », « I-C-2-A »)."""
    for spelling in (normalise_id(asked), asked.upper()):
        if manual.get(spelling):
            return spelling
    return None


def fiche_router(manual: Manual) -> APIRouter:
    """Routes ``/fiche/{id}`` and ``/static/{name}``.

    Args:
        manual: The manual to show.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/fiche/{fiche_id}")
    def fiche(
        request: Request, fiche_id: str, lang: str = "fr",
        q: Annotated[str, Query(max_length=6000)] = "", to: Annotated[str, Query(max_length=6000)] = "",
        s: Annotated[str, Query(max_length=300)] = "", b: int | None = None, note: int | None = None,
    ) -> Response:  # fmt: skip
        texts = load_texts(lang)
        found = manual.get(fiche_id)
        if found is None:
            meant = _canonical(manual, fiche_id)
            if meant:
                query = f"?{request.url.query}" if request.url.query else ""
                return RedirectResponse(f"/fiche/{quote(meant)}{query}", status_code=308)
            return HTMLResponse(not_found_page(manual, fiche_id, texts), status_code=404)
        view = view_fiche(
            manual, found, passage=Passage(q, to) if q.strip() else None, anchor=s, block=b, note=note
        )
        return HTMLResponse(fiche_page(manual, view, texts, _other_language(request, texts.language)))

    @router.get("/static/{name}")
    async def static(request: Request, name: str, v: str = "") -> Response:
        # No path can leave the folder: a route's {name} holds no slash.
        return deliver(request, STATIC / name, lasting=bool(v))

    return router
