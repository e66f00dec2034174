"""Gradio's theme bound to the product's tokens, without any font fetched from elsewhere."""

from __future__ import annotations

import gradio as gr

__all__ = ["make_theme"]

_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif"]


def make_theme() -> gr.themes.Base:
    """The theme: colours come from ``tokens.css``, so that light and dark follow it."""
    return gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "Consolas", "monospace"])
