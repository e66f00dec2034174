"""A server that speaks enough of the OpenAI interface to be good, slow, broken or hostile on demand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Exchange"], None]


class Exchange:
    """One request and the means to answer it, well or badly."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        self._handler, self.body = handler, body
        self.left = threading.Event()

    def head(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def raw(self, data: bytes) -> None:
        try:
            self._handler.wfile.write(data)
            self._handler.wfile.flush()
        except OSError:
            self.left.set()
            raise

    def event(self, value: Any) -> None:
        self.raw(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())

    def delta(self, text: str, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
        self.event(
            {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        )

    def end(self, finish: str = "stop") -> None:
        self.delta("", finish)
        self.raw(b"data: [DONE]\n\n")


def says(text: str, *, size: int = 7, finish: str = "stop", pause: float = 0.0) -> Behaviour:
    """Writes ``text`` in pieces."""

    def behave(exchange: Exchange) -> None:
        exchange.head()
        for at in range(0, len(text), size):
            exchange.delta(text[at : at + size])
            time.sleep(pause)
        exchange.end(finish)

    return behave


def fails(status: int, times: int = 10**6, then: Behaviour | None = None) -> Behaviour:
    """Answers with an error, a number of times."""
    count = 0

    def behave(exchange: Exchange) -> None:
        nonlocal count
        count += 1
        if count > times and then:
            then(exchange)
            return
        exchange.head(status, "application/json")
        exchange.raw(json.dumps({"error": {"message": "no", "type": "x"}}).encode())

    return behave


class FakeServer:
    """The server; ``behaviour`` may be changed between requests."""

    def __init__(self, behaviour: Behaviour, models: Sequence[str] = ("m",)) -> None:
        self.behaviour, self.models = behaviour, models
        self.requests: list[dict[str, Any]] = []
        self.reader_left = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                body = json.dumps(
                    {"object": "list", "data": [{"id": m, "object": "model"} for m in outer.models]}
                )
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body.encode())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(body)
                try:
                    outer.behaviour(Exchange(self, body))
                except OSError:
                    outer.reader_left.set()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def fake_server(behaviour: Behaviour, **kwargs: Any) -> Iterator[FakeServer]:
    server = FakeServer(behaviour, **kwargs)
    try:
        yield server
    finally:
        server.close()
