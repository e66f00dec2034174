"""The OpenAI chat interface, with the official client over a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import serve
from starlette.testclient import TestClient

from assistant.answer import Answer, Citation
from assistant.errors import EngineError
from assistant.http import create_api
from assistant.http.chat_text import Deltas, closing, without_sources
from assistant.http.workers import Workers
from assistant.service import Assistant
from assistant.settings import Settings

ASK = [{"role": "user", "content": "Comment structurer un GES ?"}]


@pytest.fixture(scope="module")
def chat(address: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0, timeout=30)


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in answer.items() if k != "timings_ms"}


def test_models_are_the_engines(chat: openai.OpenAI, assistant: Assistant) -> None:
    assert [m.id for m in chat.models.list()] == list(assistant.engines)
    assert chat.models.retrieve("extractive").id == "extractive"


def test_a_completion_bears_the_answer_and_its_sources(
    chat: openai.OpenAI, assistant: Assistant, address: str
) -> None:
    completion = chat.chat.completions.create(model="extractive", messages=ASK)
    content = completion.choices[0].message.content or ""
    answer = completion.model_extra["answer"]
    assert without_timings(answer) == without_timings(assistant.ask(ASK[0]["content"]).to_dict())
    assert content.startswith(answer["text"])
    assert "**Sources**" in content
    for citation in answer["citations"]:
        assert f"- [{citation['n']}] [{citation['fiche']}" in content
        assert f"({address}{citation['url']})" in content
    assert completion.usage.total_tokens > 0
    assert completion.choices[0].finish_reason == "stop"


def test_a_stream_gives_the_same_text(chat: openai.OpenAI) -> None:
    whole = chat.chat.completions.create(model="extractive", messages=ASK)
    chunks = list(
        chat.chat.completions.create(
            model="extractive", messages=ASK, stream=True, stream_options={"include_usage": True}
        )
    )
    pieces = [c.choices[0].delta.content or "" for c in chunks if c.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert sum(bool(p) for p in pieces) > 2, "it comes in pieces"
    assert chunks[-1].usage.total_tokens > 0
    last = [c for c in chunks if c.choices][-1]
    assert last.choices[0].finish_reason == "stop"
    assert without_timings(last.model_extra["answer"]) == without_timings(whole.model_extra["answer"])


def test_history_is_used_without_its_sources(chat: openai.OpenAI, assistant: Assistant) -> None:
    from assistant.answer import Turn

    first = chat.chat.completions.create(model="extractive", messages=ASK).choices[0].message.content
    follow_up = {"role": "user", "content": "Et quels sont les points de vigilance ?"}
    messages = [
        {"role": "system", "content": "Réponds en vers."},
        *ASK,
        {"role": "assistant", "content": first}, follow_up,
    ]  # fmt: skip
    answer = chat.chat.completions.create(model="extractive", messages=messages).model_extra["answer"]
    turns = [Turn("user", ASK[0]["content"]), Turn("assistant", assistant.ask(ASK[0]["content"]).text)]
    assert without_timings(answer) == without_timings(assistant.ask(follow_up["content"], turns).to_dict())


def test_messages_may_come_in_parts(chat: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "Comment structurer"}, {"type": "text", "text": "un GES ?"}]
    completion = chat.chat.completions.create(
        model="extractive", messages=[{"role": "user", "content": parts}]
    )
    assert completion.model_extra["answer"]["kind"] == "answer"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"model": "gpt-9", "messages": ASK}, openai.NotFoundError),
        ({"model": "extractive", "messages": []}, openai.BadRequestError),
        (
            {"model": "extractive", "messages": [*ASK, {"role": "assistant", "content": "x"}]},
            openai.BadRequestError,
        ),
        ({"model": "extractive", "messages": [{"role": "user", "content": "  "}]}, openai.BadRequestError),
        (
            {"model": "extractive", "messages": [{"role": "user", "content": "x" * 4001}]},
            openai.BadRequestError,
        ),
        ({"model": "extractive", "messages": ASK, "n": 2}, openai.BadRequestError),
        (
            {
                "model": "extractive",
                "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
            },
            openai.BadRequestError,
        ),
    ],
)
def test_what_cannot_be_served_is_an_error_the_client_knows(
    chat: openai.OpenAI, body: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        chat.chat.completions.create(**body)
    assert caught.value.body["message"]  # type: ignore[attr-defined]


def test_an_engine_that_fails_midway_ends_the_stream_with_an_error(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stream(*_args: Any, **_kwargs: Any) -> Iterator[Answer]:
        yield Answer("q", "fr", "answer", "Une phrase.")
        raise EngineError("no")

    monkeypatch.setattr(type(assistant), "stream", stream)
    with TestClient(create_api(assistant, Settings(rate_limit=0))) as client:
        body = client.post("/v1/chat/completions", json={"messages": ASK, "stream": True}).text
    assert "engine_failed" in body and body.endswith("data: [DONE]\n\n")


def test_a_reader_who_leaves_stops_the_engine(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = threading.Event()

    def stream(*_args: Any, **_kwargs: Any) -> Iterator[Answer]:
        try:
            for i in range(600):
                time.sleep(0.02)
                yield Answer("q", "fr", "answer", "Une phrase. " * i)
        finally:
            stopped.set()

    monkeypatch.setattr(type(assistant), "stream", stream)
    workers = Workers(running=1)
    with serve(create_api(assistant, Settings(rate_limit=0), workers=workers)) as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
        with client.chat.completions.create(model="extractive", messages=ASK, stream=True) as chunks:
            for chunk in chunks:
                if chunk.choices[0].delta.content:
                    break
        assert stopped.wait(3)
        limit = time.monotonic() + 3
        while workers.running and time.monotonic() < limit:
            time.sleep(0.01)
        assert workers.running == 0, "its place is free again"


def test_a_slow_engine_keeps_the_line_open(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def stream(*_args: Any, **_kwargs: Any) -> Iterator[Answer]:
        time.sleep(0.4)
        yield Answer("q", "fr", "greeting", "Bonjour.")

    monkeypatch.setattr(type(assistant), "stream", stream)
    monkeypatch.setattr("assistant.http.openai_chat.KEEP_ALIVE", 0.1)
    with TestClient(create_api(assistant, Settings(rate_limit=0))) as client:
        body = client.post("/v1/chat/completions", json={"messages": ASK, "stream": True}).text
    assert ": …\n\n" in body and "Bonjour." in body


@given(st.lists(st.text(max_size=30), max_size=8))
def test_pieces_bring_the_reader_to_the_last_snapshot(snapshots: list[str]) -> None:
    deltas = Deltas()
    sent = "".join(deltas.add(s) for s in snapshots)
    assert sent == deltas.sent
    assert sent.endswith(snapshots[-1] if snapshots else "")


def test_growing_snapshots_are_sent_once() -> None:
    deltas = Deltas()
    assert [deltas.add(s) for s in ("a", "ab", "ab", "abc")] == ["a", "b", "", "c"]


@given(st.text(max_size=200), st.text(min_size=1, max_size=80), st.sampled_from(["fr", "en"]))
def test_sources_are_taken_off_an_earlier_answer(text: str, quote: str, language: str) -> None:
    citation = Citation(1, "I-B-1", "Titre", "Section", "section", quote)
    answer = Answer("q", language, "answer", text, (citation,))  # type: ignore[arg-type]
    assert without_sources(text + closing(answer, "http://x")) == without_sources(text) == text
