"""What every request passes before it reaches a route: its id, sign-in, limits; what every response bears.

Plain ASGI, not ``BaseHTTPMiddleware``: streams must pass through unbuffered, and their reader's leaving must
reach the engine. It guards whatever is mounted beside the API too (the app, MCP).
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
import secrets
import time
from collections.abc import Sequence

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.http.limits import RateLimiter, address_of
from assistant.http.metrics import Metrics
from assistant.http.passwords import Users
from assistant.http.problems import language_of, problem_response
from assistant.http.texts import text

__all__ = ["API_PREFIXES", "MAX_API_BODY", "BodyGuard", "Observer", "RateGuard", "SignIn"]

API_PREFIXES = ("/api/", "/v1/", "/mcp")
OPEN_PATHS = ("/healthz", "/readyz")
MAX_API_BODY = 512 * 1024  # bytes: fifty long messages fit
MAX_OTHER_BODY = 16 * 1024 * 1024
FAILURES_A_MINUTE = 10
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = logging.getLogger("assistant.http")


def _is_api(path: str) -> bool:
    return path.startswith(API_PREFIXES)


def _template(scope: Scope) -> str:
    """The route's path with its parameters unfilled: a label must not take as many values as people type."""
    if not isinstance(scope.get("route"), Route):
        return "(other)"
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}")
    return path


class Observer:
    """Gives each request an id, counts and times it, and marks each response with who may frame it.

    Args:
        app: What it stands before.
        metrics: Where requests are counted.
        frame_ancestors: Origins that may frame pages, beside the app's own.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, frame_ancestors: Sequence[str] = ()) -> None:
        self._app, self._metrics = app, metrics
        self._policy = " ".join(("frame-ancestors 'self'", *frame_ancestors))
        self._alone = not frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, marked and counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._mark(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            _log.exception("%s %s failed", request_id, scope["path"])
            if status:
                raise  # too late to say so in a status: the connection is cut
            message = text(language_of(scope), "internal", request_id=request_id)
            await problem_response(scope, 500, message, code="internal")(scope, receive, sending)
        finally:
            self._metrics.request(
                _template(scope), scope["method"], status or 499, time.perf_counter() - started
            )

    def _mark(self, headers: MutableHeaders, request_id: str) -> None:
        headers["x-request-id"] = request_id
        headers.setdefault("x-content-type-options", "nosniff")
        headers.setdefault("referrer-policy", "same-origin")
        if headers.get("content-type", "").startswith("text/html"):
            # Appended, not set: a page's own policy stays, and browsers apply both.
            headers.append("content-security-policy", self._policy)
            if self._alone:
                headers.setdefault("x-frame-options", "SAMEORIGIN")


class RateGuard:
    """Turns an address away that asks too often.

    Args:
        app: What it stands before.
        per_minute: Requests a minute; 0 for no limit.
        metrics: Where those turned away are counted.
    """

    def __init__(self, app: ASGIApp, per_minute: int, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._limiter = RateLimiter(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say when to come back."""
        if scope["type"] == "http" and _is_api(scope["path"]):
            wait = self._limiter.take(address_of(scope.get("client")), time.monotonic())
            if wait:
                self._metrics.turned_away("rate")
                message = text(
                    language_of(scope), "rate_limited", limit=self._limiter.per_minute, seconds=wait
                )
                headers = {"Retry-After": str(wait)}
                await problem_response(scope, 429, message, code="rate_limited", headers=headers)(
                    scope, receive, send
                )
                return
        await self._app(scope, receive, send)


def _credentials(header: str) -> tuple[str, str] | None:
    """Name and password of an Authorization header.

    Basic, or Bearer with ``name:password`` as the key, which is all an OpenAI client can send.
    """
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return None
    elif scheme.lower() != "bearer":
        return None
    name, colon, password = value.strip().partition(":")
    return (name, password) if colon else None


class SignIn:
    """Lets in only the users of a file; everything but the two probes is behind it.

    Args:
        app: What it stands before.
        users: Who may come in.
        metrics: Where those turned away are counted.
    """

    def __init__(self, app: ASGIApp, users: Users, metrics: Metrics) -> None:
        self._app, self._users, self._metrics = app, users, metrics
        self._failures = RateLimiter(FAILURES_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of a user."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        found = _credentials(Headers(scope=scope).get("authorization", ""))
        if found and await self._admit(scope, *found):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._refuse(scope, receive, send, tried=found is not None)

    async def _admit(self, scope: Scope, name: str, password: str) -> bool:
        if self._users.remembers(name, password):
            return True
        # Looked at before the costly check: guessing must not keep the processors busy.
        if self._failures.empty(address_of(scope.get("client")), time.monotonic()):
            return False
        return await anyio.to_thread.run_sync(self._users.admit, name, password)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, *, tried: bool) -> None:
        language = language_of(scope)
        self._metrics.turned_away("sign_in")
        if tried and self._failures.take(address_of(scope.get("client")), time.monotonic()):
            message, headers = text(language, "too_many_failures"), {"Retry-After": "60"}
            response = problem_response(scope, 429, message, code="too_many_failures", headers=headers)
        else:
            headers = {"WWW-Authenticate": 'Basic realm="assistant", charset="UTF-8"'}
            response = problem_response(
                scope, 401, text(language, "sign_in"), code="sign_in", headers=headers
            )
        await response(scope, receive, send)


class BodyGuard:
    """Refuses a body that is too large, by its announced length or as it comes in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose body is of a fair size."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = MAX_API_BODY if _is_api(scope["path"]) else MAX_OTHER_BODY
        message = text(language_of(scope), "body_too_large", limit=limit)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and (len(announced) > 12 or int(announced) > limit):
            await problem_response(scope, 413, message, code="body_too_large")(scope, receive, send)
            return
        received = 0

        async def receiving() -> Message:
            nonlocal received
            part = await receive()
            received += len(part.get("body", b""))
            if received > limit:
                raise HTTPException(413, message)
            return part

        await self._app(scope, receiving, send)
