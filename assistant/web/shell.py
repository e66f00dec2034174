"""Gradio's page in the product's frame: language, header, footer, local styles at first paint.

Gradio writes its page from a template of its own, in English, and adds styles only once its scripts run. The
frame is put in on the way out instead, so that it is the same as on the pages that need no Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import escape
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.catalogue import Language, load_texts
from assistant.ui.navigation import Page, page_at
from assistant.ui.templating import render
from assistant.web.delivery import early_assets

__all__ = ["Shell", "dress"]

_META = re.compile(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>")
_MANIFEST = re.compile(r"\s*<link rel=\"manifest\"[^>]*>")
# For a page framed by Hugging Face's site.
_FRAMED = re.compile(r"<script>(?:(?!</script>).)*iframeResizer(?:(?!</script>).)*</script>", re.DOTALL)
_HTML = re.compile(r"<html\s+lang=\"[^\"]*\"")
_BODY = re.compile(r"<body[^>]*>")


def dress(html: str, page: Page, language: Language, first: str = "") -> str:
    """Gradio's page, dressed.

    Args:
        html: As Gradio wrote it.
        page: Which page it is.
        language: Its language.
        first: HTML to show until Gradio's own parts stand.
    """
    other: Language = "fr" if language == "en" else "en"
    texts = load_texts(language)
    title = f"{texts('title.' + page.key)}{texts('title.sep')}{texts('product.short')}"
    scripts = render("gradio_scripts.html", texts, current=page.key, early=early_assets())
    head = render("gradio_head.html", texts, current=page.key)
    top = render("header.html", texts, current=page.key, other_url=page.path(other))
    html = _FRAMED.sub("", _MANIFEST.sub("", _META.sub("", html)))
    html = _HTML.sub(f'<html lang="{language}"', html, count=1)
    html = html.replace("<head>", f'<head><meta charset="utf-8"><title>{escape(title)}</title>{scripts}', 1)
    html = html.replace("</head>", f"{head}</head>", 1)
    # Gradio would put the one title of all its pages in place of this one.
    html = html.replace('control_page_title="true"', 'control_page_title="false"')
    html = _BODY.sub(lambda m: f"{m.group()}{top}{render('gradio_top.html', texts)}{first}", html, count=1)
    return html.replace("</body>", f"{render('footer.html', texts)}</body>", 1)


class Shell:
    """ASGI middleware that dresses the pages of ``navigation.PAGES`` and lets all else through.

    Args:
        app: What answers.
        first: For each language, HTML to show until Gradio's own parts stand.
    """

    def __init__(self, app: ASGIApp, first: Mapping[Language, str] | None = None) -> None:
        self.app, self.first = app, first or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = page_at(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        # Compressed text cannot be dressed.
        headers = [(k, v) for k, v in scope["headers"] if k.lower() != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, _Dresser(send, *found, self.first.get(found[1], "")))


class _Dresser:
    def __init__(self, send: Send, page: Page, language: Language, first: str) -> None:
        self.send, self.page, self.language, self.first = send, page, language, first
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if message["status"] == 200 and kind.startswith(b"text/html"):
                self.start = message
                return
        if self.start is None:
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = dress(self.body.decode("utf-8"), self.page, self.language, self.first).encode("utf-8")
        headers = [(k, v) for k, v in self.start["headers"] if k.lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})
