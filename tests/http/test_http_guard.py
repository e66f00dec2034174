"""Limits, sign-in, headers: what every request passes."""

from __future__ import annotations

import base64
import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.errors import SettingsError
from assistant.http import create_api
from assistant.http.guard import MAX_API_BODY, _credentials
from assistant.http.limits import RateLimiter, address_of
from assistant.http.passwords import Users, hash_password
from assistant.http.passwords import main as make_line
from assistant.http.widget import parse_origins
from assistant.http.workers import Busy, Workers
from assistant.service import Assistant
from assistant.settings import Settings


@pytest.fixture(scope="module")
def users_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("auth") / "users"
    path.write_text(f"# who may come in\nodile:{hash_password('sésame, ouvre-toi')}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def guarded(assistant: Assistant, users_file: Path) -> Iterator[TestClient]:
    with TestClient(create_api(assistant, Settings(auth_file=str(users_file), rate_limit=0))) as client:
        yield client


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_request_ids_are_given_or_kept(client: TestClient) -> None:
    assert len(client.get("/healthz").headers["x-request-id"]) == 16
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert (
        client.get("/healthz", headers={"X-Request-ID": "a b<script>"}).headers["x-request-id"]
        != "a b<script>"
    )


def test_a_body_too_large_is_a_413(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "x" * MAX_API_BODY})
    assert response.status_code == 413
    assert str(MAX_API_BODY) in response.json()["detail"]


def test_a_body_too_large_is_stopped_as_it_comes(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * (MAX_API_BODY // 10)

    response = client.post("/api/ask", content=pieces(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413


def test_an_address_that_asks_too_often_is_told_when_to_come_back(assistant: Assistant) -> None:
    with TestClient(create_api(assistant, Settings(rate_limit=3))) as client:
        statuses = [client.get("/api/fiches/III-20").status_code for _ in range(4)]
        refused = client.get("/v1/models")
        assert statuses == [200, 200, 200, 429]
        assert refused.status_code == 429 and 1 <= int(refused.headers["retry-after"]) <= 20
        assert client.get("/healthz").status_code == 200


@given(st.integers(1, 200), st.lists(st.floats(0, 5), max_size=300))
def test_no_one_passes_more_often_than_the_limit(per_minute: int, gaps: list[float]) -> None:
    limiter, now, passed = RateLimiter(per_minute), 0.0, 0
    for gap in gaps:
        now += gap
        passed += limiter.take("a", now) == 0
    assert passed <= per_minute + now * per_minute / 60 + 1e-6


@given(st.integers(1, 100))
def test_waiting_as_told_is_enough(per_minute: int) -> None:
    limiter = RateLimiter(per_minute)
    waits = [limiter.take("a", 0.0) for _ in range(per_minute + 1)]
    assert waits[:-1] == [0] * per_minute
    assert limiter.take("a", float(waits[-1])) == 0


def test_an_ipv6_household_counts_as_one() -> None:
    assert address_of(("2001:db8:1:2::1", 1)) == address_of(("2001:db8:1:2:ffff::9", 2))
    assert address_of(("10.0.0.1", 1)) != address_of(("10.0.0.2", 1))
    assert address_of(None) == address_of(None)


def test_only_users_come_in(guarded: TestClient) -> None:
    refused = guarded.get("/api/fiches")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert guarded.get("/api/fiches", headers=basic("odile", "sésame, ouvre-toi")).status_code == 200
    assert guarded.get("/api/fiches", headers=basic("odile", "sésame")).status_code == 401
    assert guarded.get("/api/fiches", headers=basic("personne", "sésame, ouvre-toi")).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/metrics", "/mcp", "/widget.js", "/api/docs", "/openapi.json", "/v1/models"]
)
def test_everything_but_the_probes_is_behind_the_sign_in(guarded: TestClient, path: str) -> None:
    assert guarded.get(path).status_code == 401


def test_the_probes_are_open(guarded: TestClient) -> None:
    assert guarded.get("/healthz").status_code == guarded.get("/readyz").status_code == 200


def test_an_openai_client_signs_in_with_its_key(guarded: TestClient) -> None:
    key = "odile:sésame, ouvre-toi".encode()
    headers = [(b"authorization", b"Bearer " + key)]
    assert guarded.get("/v1/models", headers=headers).status_code in (
        200,
        401,
    )  # latin-1 clients garble accents
    assert _credentials("Bearer odile:abc") == ("odile", "abc")


def test_guessing_is_stopped(assistant: Assistant, users_file: Path) -> None:
    with TestClient(create_api(assistant, Settings(auth_file=str(users_file), rate_limit=0))) as client:
        good = basic("odile", "sésame, ouvre-toi")
        assert client.get("/api/fiches", headers=good).status_code == 200
        statuses = [
            client.get("/api/fiches", headers=basic("odile", f"no{i}")).status_code for i in range(12)
        ]
        assert statuses[0] == 401 and statuses[-1] == 429
        assert client.get("/api/fiches", headers=good).status_code == 200, (
            "who came in before is not locked out"
        )


def test_the_command_makes_a_line_that_opens(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("un mot de passe\n"))
    assert make_line(["marc"]) == 0
    path = tmp_path / "users"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    users = Users(path)
    assert users.admit("marc", "un mot de passe") and users.remembers("marc", "un mot de passe")
    assert not users.admit("marc", "un autre") and not users.remembers("marc", "un autre")


def test_the_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    import os

    path = tmp_path / "users"
    path.write_text(f"a:{hash_password('password1')}\n")
    users = Users(path)
    assert users.admit("a", "password1")
    path.write_text(f"a:{hash_password('password2')}\n")
    os.utime(path, ns=(1, 1))
    assert not users.remembers("a", "password1")
    assert users.admit("a", "password2") and not users.admit("a", "password1")
    path.write_text("broken\n")
    os.utime(path, ns=(2, 2))
    assert users.admit("a", "password2"), "a broken file leaves the users as they were"


@pytest.mark.parametrize("content", ["", "odile:plain\n", "odile\n", "odile:scrypt$x$8$1$AA==$AA==\n"])
def test_a_wrong_file_of_users_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "users"
    path.write_text(content)
    with pytest.raises(SettingsError, match="assistant.http.passwords"):
        Users(path)
    with pytest.raises(SettingsError, match="ASSISTANT_AUTH_FILE"):
        Users(tmp_path / "none")


@given(st.text(max_size=100))
def test_any_authorization_header_is_read_without_an_error(header: str) -> None:
    found = _credentials(header)
    assert found is None or len(found) == 2


def test_pages_may_be_framed_by_the_widget_origins_only(assistant: Assistant) -> None:
    settings = Settings(rate_limit=0, widget_origins="https://www.coorace.org, https://*.example.org:8443")
    with TestClient(create_api(assistant, settings)) as client:
        headers = client.get("/api/docs").headers
        assert headers["content-security-policy"] == (
            "frame-ancestors 'self' https://www.coorace.org https://*.example.org:8443"
        )
        assert "x-frame-options" not in headers


def test_without_widget_origins_only_the_app_frames_itself(client: TestClient) -> None:
    headers = client.get("/api/docs").headers
    assert headers["content-security-policy"] == "frame-ancestors 'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_cors_is_for_widget_origins(assistant: Assistant) -> None:
    settings = Settings(rate_limit=0, widget_origins="https://www.coorace.org,https://*.example.org")
    with TestClient(create_api(assistant, settings)) as client:

        def allowed(origin: str) -> str | None:
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            return client.options("/api/ask", headers=headers).headers.get("access-control-allow-origin")

        assert allowed("https://www.coorace.org") == "https://www.coorace.org"
        assert allowed("https://a.example.org") == "https://a.example.org"
        assert allowed("https://wwwXcoorace.org") is None
        assert allowed("https://www.coorace.org.evil.net") is None


@pytest.mark.parametrize(
    "origin", ["coorace.org", "https://a b", "https://a; script-src *", "javascript:x", "*", "https://a/b"]
)
def test_a_wrong_origin_is_an_error_that_names_it(origin: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_WIDGET_ORIGINS"):
        parse_origins(origin)


@given(st.text(max_size=60))
def test_no_origin_ends_the_header_it_is_written_in(setting: str) -> None:
    try:
        origins = parse_origins(setting)
    except SettingsError:
        return
    assert not any(c in o for o in origins for c in ";, \r\n'\"")


def test_the_widget_script_opens_a_sandboxed_frame(client: TestClient) -> None:
    response = client.get("/widget.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert '"sandbox"' in response.text and "/?embed=1" in response.text
    assert client.get("/widget.js", headers={"If-None-Match": response.headers["etag"]}).status_code == 304


def test_a_full_house_is_a_503(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    leave = threading.Event()
    real = type(assistant).ask
    monkeypatch.setattr(type(assistant), "ask", lambda *a, **k: (leave.wait(10), real(*a, **k))[1])
    app = create_api(assistant, Settings(rate_limit=0), workers=Workers(running=1, waiting=1, retry_after=7))
    with TestClient(app) as client:
        threads = [
            threading.Thread(
                target=client.post, args=("/api/ask",), kwargs={"json": {"question": "GES ?"}}, daemon=True
            )
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
            time.sleep(0.3)
        refused = client.post("/api/ask", json={"question": "GES ?"})
        stream = client.post(
            "/v1/chat/completions", json={"messages": [{"role": "user", "content": "GES ?"}], "stream": True}
        )
        assert client.get("/healthz").status_code == 200
        leave.set()
        for thread in threads:
            thread.join(10)
    assert refused.status_code == stream.status_code == 503
    assert refused.headers["retry-after"] == "7"


def test_who_waits_too_long_is_turned_away() -> None:
    async def run() -> None:
        workers = Workers(running=1, waiting=5, patience=0.05)
        async with workers.place():
            with pytest.raises(Busy):
                await workers.run(lambda: None)
        assert await workers.run(lambda: 3) == 3
        assert workers.running == workers.waiting == 0

    anyio.run(run)


def test_an_iterator_is_closed_when_its_reader_leaves() -> None:
    closed = threading.Event()

    def count() -> Iterator[int]:
        try:
            yield from range(10)
        finally:
            closed.set()

    async def run() -> None:
        steps = Workers().iterate(count)
        assert [await anext(steps), await anext(steps)] == [0, 1]
        await steps.aclose()

    anyio.run(run)
    assert closed.is_set()


def test_an_unforeseen_fault_is_a_500_with_a_number_to_report(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(assistant), "ask", fail)
    with TestClient(create_api(assistant, Settings(rate_limit=0)), raise_server_exceptions=False) as client:
        response = client.post("/api/ask", json={"question": "GES ?"})
    assert response.status_code == 500
    assert response.headers["x-request-id"] in response.json()["detail"]
    assert "secret" not in response.text
