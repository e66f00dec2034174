"""The product served on a free port, and the pages that pictures and measurements go through."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["PAGES", "chromium", "served"]

PAGES = {
    "assistant": "/",
    "fiche": "/fiche/I-C-2-a",
    "fiches": "/fiches",
    "experiences": "/experiences",
    "comparer": "/experiences/comparer?ids=III-4,III-5",
    "decouverte": "/decouverte",
    "parcours": "/decouverte/direction",
    "glossaire": "/glossaire",
    "carte": "/carte",
    "a-propos": "/a-propos",
}


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, under any of its names; None when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def chromium() -> str:
    """The browser's path.

    Raises:
        SystemExit: There is none.
    """
    path = find_chromium()
    if path is None:
        raise SystemExit("No chromium on this machine: apt-get install chromium")
    return path


@contextmanager
def served() -> Iterator[str]:
    """Address of the product, served by another process while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/readyz", timeout=2)
                break
            except OSError:
                time.sleep(1)
        else:
            raise TimeoutError(f"{address} did not get ready in ten minutes.")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
