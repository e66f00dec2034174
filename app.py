"""The product in one process: Gradio pages, fiche pages and the HTTP API. ``python app.py`` is ``assistant serve``.

To add a page: a builder in ``PAGES`` below, and its entry in ``assistant.ui.navigation``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import gradio as gr
from fastapi import FastAPI
from gradio.components import Navbar
from starlette.middleware.gzip import GZipMiddleware

from assistant.service import Assistant, open_assistant
from assistant.settings import Settings
from assistant.ui.assistant_page import AssistantPage, build_assistant_page, first_frame
from assistant.ui.catalogue import LANGUAGES, Texts, load_texts
from assistant.ui.feedback import open_feedback
from assistant.ui.navigation import PAGES as ADDRESSES
from assistant.ui.theme import make_theme
from assistant.web.delivery import gradio_assets_router
from assistant.web.pages import fiche_router
from assistant.web.pages_router import pages_router
from assistant.web.shell import Shell

__all__ = ["build_ui", "create_app"]

Builder = Callable[[gr.Blocks, Assistant, Settings, Texts], None]


def _assistant_page(demo: gr.Blocks, assistant: Assistant, settings: Settings, texts: Texts) -> None:
    page = AssistantPage(
        assistant, texts, open_feedback(settings), _index_version(settings), llm=settings.questions_leave
    )
    build_assistant_page(demo, page)


PAGES: dict[str, Builder] = {"assistant": _assistant_page}


def _index_version(settings: Settings) -> str:
    from index.build import read_manifest
    from index.errors import RetrievalIndexError

    try:
        manifest = read_manifest(settings.data_dir)
    except RetrievalIndexError:
        return ""
    return f"{manifest.corpus} {manifest.model}"


def build_ui(assistant: Assistant, settings: Settings) -> gr.Blocks:
    """The Gradio pages, each in every language.

    Args:
        assistant: What answers.
        settings: The settings.
    """
    demo = gr.Blocks(title=load_texts("fr")("product.name"), analytics_enabled=False, fill_width=True)
    for page in (p for p in ADDRESSES if p.gradio):
        for language in LANGUAGES:
            texts, path = load_texts(language), page.path(language)
            with demo if path == "/" else demo.route(texts(f"title.{page.key}"), path, show_in_navbar=False):
                Navbar(visible=False)
                PAGES[page.key](demo, assistant, settings, texts)
    return demo


def create_app(settings: Settings, assistant: Assistant | None = None) -> FastAPI:
    """The whole product as one ASGI application.

    Args:
        settings: The settings.
        assistant: What answers; None to open it on the index in use.
    """
    from assistant.http.api import create_api

    assistant = assistant or open_assistant(settings)
    app: FastAPI = create_api(assistant, settings)
    app.include_router(fiche_router(assistant.manual))
    app.include_router(pages_router(assistant.manual, assistant.similar, settings))
    app.include_router(gradio_assets_router())
    gr.mount_gradio_app(
        app, build_ui(assistant, settings), path="/", footer_links=[], run_history=False, theme=make_theme(),
        show_error=False, ssr_mode=False, enable_monitoring=False, pwa=False, mcp_server=False,
    )  # fmt: skip
    llm = settings.questions_leave
    app.add_middleware(Shell, first={language: first_frame(load_texts(language), llm=llm) for language in LANGUAGES})
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    return app


if __name__ == "__main__":
    # The command's own: it builds a missing index, and says in a line what is wrong.
    from assistant.cli import main

    sys.exit(main(["serve", *sys.argv[1:]]))
