"""The real product behind a real browser; without a Chromium, tests skip and say how to get one."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.serving import find_chromium

STATE = """() => ({
    exchanges: document.querySelectorAll(".exchange").length,
    busy: document.querySelectorAll("[data-busy]").length,
    field: document.querySelector("#question textarea, #premiere-question")?.value,
    first: Boolean(document.querySelector("#premier")),
    answering: performance.getEntriesByName("dts:answering").length,
    asked: performance.getEntriesByName("dts:asked").length,
    alert: document.querySelector("#alerte")?.textContent,
})"""
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


class Paced:
    """The assistant, able to dawdle or to fail when a test says so."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant
        self.delay = 0.0
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def stream(self, question: str, history: Any = ()) -> Iterator[Any]:
        if self.error:
            raise self.error
        for answer in self._assistant.stream(question, history):
            time.sleep(self.delay)
            yield answer


@pytest.fixture(scope="session")
def chromium_path() -> str:
    pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium, then run the browser tests again")
    return path


@pytest.fixture(scope="session")
def paced(chromium_path, assistant) -> Paced:
    return Paced(assistant)


@pytest.fixture(scope="session")
def kept_in(tmp_path_factory) -> Path:
    """The data folder of the product under test."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def site(paced, product_settings, kept_in) -> Iterator[str]:
    """Address of the product, served from this process on a free port."""
    import uvicorn

    from app import create_app

    settings = replace(product_settings, data_dir=kept_in, rate_limit=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(create_app(settings, paced), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            if httpx.get(f"{address}/", timeout=2).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.1)
    yield address
    server.should_exit = True
    thread.join(timeout=10)


# One a module: Playwright keeps an event loop running in this thread, which tests elsewhere cannot share.
@pytest.fixture(scope="module")
def browser(chromium_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, site, paced):
    """Opens a page; at the end, holds that nothing was asked from elsewhere and no script failed."""
    contexts, outside, errors = [], [], []

    def open_(path: str = "/", width: int = 1280, height: int = 900, **options: Any) -> Any:
        # A browser in English: the French interface must not depend on the visitor's.
        options = {"locale": "en-US", "viewport": {"width": width, "height": height}, **options}
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        context.set_default_timeout(60_000)  # a test machine may stand still for a while
        page = context.new_page()
        page.on(
            "request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else outside.append(r.url)
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(path)
        return page

    yield open_
    paced.delay, paced.error = 0.0, None
    for context in contexts:
        context.close()
    assert outside == []
    assert errors == []


@pytest.fixture
def ask():
    """Types a question, sends it, waits for its answer to stand whole."""

    def ask_(page: Any, question: str) -> Any:
        before = page.locator(".exchange").count()
        page.get_by_role("textbox", name="Votre question").fill(question)
        page.get_by_role("button", name="Envoyer", exact=True).click()
        try:
            page.wait_for_function(
                "n => document.querySelectorAll('.exchange').length > n"
                " && !document.querySelector('[data-busy]')",
                arg=before,
            )
        except Exception as error:  # what the page looked like says where the question was lost
            error.add_note(f"{question!r}, {before} before it: {page.evaluate(STATE)}")
            raise
        return page.locator(".exchange").last

    return ask_
