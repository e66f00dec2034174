"""What the pages of this package share: language, addresses, templates in the product's frame, static files.

The frame (header, footer, tokens, macros) is ``assistant.ui``'s; its base template is used as it is, with one more
style sheet and script put in through the loader, so that there is one frame and not two.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader

from assistant.markup.blocks import parse_node
from assistant.markup.marking import shorten
from assistant.ui.catalogue import Language, Texts
from assistant.ui.links import fiche_url
from assistant.ui.navigation import PAGES
from assistant.ui.templating import environment
from assistant.web.delivery import deliver
from assistant.web.pages_texts import load_page_texts
from corpus.model import Fiche

__all__ = ["Frame", "brief", "fragment_or_page", "frame_of", "page_url", "quote_url", "serve_asset"]

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_COOKIE = "dts_lang"
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A request, and the language it is answered in."""

    request: Request
    texts: Texts
    asked: bool  # whether the address itself names the language

    @property
    def language(self) -> Language:
        """Code of the language."""
        return self.texts.language


def frame_of(request: Request) -> Frame:
    """The language of a request: its address's; the one last chosen when it comes from outside; else French.

    A link followed inside the site carries its own language: an earlier choice must not turn a link of a French
    page into an English one.
    """
    asked = request.query_params.get("lang", "")
    if asked in ("fr", "en"):
        return Frame(request, load_page_texts(asked), True)
    site = request.headers.get("sec-fetch-site", "")
    inside = site == "same-origin" or (
        not site and urlsplit(request.headers.get("referer", "")).netloc == request.headers.get("host")
    )
    chosen = "" if inside else request.cookies.get(_COOKIE, "")
    return Frame(request, load_page_texts(chosen), False)


def page_url(path: str, language: str, **query: object) -> str:
    """A page of this package, in a language.

    Args:
        path: Its path.
        language: The language.
        query: What else to ask; empty values are left out, lists are repeated.
    """
    asked = {k: v for k, v in query.items() if v} | ({"lang": "en"} if language == "en" else {})
    return path + (f"?{urlencode(asked, doseq=True)}" if asked else "")


def quote_url(fiche: Fiche, anchor: str, quote: str, language: str) -> str:
    """A fiche's page, opened at a section with a quote marked in it."""
    passage = shorten(quote)
    return fiche_url(fiche.id, language, anchor, q=passage.start, to=passage.end, s=anchor)


def brief(fiche: Fiche, limit: int = 170) -> str:
    """What a fiche is about, in a line: the beginning of its EN BREF."""
    section = next((s for s in fiche.sections if s.role == "en_bref" and s.blocks), None)
    section = section or next((s for s in fiche.sections if s.blocks), None)
    if section is None:
        return ""
    text = re.sub(r"\s*\(?(?:cf\. )?FICHE [^)\n]*\)?|[*⁰¹²³⁴⁵⁶⁷⁸⁹]", "", section.blocks[0].text)
    text = re.sub(r"(?<=:)\s*\n- ", " ", text).replace("\n- ", " ; ").replace(",;", ",").replace(";;", ";")
    text = re.sub(r"\s*[,;]\s*;", " ;", " ".join(text.split()))
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",;: ") + " …"


def _plain(markdown: str) -> str:
    return " ".join(re.sub(r"^\s*[-•>] ", "", markdown, flags=re.M).replace("*", "").split())


@cache
def _page_asset(name: str) -> str:
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/pages/{Path(name).name}?v={digest}"


@cache
def _environment() -> Environment:
    frame = environment()
    own = FileSystemLoader(_HERE / "templates")
    assert frame.loader is not None
    # base.html includes head.html: ours comes first, and itself includes the frame's as frame/head.html.
    env = frame.overlay(loader=ChoiceLoader([own, PrefixLoader({"frame": frame.loader}), frame.loader]))
    env.globals = {
        **frame.globals, "pages": PAGES, "page_url": page_url, "quote_url": quote_url, "page_asset": _page_asset,
        "brief": brief, "nodes": parse_node,
    }  # fmt: skip
    env.filters = {**frame.filters, "plain": _plain}
    return env


def _other_url(frame: Frame) -> str:
    other = "fr" if frame.language == "en" else "en"
    url = frame.request.url.remove_query_params("fragment").include_query_params(lang=other)
    return f"{url.path}?{url.query}"


def _render(frame: Frame, template: str, values: dict[str, Any]) -> str:
    shown = _environment().get_template(template)
    return shown.render(t=frame.texts, lang=frame.language, other_url=_other_url(frame), **values)


def fragment_or_page(
    frame: Frame, template: str, *, fragment: str = "", status: int = 200, **values: Any
) -> HTMLResponse:
    """A page; or, when the request asks for a fragment, only the part that a script puts in place.

    Args:
        frame: The request.
        template: The page's template.
        fragment: Template of the part; empty for a page that has none.
        status: HTTP status.
        values: What they show.
    """
    part = bool(fragment) and frame.request.query_params.get("fragment") == "1"
    response = HTMLResponse(_render(frame, fragment if part else template, values), status_code=status)
    response.headers["Vary"] = "Cookie, Sec-Fetch-Site, Referer"
    response.headers["Cache-Control"] = "private, no-cache"
    if frame.asked:
        response.set_cookie(_COOKIE, frame.language, max_age=_YEAR, samesite="lax", path="/")
    return response


def serve_asset(request: Request, name: str, v: str) -> Response:
    """A static file of this package; 404 for any other name."""
    path = _STATIC / name if name == "pages.css" else _STATIC / "pages" / name
    return deliver(request, path, lasting=bool(v))
