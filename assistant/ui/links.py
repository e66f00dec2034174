"""Addresses that pages link to: made in one place so that they all carry the same parts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from assistant.answer import Citation
from assistant.markup.marking import shorten
from corpus.model import FicheType

__all__ = ["STATIC", "FicheRef", "asset_url", "fiche_url", "passage_url", "question_url"]

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class FicheRef:
    """Another fiche, as much as a link to it shows."""

    id: str
    type: FicheType
    title: str
    summary: str = ""


@cache
def asset_url(name: str) -> str:
    """A static file's address, with its digest: kept for ever by browsers, and never stale."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def fiche_url(fiche_id: str, language: str = "fr", anchor: str = "", **query: str) -> str:
    """A fiche's page."""
    asked = {k: v for k, v in query.items() if v} | ({"lang": "en"} if language == "en" else {})
    return (
        f"/fiche/{quote(fiche_id)}"
        + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")
        + (f"#{quote(anchor)}" if anchor else "")
    )


def passage_url(citation: Citation, language: str = "fr") -> str:
    """A fiche's page with the cited passage marked.

    The section goes into the query too: a server never sees what follows the #.
    """
    passage = shorten(citation.quote)
    return fiche_url(
        citation.fiche, language, citation.anchor, q=passage.start, to=passage.end, s=citation.anchor
    )


def question_url(question: str, language: str = "fr") -> str:
    """The page that asks a question as it opens."""
    return f"{'/en' if language == 'en' else '/'}?{urlencode({'q': question}, quote_via=quote)}"
