"""Pictures of every page at two widths into ``docs/screenshots``: ``python -m bench.screenshots``.

Serves the product itself, on a free port, and drives Debian's Chromium (``apt-get install chromium``).
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.serving import PAGES, chromium, served

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
WIDTHS = ((1440, 900), (360, 740))
ANSWERS = {
    "assistant": "/?q=comment+structurer+un+GES+%3F",
    "comparison": "/?q=qu%27est-ce+qui+distingue+les+AI+des+Yvelines+de+celles+des+Bouches-du-Rh%C3%B4ne+%3F",
}
SHOWN = PAGES | ANSWERS


def _shoot(page: Page, address: str, width: int) -> None:
    for name, path in SHOWN.items():
        page.goto(address + path)
        if name in ANSWERS:
            page.locator(".exchange:not([data-busy]) .actions").wait_for()
        page.wait_for_timeout(800)
        page.screenshot(path=TARGET / f"{name}-{width}.png")


def main() -> None:
    """Serve, shoot, stop."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for width, height in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="fr-FR", reduced_motion="reduce"
            )
            _shoot(context.new_page(), address, width)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
