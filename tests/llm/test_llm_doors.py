"""The language-model engine through the assistant and the OpenAI interface."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from engines import QUESTION, make_setup
from fake_llm import FakeServer, fails, fake_server, says

sys.path.insert(0, str(Path(__file__).parents[1] / "http"))

from starlette.testclient import TestClient

from assistant.http import create_api
from assistant.service import Assistant
from assistant.settings import Settings


@pytest.fixture()
def server() -> FakeServer:
    with fake_server(says("")) as running:
        yield running


@pytest.fixture()
def served(assistant: Assistant, server: FakeServer) -> Assistant:
    made = Assistant(
        Settings(llm_url=server.url, llm_model="m", llm_timeout=3.0, rate_limit=0), assistant.retriever
    )
    made.gate = assistant.gate
    return made


def test_the_assistant_asks_the_engine_by_name(
    assistant: Assistant, served: Assistant, server: FakeServer
) -> None:
    server.behaviour = says(make_setup(assistant, server.url).faithful())
    answer = served.ask(QUESTION, engine="llm")
    assert answer.engine == "llm" and answer.timings_ms["model"] > 0
    assert served.ask(QUESTION).engine == "extractive"


def test_a_stream_over_the_openai_interface(
    assistant: Assistant, served: Assistant, server: FakeServer
) -> None:
    server.behaviour = says(make_setup(assistant, server.url).faithful(), pause=0.003)
    body = {"model": "llm", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    with TestClient(create_api(served, served.settings)) as client:
        text = client.post("/v1/chat/completions", json=body).text
        assert [m["id"] for m in client.get("/v1/models").json()["data"]] == ["extractive", "llm"]
        page = client.get("/metrics").text
    assert '"engine": "llm"' in text and "---" not in text
    assert 'engine="llm",kind="answer",fallback="false"' in page


def test_a_fallback_is_told_and_counted(served: Assistant, server: FakeServer) -> None:
    server.behaviour = fails(401)
    with TestClient(create_api(served, served.settings)) as client:
        answer = client.post("/api/ask", json={"question": QUESTION, "engine": "llm"}).json()
        page = client.get("/metrics").text
    assert answer["engine"] == "extractive" and "refusé" in answer["notice"]
    assert 'engine="extractive",kind="answer",fallback="true"' in page
