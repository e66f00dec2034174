"""How files reach the browser: compressed once, kept for ever where their name or address carries their digest.

Gradio reads, hashes and compresses each of its forty small files anew at every visit, says nothing of how long they
may be kept, and names most of them only in the file that wants them: on a small machine that is most of the wait
until the Assistant page can be used. Here they are served from memory, and the page's head names them at once.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import gradio
from fastapi import APIRouter, Request
from fastapi.responses import Response

__all__ = ["EARLY", "GRADIO_ASSETS", "deliver", "early_assets", "gradio_assets_router"]

GRADIO_ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
EARLY = Path(__file__).parent / "early_assets.json"
_TEXT = (".js", ".css", ".svg", ".json")
_SMALL = 500  # bytes: below, compression gains nothing
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    media: str
    plain: bytes
    packed: bytes


@cache
def _file(path: Path) -> _File:
    plain, media = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = path.suffix in _TEXT and len(plain) > _SMALL
    return _File(media, plain, gzip.compress(plain, 9) if packed else b"")


def deliver(request: Request, path: Path, *, lasting: bool) -> Response:
    """A file, packed for browsers that say they unpack; 404 where there is none.

    Args:
        request: Who asks.
        path: The file; which folder it may lie in is the caller's to check.
        lasting: Whether its address changes with its content, so that it may be kept for ever.
    """
    if not path.is_file():  # asked before the cache: names that strangers make up must not fill it
        return Response(status_code=404)
    found = _file(path)
    headers = {"Cache-Control": _FOR_EVER if lasting else "no-cache", "Vary": "Accept-Encoding"}
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.media, headers=headers | {"Content-Encoding": "gzip"})
    return Response(found.plain, media_type=found.media, headers=headers)


@cache
def early_assets() -> tuple[str, ...]:
    """Names of Gradio's files that the Assistant page asks for; those that another version lacks are left out.

    ``python -m bench.page_weight`` measures them.
    """
    return tuple(n for n in json.loads(EARLY.read_text("utf-8")) if (GRADIO_ASSETS / n).is_file())


def gradio_assets_router() -> APIRouter:
    """Route ``/assets/{name}``: Gradio's scripts, styles and fonts, whose names carry their digest."""
    router = APIRouter(include_in_schema=False)
    for name in early_assets():
        _file(GRADIO_ASSETS / name)  # packed before the first visit

    @router.get("/assets/{name}")
    async def asset(request: Request, name: str) -> Response:
        return deliver(request, GRADIO_ASSETS / name, lasting=True)

    return router
