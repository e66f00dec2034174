"""Every page that needs no Gradio beside a fiche's own, as one router.

    app.include_router(fiche_router(manual))
    app.include_router(pages_router(manual, assistant.similar, settings))

Both go in before Gradio is mounted at ``/``, which takes whatever no route above it took.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.answer import Answer
from assistant.settings import Settings
from assistant.web.pages_about import about_router
from assistant.web.pages_discovery import discovery_router
from assistant.web.pages_experiences import experiences_router
from assistant.web.pages_fiches import fiches_router
from assistant.web.pages_frame import serve_asset
from assistant.web.pages_map import map_router
from corpus.model import Manual

__all__ = ["pages_router"]


def pages_router(manual: Manual, similar: Callable[[str], Answer], settings: Settings) -> APIRouter:
    """The pages.

    Args:
        manual: The manual they show.
        similar: The similar-experience search.
        settings: The settings.
    """
    router = APIRouter(include_in_schema=False)
    router.include_router(fiches_router(manual))
    router.include_router(experiences_router(manual, similar))
    router.include_router(discovery_router(manual))
    router.include_router(map_router(manual))
    router.include_router(about_router(manual, settings))

    @router.get("/static/pages/{name}")
    async def asset(request: Request, name: str, v: str = "") -> Response:
        return serve_asset(request, name, v)

    return router
