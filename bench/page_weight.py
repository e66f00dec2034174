"""What each page weighs and when it can be used, into ``docs/pages.md``: ``python -m bench.page_weight``.

Each page is opened in a browser that has never seen the site, several times; then once more with what the browser
kept. Weights are bytes on the wire, headers and compression included. « Usable » is when a page's scripts have run;
for the Assistant page, when a question can be typed and sent; « answering » is when Gradio's own parts stand too.

Writes ``assistant/web/early_assets.json`` as well: the files of Gradio's that the Assistant page asks for.
"""

from __future__ import annotations

import json
import os
import re
import statistics
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from assistant.web.delivery import EARLY
from bench.serving import PAGES, chromium, served

TARGET = Path(__file__).parents[1] / "docs" / "pages.md"
RUNS = 7
_INTERACTIVE = """() => {
  const mark = (name) => performance.getEntriesByName(name)[0]?.startTime;
  const done = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
  return [mark("dts:interactive") ?? done, mark("dts:answering") ?? null];
}"""


@dataclass(frozen=True)
class Visit:
    """One opening of a page: requests, bytes, and milliseconds until it can be used and until it can answer."""

    requests: int
    size: int
    interactive: float
    answering: float | None


def _visit(context: BrowserContext, url: str) -> Visit:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(url)
    if page.locator("#premier, #saisie").count():
        page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    page.wait_for_timeout(500)
    interactive, answering = page.evaluate(_INTERACTIVE)
    page.close()
    return Visit(len(sizes), sum(sizes), interactive, answering)


def _measure(browser: Browser, url: str) -> tuple[list[Visit], Visit]:
    """First visits, each by a browser that knows nothing, and one more visit by the last of them."""
    first: list[Visit] = []
    for k in range(RUNS):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
        first.append(_visit(context, url))
        if k == RUNS - 1:
            again = _visit(context, url)
        context.close()
    return first, again


def _wanted_assets(page: Page, address: str) -> list[str]:
    """Gradio's files that the Assistant page asks for when its head names none."""
    names: dict[str, None] = {}

    def bare(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=re.sub(r'<link rel="(?:modulepreload|preload)"[^>]*>', "", reply.text()))

    page.route(f"{address}/", bare)
    page.on("request", lambda r: names.setdefault(r.url.split("/assets/")[1]) if "/assets/" in r.url else None)
    page.goto(f"{address}/")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    return list(names)


def _kb(size: int) -> str:
    return f"{size / 1000:.0f} kB"


def _table(measured: dict[str, tuple[list[Visit], Visit]]) -> str:
    rows = [
        "| page | requests | first visit | next visit | usable (best, median of {}) | answering (median) |",
        "|---|---|---|---|---|---|",
    ]
    rows[0] = rows[0].format(RUNS)
    for name, (first, again) in measured.items():
        usable = [v.interactive for v in first]
        answering = [v.answering for v in first if v.answering is not None]
        rows.append(
            f"| `{PAGES[name]}` | {first[-1].requests} | {_kb(first[-1].size)} | {_kb(again.size)}"
            f" | {min(usable):.0f} ms, {statistics.median(usable):.0f} ms"
            f" | {f'{statistics.median(answering):.0f} ms' if answering else ''} |"
        )
    return "\n".join(rows)


def _report(measured: dict[str, tuple[list[Visit], Visit]], load: float) -> str:
    return (
        "# What the pages weigh\n\n"
        "Written by `python -m bench.page_weight`; not edited by hand.\n\n"
        f"{_table(measured)}\n\n"
        "Bytes on the wire, compressed, headers included, with a browser that has never seen the site; « next\n"
        "visit » is with what it kept. Usable: the page's scripts have run; on the Assistant page, a question can be\n"
        "typed and sent. Answering: Gradio's own parts stand too, and a question sent before is on its way.\n\n"
        f"Server and browser shared {os.cpu_count()} processors with other programs (load {load:.1f} as the"
        " measurement began).\nNo page asks another host for anything: `tests/browser` cuts the outside world.\n"
    )


def main() -> None:
    """Serve, measure, write."""
    load = os.getloadavg()[0]
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        EARLY.write_text(json.dumps(_wanted_assets(browser.new_page(), address), indent=1) + "\n", "utf-8")
        _visit(browser.new_context(), f"{address}/")  # the server's first answer is slower than all others
        measured = {name: _measure(browser, address + path) for name, path in PAGES.items()}
        browser.close()
    TARGET.write_text(_report(measured, load), "utf-8")
    print(_table(measured))


if __name__ == "__main__":
    main()
