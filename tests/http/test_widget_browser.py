"""The widget in a real browser: one line in another site opens the assistant in an isolated frame."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from serving import serve

from assistant.http import create_api
from assistant.service import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.browser
APP = "<!doctype html><title>app</title><h1>Assistant</h1><script>document.cookie='a=1'</script>"


def site(script: str) -> FastAPI:
    app = FastAPI()
    page = f'<!doctype html><html lang="fr"><body><h1>Site</h1><script src="{script}" async></script></body></html>'
    app.add_api_route("/", lambda: HTMLResponse(page))
    return app


@pytest.fixture(scope="module")
def page() -> Iterator[object]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install '.[test]'")
    with playwright.sync_playwright() as running:
        try:
            browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("needs Chromium: python -m playwright install chromium")
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "other"])
def test_one_line_opens_the_assistant_where_the_operator_allows_it(assistant: Assistant, page, allowed: bool) -> None:
    served: dict[str, str] = {}
    origins = "http://127.0.0.1:*" if allowed else "https://www.coorace.org"
    settings = Settings(rate_limit=0, widget_origins="" if allowed else origins)
    app = create_api(assistant, settings)
    app.add_api_route("/", lambda: HTMLResponse(APP), include_in_schema=False)
    with serve(app) as address, serve(site(f"{address}/widget.js")) as other:
        if allowed:
            # The other site's port is known only now: an app that allows it is served beside.
            app = create_api(assistant, Settings(rate_limit=0, widget_origins=other))
            app.add_api_route("/", lambda: HTMLResponse(APP), include_in_schema=False)
        with serve(app) as allowing, serve(site(f"{allowing}/widget.js")) as unknown:
            served.update(allowing=allowing, unknown=unknown)
            page.goto(other if allowed else unknown)
            if allowed:
                page.evaluate("a => { const s = document.createElement('script'); s.src = a; document.body.append(s) }",
                              f"{allowing}/widget.js")
            button = page.get_by_role("button", name="Interroger le manuel").last
            button.click()
            page.wait_for_timeout(800)
            texts = [f.evaluate("() => document.body ? document.body.innerText : ''") for f in page.frames[1:]]
            assert any("Assistant" in t for t in texts) == allowed
            page.keyboard.press("Escape")
