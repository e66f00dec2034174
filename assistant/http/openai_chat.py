"""The OpenAI chat interface, so that existing clients can use the assistant: models are its engines.

System messages, temperatures and the like are accepted and change nothing: this assistant says only what the
manual says. Reference: https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.types import Receive, Scope, Send

from assistant.answer import Answer, Turn
from assistant.errors import AssistantError
from assistant.http.chat_text import Deltas, closing, without_sources
from assistant.http.metrics import Metrics
from assistant.http.problems import Problem, language_of, request_id_of
from assistant.http.schemas import MAX_HISTORY, MAX_TEXT, MAX_TURN, ErrorOut
from assistant.http.texts import text
from assistant.http.workers import Workers

if TYPE_CHECKING:
    from assistant.service import Assistant

__all__ = ["openai_router"]

_log = logging.getLogger("assistant.http")

KEEP_ALIVE = 10.0  # seconds of silence after which a comment keeps proxies from closing the stream
CHARS_A_TOKEN = 4  # usage is an estimate: no tokenizer is involved
_EXAMPLE: JsonValue = {
    "model": "extractive",
    "messages": [{"role": "user", "content": "Comment structurer un GES ?"}],
    "stream": False,
}


class PartIn(BaseModel):
    """A piece of a message."""

    type: str
    text: Annotated[str, Field(max_length=MAX_TURN)] | None = None


class MessageIn(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[str, Field(max_length=MAX_TURN)] | Annotated[list[PartIn], Field(max_length=50)] | None
    ) = None

    def plain_text(self) -> str:
        """Its text.

        Raises:
            Problem: It holds something else.
        """
        if isinstance(self.content, str):
            return self.content
        if any(p.type not in ("text", "input_text", "output_text") for p in self.content or ()):
            raise Problem(400, "only_text", param="messages")
        return "\n".join(p.text or "" for p in self.content or ())


class StreamOptionsIn(BaseModel):
    """What a stream brings beside its text."""

    include_usage: bool | None = None


class ChatIn(BaseModel):
    """A request for a chat completion."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    model: Annotated[str, Field(max_length=100)] | None = None
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=2 * MAX_HISTORY)]
    stream: bool | None = False
    stream_options: StreamOptionsIn | None = None
    n: int | None = 1

    def conversation(self) -> tuple[str, list[Turn]]:
        """The question, and the turns before it.

        Raises:
            Problem: The last message is not a question that can be asked.
        """
        spoken = [m for m in self.messages if m.role in ("user", "assistant")]
        if not spoken or spoken[-1].role != "user":
            raise Problem(400, "last_not_user", param="messages")
        question = spoken[-1].plain_text()
        if not question.strip():
            raise Problem(400, "blank", param="messages", field="messages")
        if len(question) > MAX_TEXT:
            raise Problem(400, "too_long", param="messages", field="messages", limit=MAX_TEXT)
        turns = [
            Turn(m.role, without_sources(m.plain_text()))
            for m in spoken[:-1]
            if m.role in ("user", "assistant")
        ]
        return question, turns[-MAX_HISTORY:]


def _checked(assistant: Assistant, body: ChatIn) -> str | None:
    if body.n not in (None, 1):
        raise Problem(400, "one_choice", param="n")
    if body.model and body.model not in assistant.engines:
        allowed = ", ".join(assistant.engines)
        raise Problem(404, "no_engine", param="model", engine=body.model, allowed=allowed)
    return body.model or None


def _tokens(texts: Sequence[str]) -> int:
    return -(-sum(len(t) for t in texts) // CHARS_A_TOKEN)


def _usage(body: ChatIn, said: str) -> dict[str, int]:
    asked, answered = _tokens([m.plain_text() for m in body.messages]), _tokens([said])
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


class _Reply:
    """The envelope of one completion."""

    def __init__(self, body: ChatIn, engine: str) -> None:
        self._body = body
        self._head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": engine}

    def whole(self, answer: Answer, said: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": said}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head,
            "object": "chat.completion",
            "model": answer.engine,
            "choices": [choice],
            "usage": _usage(self._body, said),
            "answer": answer.to_dict(),
        }

    def chunk(self, delta: dict[str, str], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _event({**self._head, "object": "chat.completion.chunk", "choices": [choice], **more})

    def usage(self, said: str) -> str:
        usage = _usage(self._body, said)
        return _event({**self._head, "object": "chat.completion.chunk", "choices": [], "usage": usage})


def _event(value: Any) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


class _Stream(StreamingResponse):
    """Server-sent events; its generator is closed and its place given back however it ends."""

    def __init__(self, events: AsyncGenerator[str], place: AsyncExitStack, headers: dict[str, str]) -> None:
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._events, self._place = events, place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._place:
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        # Starlette leaves a generator whose reader went away to the collector; the engine would go on.
        async with aclosing(self._events):
            await super().stream_response(send)


async def _with_pauses(snapshots: AsyncGenerator[Answer]) -> AsyncGenerator[Answer | None]:
    """The snapshots, and None whenever none came for ``KEEP_ALIVE`` seconds."""
    send, receive = anyio.create_memory_object_stream[Answer | Exception](1)

    async def pump() -> None:
        async with send, aclosing(snapshots) as source:
            try:
                async for snapshot in source:
                    await send.send(snapshot)
            except Exception as error:  # handed over: a task group would wrap it in another
                await send.send(error)

    async with anyio.create_task_group() as group, receive:
        group.start_soon(pump)
        while True:
            try:
                with anyio.fail_after(KEEP_ALIVE):
                    snapshot = await receive.receive()
            except TimeoutError:
                yield None
                continue
            except anyio.EndOfStream:
                return
            if isinstance(snapshot, Exception):
                raise snapshot
            yield snapshot


@dataclass(frozen=True)
class _Call:
    """A completion asked for.

    Attributes:
        body: The request.
        engine: Name of the engine; None for the one of the settings.
        question: The last thing said by the user.
        turns: What was said before.
        request: Where it came from.
    """

    body: ChatIn
    engine: str | None
    question: str
    turns: list[Turn]
    request: Request

    @property
    def base_url(self) -> str:
        return str(self.request.base_url).rstrip("/")


class _Completions:
    """Makes completions, whole or as streams.

    Args:
        assistant: What answers.
        workers: Where it answers.
        metrics: What counts the answers.
    """

    def __init__(self, assistant: Assistant, workers: Workers, metrics: Metrics) -> None:
        self._assistant, self._workers, self._metrics = assistant, workers, metrics

    def _reply(self, call: _Call) -> _Reply:
        return _Reply(call.body, call.engine or self._assistant.settings.engine)

    def _count(self, answer: Answer) -> None:
        self._metrics.answer(answer.engine, answer.kind, fallback=bool(answer.notice))

    async def whole(self, call: _Call) -> Response:
        answer = await self._workers.run(lambda: self._assistant.ask(call.question, call.turns, call.engine))
        self._count(answer)
        return JSONResponse(self._reply(call).whole(answer, answer.text + closing(answer, call.base_url)))

    async def streamed(self, call: _Call) -> Response:
        # The place is taken before the status is sent: a full house is a 503, not a broken stream.
        place = AsyncExitStack()
        await place.enter_async_context(self._workers.place())
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return _Stream(self._events(call), place, headers)

    async def _events(self, call: _Call) -> AsyncGenerator[str]:
        reply = self._reply(call)
        try:
            yield reply.chunk({"role": "assistant", "content": ""})
            async with aclosing(self._pieces(call, reply)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as error:  # the status is sent: all that can be done is to say so in the stream
            scope = call.request.scope
            if not isinstance(error, AssistantError):
                _log.exception("%s: stream failed", request_id_of(scope))
            message = text(language_of(scope), "engine_failed", request_id=request_id_of(scope))
            yield _event({"error": {"message": message, "type": "server_error", "code": "engine_failed"}})
        yield "data: [DONE]\n\n"

    async def _pieces(self, call: _Call, reply: _Reply) -> AsyncGenerator[str]:
        """The text as it grows, a comment while nothing comes, then the sources and the whole answer."""
        deltas, answer = Deltas(), None
        snapshots = self._workers.iterate(
            lambda: self._assistant.stream(call.question, call.turns, call.engine)
        )
        async with aclosing(_with_pauses(snapshots)) as source:
            async for snapshot in source:
                answer = snapshot or answer
                piece = deltas.add(snapshot.text) if snapshot else ""
                yield reply.chunk({"content": piece}) if piece else ": …\n\n"
        if answer is None:
            return
        self._count(answer)
        tail = closing(answer, call.base_url)
        if tail:
            yield reply.chunk({"content": tail})
        yield reply.chunk({}, "stop", answer=answer.to_dict())
        if call.body.stream_options and call.body.stream_options.include_usage:
            yield reply.usage(deltas.sent + tail)


def openai_router(assistant: Assistant, workers: Workers, metrics: Metrics) -> APIRouter:
    """The routes under ``/v1``."""
    router = APIRouter(prefix="/v1", tags=["openai"])
    completions = _Completions(assistant, workers, metrics)

    def shown(engine: str) -> dict[str, Any]:
        return {"id": engine, "object": "model", "created": 0, "owned_by": "assistant"}

    @router.get("/models", summary="The engines, as models")
    async def models() -> Response:
        """One model for each engine."""
        return JSONResponse({"object": "list", "data": [shown(e) for e in assistant.engines]})

    @router.get("/models/{name}", responses={404: {"model": ErrorOut}}, summary="One engine")
    async def model(name: str) -> Response:
        """One engine, as a model."""
        if name not in assistant.engines:
            raise Problem(
                404, "no_engine", param="model", engine=name[:100], allowed=", ".join(assistant.engines)
            )
        return JSONResponse(shown(name))

    @router.post(
        "/chat/completions",
        responses={400: {"model": ErrorOut}, 404: {"model": ErrorOut}, 503: {"model": ErrorOut}},
        summary="A chat completion, whole or as a stream",
    )
    async def complete(body: ChatIn, request: Request) -> Response:
        """The answer's text, citations numbered, sources at its end; the whole of it in ``answer``."""
        call = _Call(body, _checked(assistant, body), *body.conversation(), request)
        return await (completions.streamed(call) if body.stream else completions.whole(call))

    return router
