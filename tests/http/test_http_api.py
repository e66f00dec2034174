"""The JSON API: the contract's routes, the same answers as the commands, clear refusals."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant import commands
from assistant.http.texts import _TEXTS, preferred_language
from assistant.service import Assistant
from assistant.settings import Settings
from corpus.export import export_manual

QUESTION = "Comment structurer un GES ?"
HISTORY = [
    {"role": "user", "content": QUESTION},
    {"role": "assistant", "content": "Le GES est un groupement d'entreprises solidaires. [1]"},
]


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in answer.items() if k != "timings_ms"}


def test_ask_gives_the_contract_fields(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION, "history": []}).json()
    assert set(answer) >= {
        "question", "language", "kind", "text", "citations", "experiences", "fiches", "follow_ups",
        "engine", "timings_ms",
    }  # fmt: skip
    assert answer["kind"] == "answer" and answer["citations"]
    assert set(answer["citations"][0]) >= {"n", "fiche", "title", "section", "anchor", "quote", "url"}
    assert answer["timings_ms"]["total"] > 0


@pytest.mark.parametrize("history", [[], HISTORY])
def test_ask_answers_as_the_assistant_does(client: TestClient, assistant: Assistant, history: list) -> None:
    from assistant.answer import Turn

    sent = client.post("/api/ask", json={"question": "Et les points de vigilance ?", "history": history})
    said = assistant.ask("Et les points de vigilance ?", [Turn(**t) for t in history])
    assert without_timings(sent.json()) == without_timings(said.to_dict())


def test_ask_gives_what_the_command_prints(
    client: TestClient,
    assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(commands, "_open", lambda _settings: assistant)
    args = argparse.Namespace(question=QUESTION, json=True, engine=None, explain=False)
    commands.ask(args, Settings())
    printed = json.loads(capsys.readouterr().out)
    sent = client.post("/api/ask", json={"question": QUESTION}).json()
    assert without_timings(sent) == without_timings(printed)


def test_similar_ranks_experiences(client: TestClient, assistant: Assistant) -> None:
    text = "Un groupe d'associations mutualise la formation de ses salariés"
    answer = client.post("/api/similar", json={"text": text}).json()
    assert without_timings(answer) == without_timings(assistant.similar(text).to_dict())
    assert all(e["url"] == f"/fiche/{e['id']}" for e in answer["experiences"])


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "question"),
        ({"question": 3}, "question"),
        ({"question": None}, "question"),
        ({"question": " \n"}, "question"),
        ({"question": "x" * 4001}, "question"),
        ({"question": "x", "history": "y"}, "history"),
        ({"question": "x", "history": [{"role": "system", "content": "y"}]}, "history.0.role"),
        ({"question": "x", "history": [{"role": "user"}]}, "history.0.content"),
        ({"question": "x", "history": [{"role": "user", "content": "y"}] * 51}, "history"),
        ({"question": "x", "engine": "gpt"}, "engine"),
        ([], None),
    ],
)
def test_bad_input_is_a_422_that_names_the_field(client: TestClient, body: Any, param: str | None) -> None:
    response = client.post("/api/ask", json=body)
    error = response.json()["error"]
    assert response.status_code == 422
    assert error["param"] == param
    assert error["message"] == response.json()["detail"]
    assert param is None or "«" in error["message"]
    assert error["request_id"] == response.headers["x-request-id"]


def test_history_may_be_null(client: TestClient) -> None:
    assert client.post("/api/ask", json={"question": QUESTION, "history": None}).status_code == 200


@pytest.mark.parametrize("body", ["{", "", "[" * 100_000, "\xff", '{"question": "\\ud800"}', "NaN"])
def test_what_is_no_json_is_a_422(client: TestClient, body: str) -> None:
    response = client.post(
        "/api/ask", content=body.encode("latin-1"), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert response.json()["detail"]


def test_messages_follow_the_caller(client: TestClient) -> None:
    def message(header: str) -> str:
        return client.post("/api/ask", json={}, headers={"Accept-Language": header}).json()["detail"]

    assert message("") == "Il manque « question »."
    assert message("en-GB,fr;q=0.4") == "“question” is missing."
    assert message("de, en;q=0.2") == "“question” is missing."


def test_every_message_exists_in_both_languages_with_the_same_blanks() -> None:
    import re

    def blanks(message: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", message))

    french, english = _TEXTS["fr"], _TEXTS["en"]
    assert set(french) == set(english)
    assert all(blanks(french[k]) == blanks(english[k]) for k in french)


@given(st.text(max_size=300))
def test_any_accept_language_gives_a_language_we_speak(header: str) -> None:
    assert preferred_language(header) in ("fr", "en")


def test_fiches_are_listed_and_filtered(client: TestClient, assistant: Assistant) -> None:
    whole = client.get("/api/fiches").json()
    assert [f["id"] for f in whole["fiches"]] == [f.id for f in assistant.manual.fiches]
    assert [u["id"] for u in whole["units"]] == [u.id for u in assistant.manual.units]
    kept = client.get("/api/fiches", params={"type": "experience", "part": "III"}).json()["fiches"]
    assert kept and {f["type"] for f in kept} == {"experience"}


@pytest.mark.parametrize("written", ["III-20", "iii-20", "III 20"])
def test_a_fiche_is_found_as_people_write_its_id(client: TestClient, written: str) -> None:
    fiche = client.get(f"/api/fiches/{written}").json()
    assert fiche["id"] == "III-20" and fiche["sections"] and fiche["url"] == "/fiche/III-20"


def test_an_unknown_fiche_is_a_404_that_offers_the_nearest(client: TestClient) -> None:
    response = client.get("/api/fiches/III-77")
    assert response.status_code == 404
    assert "III-7" in response.json()["detail"]


def test_the_export_is_the_commands(client: TestClient, assistant: Assistant) -> None:
    response = client.get("/api/export")
    assert response.json() == json.loads(json.dumps(export_manual(assistant.manual)))
    again = client.get("/api/export", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_what_is_not_there_and_what_is_not_allowed(client: TestClient) -> None:
    missing, wrong = client.get("/api/nothing"), client.get("/api/ask")
    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert "/api/nothing" in missing.json()["detail"]
    assert wrong.headers["allow"] == "POST"


def test_probes_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    client.post("/api/ask", json={"question": QUESTION})
    client.get("/api/fiches/III-20")
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'assistant_requests_total{route="/api/fiches/{fiche_id}",method="GET",status="200"}' in page.text
    assert 'assistant_answers_total{engine="extractive",kind="answer",fallback="false"}' in page.text
    assert "assistant_ready 1\n" in page.text


def test_metrics_are_read_by_prometheus_rules(client: TestClient) -> None:
    """Each line is a comment or « name{labels} number »; buckets grow up to the count."""
    import re

    lines = client.get("/metrics").text.splitlines()
    pattern = re.compile(r"^(# (HELP|TYPE) .+|[a-z_]+(\{([a-z_]+=\"[^\"\n]*\",?)+\})? [0-9.e+-]+)$")
    assert [line for line in lines if not pattern.match(line)] == []
    buckets = [int(line.rsplit(" ", 1)[1]) for line in lines if '_bucket{route="/healthz"' in line]
    assert buckets and buckets == sorted(buckets)


def test_not_ready_is_a_503(
    client: TestClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(assistant), "ready", lambda _self: False)
    response = client.get("/readyz")
    assert response.status_code == 503 and response.headers["retry-after"]


def test_openapi_describes_the_contract_with_examples(client: TestClient) -> None:
    spec = client.get("/openapi.json").json()
    assert set(spec["paths"]) >= {
        "/api/ask", "/api/similar", "/api/fiches", "/api/fiches/{fiche_id}", "/api/export",
        "/v1/chat/completions", "/v1/models", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    assert spec["components"]["schemas"]["AskIn"]["examples"]
    assert all(o.get("summary") for methods in spec["paths"].values() for o in methods.values())
    page = client.get("/api/docs").text
    assert "/api/ask" in page and "<script" not in page and "https://" not in page


@given(
    question=st.text(min_size=1, max_size=200),
    history=st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=100)), max_size=3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered_or_refused_clearly(
    client: TestClient, question: str, history: list[tuple[str, str]]
) -> None:
    body = {"question": question, "history": [{"role": r, "content": c} for r, c in history]}
    response = client.post("/api/ask", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        answer = response.json()
        assert all(f"[{c['n']}]" in answer["text"] for c in answer["citations"])
    else:
        assert response.json()["detail"]
