"""Questions, experiences and the corpus: the routes under ``/api``."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from assistant.answer import Answer
from assistant.http.metrics import Metrics
from assistant.http.problems import Problem
from assistant.http.schemas import AnswerOut, AskIn, ErrorOut, FichesOut, SimilarIn
from assistant.http.workers import Workers
from corpus.export import export_manual, fiche_to_dict
from corpus.model import Fiche, Manual
from corpus.references import normalise_id

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["api_router", "checked_engine", "find_fiche"]

Filter = Annotated[str | None, Query(max_length=100)]
_ERRORS: dict[int | str, dict[str, Any]] = {
    422: {"model": ErrorOut, "description": "Bad input, named in the message."},
    429: {"model": ErrorOut, "description": "Too many requests from this address; see Retry-After."},
    503: {"model": ErrorOut, "description": "Too many questions under way; see Retry-After."},
}


def checked_engine(assistant: Assistant, engine: str | None) -> str | None:
    """The engine's name.

    Raises:
        Problem: There is none of that name.
    """
    if engine is not None and engine not in assistant.engines:
        raise Problem(
            422, "no_engine", param="engine", engine=engine[:100], allowed=", ".join(assistant.engines)
        )
    return engine


def find_fiche(manual: Manual, wanted: str) -> Fiche:
    """The fiche or unit meant by an id as people write it (``iii 20``).

    Raises:
        Problem: There is none.
    """
    wanted = wanted[:100]
    found = manual.get(wanted) or manual.get(wanted.upper()) or manual.get(normalise_id(wanted))
    if found is None:
        near = difflib.get_close_matches(wanted, [f.id for f in manual], n=3, cutoff=0.3)
        raise Problem(404, "no_fiche", param="id", id=wanted, near=", ".join(near) or "—")
    return found


def _checked_text(value: str, field: str) -> str:
    if not value.strip():
        raise Problem(422, "blank", param=field, field=field)
    return value


def _summary(fiche: Fiche) -> dict[str, Any]:
    names = ("id", "type", "part", "title", "subtitle", "organisation", "territory", "departement")
    return {**{n: getattr(fiche, n) for n in names}, "url": f"/fiche/{fiche.id}"}


class _Export:
    """The whole corpus as bytes, made once for each manual: a megabyte that few ask for, but often."""

    def __init__(self) -> None:
        self._manual: Manual | None = None
        self._made = (b"", "")

    def of(self, manual: Manual) -> tuple[bytes, str]:
        if self._manual is not manual:
            body = json.dumps(export_manual(manual), ensure_ascii=False).encode()
            self._manual, self._made = manual, (body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        return self._made


def api_router(assistant: Assistant, workers: Workers, metrics: Metrics) -> APIRouter:
    """The routes under ``/api``."""
    router = APIRouter(prefix="/api", tags=["assistant"])
    router.include_router(_question_routes(assistant, workers, metrics))
    router.include_router(_corpus_routes(assistant, workers))
    return router


def _question_routes(assistant: Assistant, workers: Workers, metrics: Metrics) -> APIRouter:
    router = APIRouter()

    async def answered(call: Callable[[], Answer]) -> JSONResponse:
        answer = await workers.run(call)
        metrics.answer(answer.engine, answer.kind, fallback=bool(answer.notice))
        return JSONResponse(answer.to_dict())

    @router.post(
        "/ask", response_model=AnswerOut, responses=_ERRORS, summary="One answer, with its citations"
    )
    async def ask(body: AskIn) -> Response:
        """The same answer as ``assistant ask --json`` gives; follow-ups use ``history``."""
        question = _checked_text(body.question, "question")
        engine = checked_engine(assistant, body.engine)
        return await answered(lambda: assistant.ask(question, body.turns(), engine))

    @router.post(
        "/similar",
        response_model=AnswerOut,
        responses=_ERRORS,
        summary="Experiences that resemble what a text describes",
    )
    async def similar(body: SimilarIn) -> Response:
        """The same answer as ``assistant similar --json`` gives: ``experiences``, best first, and why."""
        wanted = _checked_text(body.text, "text")
        return await answered(lambda: assistant.similar(wanted))

    return router


def _corpus_routes(assistant: Assistant, workers: Workers) -> APIRouter:
    router = APIRouter(tags=["corpus"])
    export_of = _Export().of

    @router.get("/fiches", response_model=FichesOut, summary="The fiches, in printed order")
    async def fiches(type: Filter = None, part: Filter = None) -> Response:
        """All of them, or those of one type (``experience``, ``principe`` …) or one part (``III``)."""
        manual = assistant.manual

        def listed(all_: tuple[Fiche, ...]) -> list[dict[str, Any]]:
            return [_summary(f) for f in all_ if type in (None, f.type) and part in (None, f.part)]

        return JSONResponse(
            {"edition": manual.edition, "fiches": listed(manual.fiches), "units": listed(manual.units)}
        )

    @router.get("/fiches/{fiche_id}", responses={404: {"model": ErrorOut}}, summary="One fiche, whole")
    async def fiche(fiche_id: str) -> Response:
        """A fiche as it stands in the export. ``III 20`` and ``iii-20`` are understood too."""
        found = find_fiche(assistant.manual, fiche_id)
        return JSONResponse({**fiche_to_dict(found), "url": f"/fiche/{found.id}"})

    @router.get("/export", summary="The whole corpus as one JSON document")
    async def export(request: Request) -> Response:
        """The same document as ``assistant export`` prints; with an ETag."""
        body, tag = await workers.run(lambda: export_of(assistant.manual))
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    return router
