"""The one Jinja environment: autoescaping, strict about unknown names, with the product's helpers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.ui.catalogue import Texts, load_texts
from assistant.ui.links import asset_url, fiche_url, passage_url, question_url
from assistant.ui.navigation import PAGES

__all__ = ["environment", "render"]

_TEMPLATES = Path(__file__).parent / "templates"


def safe_href(address: str) -> str:
    """An address fit for a link: web and mail addresses, and our own paths; anything else leads nowhere."""
    parts = urlsplit(address)
    own = (
        not parts.scheme
        and not parts.netloc
        and address.startswith(("/", "#", "?"))
        and not address.startswith("//")
    )
    return address if own or parts.scheme in ("http", "https", "mailto") else "#"


def without_calls(text: str) -> str:
    """A text without the superscript figures of footnote calls."""
    return re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", "", text)


def unbroken(text: str) -> str:
    """A text whose French quotation marks stay with their words at a line's end."""
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


@cache
def environment() -> Environment:
    """The environment that renders every template."""
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    env.filters.update(safe_href=safe_href, without_calls=without_calls, unbroken=unbroken)
    env.globals.update(asset=asset_url, fiche_url=fiche_url, passage_url=passage_url)
    env.globals.update(question_url=question_url, pages=PAGES)
    return env


def render(template: str, texts: Texts | str, **values: Any) -> Markup:
    """Render a template; what comes back is safe to stand in another as it is.

    Args:
        template: Its file's name.
        texts: A catalogue, or its language.
        values: What it shows.
    """
    catalogue = load_texts(texts) if isinstance(texts, str) else texts
    return Markup(environment().get_template(template).render(t=catalogue, lang=catalogue.language, **values))
