"""Small pictures of the pages' first screens, which the browser tests compare: ``python -m bench.baselines``.

Pictures at full size differ between machines by their fonts alone. Shrunk to cells of some forty pixels, text becomes
a shade of grey and what stays is what a glance takes in: where header, columns, cards and fields stand, in which
colours. A page that lost its styles, its header or its dark theme is far off; the same page in another font is not.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bench.serving import PAGES, chromium, served

__all__ = ["BASELINES", "CELL", "LOOKS", "PAGES", "apart", "look"]

BASELINES = Path(__file__).parents[1] / "tests" / "browser" / "baselines"
CELL = 40  # pixels of the page to one of the picture
_SCREENS: tuple[tuple[int, int, Literal["dark", "light"]], ...] = ((360, 720, "dark"), (1440, 880, "light"))
LOOKS = tuple((name, *screen) for name in PAGES for screen in _SCREENS)
_FAR = 28  # of 255, mean over the three colours


def look(page: Page, address: str) -> Image.Image:
    """The first screen of a page, shrunk."""
    page.goto(address)
    page.wait_for_load_state()
    if page.locator("#premier, #saisie").count():
        page.wait_for_function("performance.getEntriesByName('dts:answering').length")
        page.wait_for_timeout(300)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shot.resize((shot.width // CELL, shot.height // CELL), Image.Resampling.BOX)


def apart(one: Image.Image, other: Image.Image) -> float:
    """Share of the cells in which two pictures differ to the eye; 1.0 when their sizes do."""
    if one.size != other.size:
        return 1.0
    a, b = one.tobytes(), other.tobytes()
    cells = [sum(abs(a[k + c] - b[k + c]) for c in range(3)) / 3 for k in range(0, len(a), 3)]
    return sum(cell > _FAR for cell in cells) / len(cells)


def main() -> None:
    """Serve, shoot, shrink, write."""
    BASELINES.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for name, width, height, scheme in LOOKS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            )
            look(context.new_page(), address + PAGES[name]).save(BASELINES / f"{name}-{width}-{scheme}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
