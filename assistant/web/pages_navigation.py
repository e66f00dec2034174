"""The header's links: the pages Gradio serves, then those served here, in the order people meet them."""

from __future__ import annotations

from assistant.ui.catalogue import LANGUAGES, Language
from assistant.ui.navigation import PAGES, Page

__all__ = ["NAVIGATION"]

_SERVED_HERE = (
    ("fiches", "/fiches"),
    ("experiences", "/experiences"),
    ("decouverte", "/decouverte"),
    ("carte", "/carte"),
    ("a_propos", "/a-propos"),
)


def _address(path: str, language: Language) -> str:
    return path if language == "fr" else f"{path}?lang={language}"


NAVIGATION: tuple[Page, ...] = PAGES + tuple(
    Page(key, {language: _address(path, language) for language in LANGUAGES}) for key, path in _SERVED_HERE
)
