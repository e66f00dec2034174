"""Where pages are, in each language: the header's links, and which of them Gradio serves.

To add a page: one ``Page`` here, ``nav.<key>`` and ``title.<key>`` in both catalogues, and its builder in
``app.PAGES`` (a Gradio page) or its router in ``app.create_app`` (``gradio=False``). Gradio allows no slash
in a page's path, hence « en-fiches » rather than « en/fiches ».
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.ui.catalogue import LANGUAGES, Language

__all__ = ["PAGES", "Page", "page_at"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the product.

    Attributes:
        key: Its name in the catalogues.
        paths: Its path by language; a page that Gradio does not serve may carry the language in its query.
        gradio: Whether Gradio serves it, and ``app.PAGES`` builds it; else a router of ours does.
    """

    key: str
    paths: dict[Language, str]
    gradio: bool = True

    def path(self, language: Language) -> str:
        """Where it is in a language."""
        return self.paths[language]


def _served_here(key: str, path: str) -> Page:
    """A server-rendered page: French by default, ``?lang=en`` otherwise."""
    return Page(key, {"fr": path, "en": f"{path}?lang=en"}, gradio=False)


PAGES: tuple[Page, ...] = (
    Page("assistant", {"fr": "/", "en": "/en"}),
    _served_here("fiches", "/fiches"),
    _served_here("experiences", "/experiences"),
    _served_here("decouverte", "/decouverte"),
    _served_here("carte", "/carte"),
    _served_here("a_propos", "/a-propos"),
)


def page_at(path: str) -> tuple[Page, Language] | None:
    """The page that Gradio serves at a path, and its language."""
    wanted = path.rstrip("/") or "/"
    for page in PAGES:
        for language in LANGUAGES:
            if page.gradio and page.paths[language] == wanted:
                return page, language
    return None
