"""The pages on the real manual, with a fake similar-experience search: no index is needed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answer import Answer, Citation, ExperienceLink
from assistant.settings import Settings
from assistant.web.pages import fiche_router
from assistant.web.pages_router import pages_router
from bench.serving import find_chromium
from corpus.model import Manual
from corpus.store import load_manual

CHROMIUM = find_chromium() or ""


def similar_to(manual: Manual):
    """A search that always finds III-4 then III-3, each with a passage of its EN BREF."""

    def similar(text: str) -> Answer:
        if "panne" in text:
            raise RuntimeError("the engine is down")
        if "rien" in text:
            return Answer(text, "fr", "refusal", "Rien.")
        links, citations = [], []
        for n, fiche_id in enumerate(("III-4", "III-3"), 1):
            fiche = manual.get(fiche_id)
            assert fiche
            section = fiche.by_anchor["en-bref"]
            quote = section.blocks[0].text
            citations.append(Citation(n, fiche.id, fiche.title, section.heading, section.anchor, quote, 0))
            why = ("même type de structure : association intermédiaire", "mobilité")
            links.append(ExperienceLink(fiche.id, fiche.title, fiche.organisation or "", fiche.territory or "", why))
        return Answer(text, "fr", "answer", "Deux expériences. [1] [2]", tuple(citations), tuple(links))

    return similar


@pytest.fixture(scope="session")
def manual() -> Manual:
    return load_manual()


@pytest.fixture(scope="session")
def app(manual, tmp_path_factory) -> FastAPI:
    app = FastAPI()
    app.include_router(fiche_router(manual))
    app.include_router(pages_router(manual, similar_to(manual), Settings(data_dir=tmp_path_factory.mktemp("data"))))
    return app


@pytest.fixture
def client(app) -> TestClient:
    """A visitor who has chosen no language yet."""
    return TestClient(app)


@pytest.fixture(scope="session")
def site(app) -> Iterator[str]:
    """The pages served on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


# One a module: Playwright keeps an event loop running in this thread, which tests elsewhere cannot share.
@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM or not Path(CHROMIUM).exists():
        pytest.skip("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser, site):
    """A page that fails the test when it asks for anything outside, or when a script fails."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=site)
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((site, "data:", "about:")) else outside.append(r.url))
    page.on("pageerror", lambda error: outside.append(str(error)))
    yield page
    context.close()
    assert outside == []
