"""For those who run it: is it alive, is it ready, what has it done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from assistant.http.metrics import Metrics
from assistant.http.problems import Problem
from assistant.http.schemas import ErrorOut
from assistant.http.workers import Workers

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["operations_router"]

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def operations_router(assistant: Assistant, workers: Workers, metrics: Metrics) -> APIRouter:
    """The probes and the metrics."""
    router = APIRouter(tags=["operations"])

    @router.get("/healthz", summary="Alive")
    async def healthz() -> Response:
        """200 as long as the process answers."""
        return JSONResponse({"status": "ok"})

    @router.get("/readyz", responses={503: {"model": ErrorOut}}, summary="Ready to answer")
    async def readyz(request: Request) -> Response:
        """200 when the index is open and the engine can answer, else 503."""
        if not assistant.ready():
            raise Problem(503, "not_ready", retry_after=5)
        return JSONResponse({"status": "ready"})

    @router.get("/metrics", response_class=PlainTextResponse, summary="Prometheus text")
    async def page() -> Response:
        """Requests, answers, durations, and how many questions are under way."""
        gauges = {
            "assistant_running": ("Questions under way.", float(workers.running)),
            "assistant_waiting": ("Questions waiting for a place.", float(workers.waiting)),
            "assistant_ready": ("1 when questions can be answered.", float(assistant.ready())),
            "assistant_fiches": ("Fiches of the manual in use.", float(len(assistant.manual.fiches))),
        }
        return Response(metrics.render(gauges), media_type=PROMETHEUS)

    return router
