"""The HTTP API as one application: routes, MCP, and guards that stand before whatever is mounted beside.

api = create_api(assistant, settings)     # complete; uvicorn can serve it as it is
api.include_router(pages)                 # more routes
gradio.mount_gradio_app(api, app, "/")    # last: a mount at / takes what no route above took
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from assistant.http.guard import BodyGuard, Observer, RateGuard, SignIn
from assistant.http.metrics import Metrics
from assistant.http.openai_chat import openai_router
from assistant.http.operations import operations_router
from assistant.http.passwords import Users
from assistant.http.problems import add_handlers
from assistant.http.reference import reference_page
from assistant.http.routes import api_router
from assistant.http.widget import parse_origins, widget_router
from assistant.http.workers import Workers
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["create_api"]

_DESCRIPTION = (
    "Cited answers from COORACE's reference manual (solidarity-based territorial development, 2010). "
    "Messages follow Accept-Language (French, English); every response bears X-Request-ID."
)


def _version() -> str:
    try:
        return version("assistant-manuel-dts")
    except PackageNotFoundError:
        return "0"


def create_api(assistant: Assistant, settings: Settings, *, workers: Workers | None = None) -> FastAPI:
    """Make the application.

    Args:
        assistant: What answers.
        settings: Limits, users, widget origins.
        workers: Places for engine calls; None for the usual number.

    Raises:
        SettingsError: The file of users or an origin is wrong.
    """
    # Imported here: the MCP tools stand on modules of this package, whose __init__ imports this one.
    from assistant.mcp_server import McpDoor

    workers, metrics = workers or Workers(), Metrics()
    door = McpDoor(assistant, workers.run)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with door.open():
            yield

    # FastAPI's own documentation pages load scripts from a public network; /api/docs needs none.
    app = FastAPI(
        title="Assistant du manuel DTS",
        version=_version(),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    add_handlers(app)
    _add_guards(app, settings, metrics)
    app.include_router(api_router(assistant, workers, metrics))
    app.include_router(openai_router(assistant, workers, metrics))
    app.include_router(operations_router(assistant, workers, metrics))
    app.include_router(widget_router())
    app.router.routes.append(Route("/mcp", endpoint=door, include_in_schema=False))

    @app.get("/api/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        return HTMLResponse(reference_page(request.app.openapi()))

    return app


def _add_guards(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """Put the guards in place; the last added stands outermost."""
    origins = parse_origins(settings.widget_origins)
    app.add_middleware(BodyGuard)
    if settings.auth_file:
        app.add_middleware(SignIn, users=Users(Path(settings.auth_file)), metrics=metrics)
    app.add_middleware(RateGuard, per_minute=settings.rate_limit, metrics=metrics)
    if origins:
        # Outside the sign-in: a browser's preliminary request carries no password.
        app.add_middleware(
            CORSMiddleware,
            allow_origin_regex="|".join(re.escape(o).replace(r"\*", r"[A-Za-z0-9.-]+") for o in origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Accept-Language", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    app.add_middleware(Observer, metrics=metrics, frame_ancestors=origins)
