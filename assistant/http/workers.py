"""Blocking engine calls off the event loop, so many at once and no more.

Beyond what runs and a short queue, a caller is told to come back: a queue that only grows turns a busy
minute into an outage. A stream keeps its place until it ends or its reader leaves.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

__all__ = ["Busy", "Workers"]

T = TypeVar("T")
_END = object()


class Busy(Exception):
    """No place is free.

    Attributes:
        retry_after: Seconds after which trying again makes sense.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"busy, try again in {retry_after} s")
        self.retry_after = retry_after


class Workers:
    """Places for blocking work.

    Args:
        running: Most calls at once.
        waiting: Most calls that wait for a place.
        patience: Seconds a call may wait.
        retry_after: What a caller turned away is told, in seconds.
    """

    def __init__(
        self, running: int = 8, waiting: int = 32, patience: float = 20.0, retry_after: int = 5
    ) -> None:
        self._limit, self._queue = running, waiting
        self._patience, self._retry_after = patience, retry_after
        self._places: anyio.Semaphore | None = None
        self.running = 0
        self.waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place.

        Raises:
            Busy: The queue is full, or waiting took too long.
        """
        # Made here: a semaphore belongs to the event loop that first uses it.
        self._places = self._places or anyio.Semaphore(self._limit)
        if self.running >= self._limit and self.waiting >= self._queue:
            raise Busy(self._retry_after)
        self.waiting += 1
        try:
            with anyio.fail_after(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise Busy(self._retry_after) from None
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._places.release()

    async def run(self, call: Callable[[], T]) -> T:
        """What ``call`` returns, computed in a thread.

        Raises:
            Busy: No place is free.
        """
        async with self.place():
            return await anyio.to_thread.run_sync(call)

    async def iterate(self, make: Callable[[], Iterator[T]]) -> AsyncGenerator[T]:
        """What an iterator yields, each step in a thread; it is closed when its reader leaves.

        The caller holds a place (``place``) around it, so that a full house is said before a stream begins.
        """
        iterator = await anyio.to_thread.run_sync(make)
        try:
            while True:
                item = await anyio.to_thread.run_sync(next, iterator, _END)
                if item is _END:
                    return
                yield item  # type: ignore[misc]
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(close)
