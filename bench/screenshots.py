"""Pictures of every page at two widths into ``docs/screenshots``: ``python -m bench.screenshots``.

Serves the product itself, on a free port, and drives Debian's Chromium (``apt-get install chromium``).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
WIDTHS = ((1440, 900), (360, 740))
PAGES = {
    "assistant": "/?q=comment+structurer+un+GES+%3F",
    "fiche": "/fiche/I-C-2-a",
    "fiches": "/fiches",
    "experiences": "/experiences",
    "decouverte": "/decouverte",
    "carte": "/carte",
    "a-propos": "/a-propos",
}
ANSWER_MS = 8000  # time for the answer to have come, on a slow machine


def _serve() -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=2)
            return process, address
        except OSError:
            time.sleep(1)
    process.terminate()
    raise TimeoutError(f"{address} did not get ready in ten minutes.")


def _shoot(page: Page, address: str, width: int) -> None:
    for name, path in PAGES.items():
        page.goto(address + path)
        page.wait_for_timeout(ANSWER_MS if name == "assistant" else 800)
        page.screenshot(path=TARGET / f"{name}-{width}.png")


def main() -> None:
    """Serve, shoot, stop."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        raise SystemExit("No chromium on this machine: apt-get install chromium")
    TARGET.mkdir(parents=True, exist_ok=True)
    process, address = _serve()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
            for width, height in WIDTHS:
                context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
                _shoot(context.new_page(), address, width)
                context.close()
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
