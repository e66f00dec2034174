"""The widget in a real browser: one line in another site opens the assistant in an isolated frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from serving import serve

from assistant.http import create_api
from assistant.service import Assistant
from assistant.settings import Settings
from bench.serving import find_chromium

pytestmark = pytest.mark.browser
APP = "<!doctype html><title>app</title><h1>Assistant</h1>"


def site(script: dict[str, str]) -> FastAPI:
    """Another site, whose one page holds the script's line."""
    app = FastAPI()
    page = '<!doctype html><html lang="fr"><body><h1>Site</h1><script src="{}" async></script></body></html>'
    app.add_api_route("/", lambda: HTMLResponse(page.format(script["src"])))
    return app


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    chromium = find_chromium()
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install '.[test]'")
    with playwright.sync_playwright() as running:
        try:
            browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("needs Chromium: python -m playwright install chromium")
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
def test_one_line_opens_the_assistant_where_the_operator_allows_it(
    assistant: Assistant, page: Any, allowed: bool
) -> None:
    script: dict[str, str] = {}
    with serve(site(script)) as other:
        origins = other if allowed else "https://www.coorace.org"
        app = create_api(assistant, Settings(rate_limit=0, widget_origins=origins))
        app.add_api_route("/", lambda: HTMLResponse(APP), include_in_schema=False)
        with serve(app) as address:
            script["src"] = f"{address}/widget.js"
            page.goto(other)
            opener = page.get_by_role("button", name="Interroger le manuel")
            opener.click()
            frame = page.frame_locator("iframe")
            page.wait_for_timeout(500)
            assert page.locator("iframe").get_attribute("src") == f"{address}/?embed=1"
            assert frame.get_by_role("heading", name="Assistant").count() == int(allowed)
            page.get_by_role("button", name="Fermer").press("Escape")
            assert opener.is_visible() and not page.locator("iframe").is_visible()
