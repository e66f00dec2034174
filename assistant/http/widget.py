"""The assistant in another site: the script, and which sites may use it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.errors import SettingsError

__all__ = ["parse_origins", "widget_router"]

# A scheme, a host that may begin with *., a port. Anything else could end the header it is written in.
_ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


def parse_origins(setting: str) -> tuple[str, ...]:
    """The origins of ``ASSISTANT_WIDGET_ORIGINS``.

    Raises:
        SettingsError: One is not an origin.
    """
    origins = tuple(part.strip().rstrip("/") for part in setting.split(",") if part.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"ASSISTANT_WIDGET_ORIGINS={origin}: not an origin. Give https://HOST or https://HOST:PORT, "
                "parted by commas; https://*.HOST for all its subdomains."
            )
    return origins


def widget_router() -> APIRouter:
    """``/widget.js``."""
    router = APIRouter(tags=["widget"])
    body = Path(__file__).with_name("widget.js").read_bytes()
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }

    @router.get("/widget.js", summary="The widget's script, for one line in another site")
    async def script(request: Request) -> Response:
        """Puts a button into the page that opens the assistant in a sandboxed frame."""
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)

    return router
