"""Errors as JSON, in the caller's language, all of one shape.

``{"detail": MESSAGE, "error": {"message", "type", "code", "param", "request_id"}}``: ``error`` is what
OpenAI clients read, ``detail`` what FastAPI's users expect.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from assistant.errors import AssistantError, InvalidInput
from assistant.http.texts import preferred_language, text
from assistant.http.workers import Busy

__all__ = ["Problem", "add_handlers", "language_of", "problem_response", "request_id_of"]

_log = logging.getLogger("assistant.http")
_TYPES = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
# Pydantic's error types, by the message of ours that says the same.
_VALIDATION = {
    "missing": "missing",
    "string_type": "not_text",
    "list_type": "not_list",
    "model_attributes_type": "not_object",
    "model_type": "not_object",
    "dict_type": "not_object",
    "bool_type": "not_flag",
    "bool_parsing": "not_flag",
    "int_type": "not_number",
    "int_parsing": "not_number",
    "string_too_long": "too_long",
    "string_too_short": "blank",
    "too_short": "blank",
    "too_long": "too_many",
    "literal_error": "not_among",
    "json_invalid": "bad_json",
}


class Problem(Exception):
    """A request that cannot be served.

    Args:
        status: HTTP status.
        key: Message, a key of ``assistant.http.texts``.
        param: Field at fault; None when it is none.
        retry_after: Seconds to wait before trying again; None when waiting does not help.
        values: What fills the message's blanks.
    """

    def __init__(
        self,
        status: int,
        key: str,
        *,
        param: str | None = None,
        retry_after: int | None = None,
        **values: object,
    ) -> None:
        super().__init__(key)
        self.status, self.key, self.param = status, key, param
        self.retry_after, self.values = retry_after, values


def language_of(scope: Scope) -> str:
    """The language a caller wants its messages in."""
    header = next((v for k, v in scope.get("headers", ()) if k == b"accept-language"), b"")
    return preferred_language(header.decode("latin-1"))


def request_id_of(scope: Scope) -> str:
    """The request's id; empty outside the guard."""
    return str(scope.get("state", {}).get("request_id", ""))


def problem_response(
    scope: Scope,
    status: int,
    message: str,
    *,
    code: str,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The JSON of one error."""
    error = {
        "message": message,
        "type": _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
        "code": code,
        "param": param,
        "request_id": request_id_of(scope),
    }
    return JSONResponse({"detail": message, "error": error}, status, headers=dict(headers or {}))


def _status_for_bad_input(scope: Scope) -> int:
    """OpenAI clients know 400 for what the rest of the API calls 422."""
    return 400 if scope["path"].startswith("/v1/") else 422


def _say_validation(language: str, errors: Sequence[Mapping[str, Any]]) -> tuple[str, str | None]:
    """The first fault in words, and the field at fault."""
    error = errors[0]
    place = [str(p) for p in error.get("loc", ()) if p not in ("body", "query", "path")]
    context = error.get("ctx") or {}
    key = _VALIDATION.get(error["type"], "bad_value")
    if key == "bad_json":
        return text(language, key), None
    if not place:
        return text(language, "body_not_object"), None
    field = ".".join(place)
    limit = context.get("max_length", "")
    allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    return text(language, key, field=field, limit=limit, allowed=allowed), field


async def _on_problem(request: Request, problem: Problem) -> JSONResponse:
    message = text(language_of(request.scope), problem.key, **problem.values)
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    return problem_response(
        request.scope, problem.status, message, code=problem.key, param=problem.param, headers=headers
    )


async def _on_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    message, field = _say_validation(language_of(request.scope), error.errors())
    return problem_response(
        request.scope, _status_for_bad_input(request.scope), message, code="invalid_input", param=field
    )


async def _on_busy(request: Request, busy: Busy) -> JSONResponse:
    return await _on_problem(
        request, Problem(503, "busy", retry_after=busy.retry_after, seconds=busy.retry_after)
    )


async def _on_http(request: Request, error: HTTPException) -> JSONResponse:
    language, path = language_of(request.scope), request.scope["path"]
    key = {404: "no_route", 405: "no_method", 413: "body_too_large"}.get(error.status_code)
    message = str(error.detail)
    if error.status_code == 400:
        # FastAPI's word for a body that is no JSON in a way its parser does not name, a million brackets say.
        return problem_response(
            request.scope,
            _status_for_bad_input(request.scope),
            text(language, "bad_json"),
            code="invalid_input",
        )
    if key in ("no_route", "no_method"):
        message = text(language, key, path=path[:200], method=request.method)
    return problem_response(
        request.scope, error.status_code, message, code=key or "http_error", headers=error.headers
    )


async def _on_assistant_error(request: Request, error: AssistantError) -> JSONResponse:
    if isinstance(error, InvalidInput):
        return problem_response(
            request.scope, _status_for_bad_input(request.scope), str(error), code="invalid_input"
        )
    _log.warning("%s: %s", request_id_of(request.scope), error)
    message = text(language_of(request.scope), "engine_failed", request_id=request_id_of(request.scope))
    return problem_response(request.scope, 502, message, code="engine_failed")


def add_handlers(app: FastAPI) -> None:
    """Make every error of the API one of ours."""
    app.add_exception_handler(Problem, _on_problem)  # type: ignore[arg-type]
    app.add_exception_handler(Busy, _on_busy)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _on_validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _on_http)  # type: ignore[arg-type]
    app.add_exception_handler(AssistantError, _on_assistant_error)  # type: ignore[arg-type]
