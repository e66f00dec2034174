"""How soon and how light: what the Assistant page asks for, when it can be used, what browsers may keep."""

from __future__ import annotations

import httpx
import pytest

from assistant.web.delivery import early_assets

PATHS = ("/", "/fiche/I-C-2-a", "/fiches", "/experiences", "/decouverte", "/carte", "/a-propos")


def test_the_head_names_every_file_of_gradio_that_the_page_asks_for(open_page):
    """Fails with another version of Gradio: ``python -m bench.page_weight`` then writes the list anew."""
    page = open_page("/fiches")
    asked = set()
    page.on("request", lambda r: asked.add(r.url.split("/assets/")[1]) if "/assets/" in r.url else None)
    page.goto("/")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    assert asked == set(early_assets())


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_soon_usable(open_page, path):
    page = open_page(path)
    page.wait_for_load_state()
    assert page.evaluate(
        "(performance.getEntriesByName('dts:interactive')[0]?.startTime"
        " ?? performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd) < 1500"
    )


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_compressed(site, path):
    reply = httpx.get(site + path)
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers.get("content-length", 0)) < len(reply.content)


def test_files_named_by_their_digest_are_kept_and_packed(site):
    with httpx.Client(base_url=site) as client:
        for name in early_assets():
            reply = client.get(f"/assets/{name}")
            assert "immutable" in reply.headers["cache-control"], name
            assert len(reply.content) <= 500 or reply.headers["content-encoding"] == "gzip", name
        plain = client.get(f"/assets/{early_assets()[0]}", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers and plain.text.startswith("const")
        assert client.get("/assets/none.js").status_code == 404
        assert client.get("/assets/..%2f..%2findex.html").status_code in (403, 404)


def test_an_answer_is_streamed_not_held_back(site):
    """Compression would keep the pieces of an event stream until they fill a block."""
    body = {"model": "extractive", "stream": True, "messages": [{"role": "user", "content": "Bonjour"}]}
    with httpx.stream("POST", f"{site}/v1/chat/completions", json=body, timeout=30) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in reply.headers
