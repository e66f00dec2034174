"""The model's server, through llama-index: one stream, one deadline, and an end to it when the reader leaves.

Requests run on an event loop of their own in one thread: cancelling a task closes its connection at once,
which no blocking read can promise, and the deadline holds however the server trickles.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import random
import threading
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.llm.prompt import Message
from assistant.settings import Settings

if TYPE_CHECKING:
    from llama_index.llms.openai_like import OpenAILike

__all__ = ["ModelClient", "ModelFailure"]

TICK = 0.25  # seconds between signs of life while the model is silent: where a reader's leaving is noticed
ATTEMPTS = 3
FIRST_PAUSE = 0.3
LEAST_TRY = 0.5  # seconds a further try must have: cut off by the deadline, it would hide why the former failed
OUTPUT_TOKENS = 700
OUTPUT_CHARS = 8000  # a server that ignores max_tokens
MAX_REQUESTS = 8  # at once


class ModelFailure(Exception):
    """The model gave nothing that can be used.

    Attributes:
        reason: ``timeout``, ``unreachable``, ``busy``, ``refused``, ``broken`` or ``cut``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def _reason(error: BaseException) -> tuple[str, bool]:
    """Why a request failed, and whether trying again makes sense."""
    import httpx
    import openai

    if isinstance(error, ModelFailure):
        return error.reason, error.reason == "cut"
    if isinstance(error, (TimeoutError, openai.APITimeoutError, httpx.TimeoutException)):
        return "timeout", False
    if isinstance(error, openai.APIStatusError):
        again = error.status_code in (408, 409, 429) or error.status_code >= 500
        return ("busy" if again else "refused"), again
    if isinstance(error, openai.APIConnectionError):
        return "unreachable", True
    if isinstance(error, httpx.TransportError):
        return "cut", True
    return "broken", False  # whatever a client raises on a reply that is not one


class ModelClient:
    """Streams completions of one OpenAI-compatible server.

    Args:
        settings: Address, model, key and timeout.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._model: OpenAILike | None = None
        self._places = threading.BoundedSemaphore(MAX_REQUESTS)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int = OUTPUT_TOKENS, timeout: float | None = None
    ) -> Iterator[str | None]:
        """Pieces of the reply as they come; None every ``TICK`` while there is none.

        Closing the iterator cancels the request.

        Args:
            messages: What is sent.
            max_tokens: Most tokens of the reply.
            timeout: Seconds for all of it, retries included; None for the setting's.

        Raises:
            ModelFailure: There is no whole reply within the time.
        """
        timeout = self._settings.llm_timeout if timeout is None else timeout
        self._llm()  # the first time it imports for a second or two, which is not the server's delay
        deadline = time.monotonic() + timeout
        if not self._places.acquire(timeout=min(2.0, timeout)):
            raise ModelFailure("busy", f"{MAX_REQUESTS} requests under way")
        pieces: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        task = asyncio.run_coroutine_threadsafe(
            self._fetch(messages, max_tokens, deadline, pieces), self._running_loop()
        )
        task.add_done_callback(lambda _: self._places.release())
        try:
            yield from self._pieces(pieces, deadline)
        finally:
            task.cancel()

    @staticmethod
    def _pieces(
        pieces: queue.SimpleQueue[str | BaseException | None], deadline: float
    ) -> Iterator[str | None]:
        received = 0
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ModelFailure("timeout")
            try:
                piece = pieces.get(timeout=min(TICK, left))
            except queue.Empty:
                yield None
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            received += len(piece)
            if received > OUTPUT_CHARS:
                raise ModelFailure("broken", "endless reply")
            yield piece

    async def _fetch(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        deadline: float,
        pieces: queue.SimpleQueue[str | BaseException | None],
    ) -> None:
        """Put the reply's pieces, then None or a ``ModelFailure``, into the queue."""
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                for attempt in range(ATTEMPTS):
                    begun = False
                    try:
                        async for piece in self._chat(messages, max_tokens):
                            begun = True
                            pieces.put(piece)
                        pieces.put(None)
                        return
                    except Exception as error:
                        pause = FIRST_PAUSE * 2**attempt * random.uniform(1.0, 1.5)
                        last = attempt + 1 == ATTEMPTS or time.monotonic() + pause + LEAST_TRY > deadline
                        if begun or last or not _reason(error)[1]:
                            raise
                    await asyncio.sleep(pause)
        except Exception as error:
            pieces.put(
                error
                if isinstance(error, ModelFailure)
                else ModelFailure(_reason(error)[0], f"{type(error).__name__}: {error}"[:300])
            )

    async def _chat(self, messages: Sequence[Message], max_tokens: int) -> Any:
        from llama_index.core.base.llms.types import ChatMessage

        sent = [ChatMessage(role=m.role, content=m.content) for m in messages]
        finish = None
        async with contextlib.aclosing(await self._llm().astream_chat(sent, max_tokens=max_tokens)) as chunks:
            async for chunk in chunks:
                choices = getattr(chunk.raw, "choices", None) or ()
                finish = next((c.finish_reason for c in choices if c.finish_reason), finish)
                if chunk.delta:
                    if not isinstance(chunk.delta, str):
                        raise ModelFailure("broken", "a piece that is no text")
                    yield chunk.delta
        if finish not in ("stop", "length"):
            raise ModelFailure("cut", f"finish reason {finish}")

    def _llm(self) -> OpenAILike:
        with self._lock:
            if self._model is None:
                from llama_index.llms.openai_like import OpenAILike

                self._model = OpenAILike(
                    model=self._settings.llm_model or "default",
                    api_base=self._settings.llm_url,
                    api_key=self._settings.llm_key or "none",
                    is_chat_model=True,
                    temperature=0.0,
                    max_tokens=None,
                    max_retries=0,  # ours respect the deadline
                    timeout=self._settings.llm_timeout,
                )
                # The client and its modules are made here, not at the first request, within its deadline.
                self._model._get_aclient().chat.completions  # noqa: B018
            return self._model

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="llm-client", daemon=True).start()
            return self._loop


def complete(client: ModelClient, messages: Sequence[Message], *, max_tokens: int, timeout: float) -> str:
    """A whole reply.

    Raises:
        ModelFailure: There is none within the time.
    """
    return "".join(p for p in client.stream(messages, max_tokens=max_tokens, timeout=timeout) if p)


def models_of(reply: str) -> list[str]:
    """Names of the models in the reply of ``GET /models``; empty when it is none."""
    try:
        return [str(m["id"]) for m in json.loads(reply)["data"]]
    except (ValueError, KeyError, TypeError):
        return []
