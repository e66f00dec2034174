"""Texts of the pages that need no Gradio: the frame's catalogue, and this package's own beside it.

Both are read by the same rules; a key that stands in both is an error, so that a page never silently says what
another file says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.ui.catalogue import Language, Texts, load_texts

__all__ = ["load_page_texts", "own_texts"]

_FOLDER = Path(__file__).parent


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def own_texts(language: Language) -> dict[str, Any]:
    """This package's texts of one language, as written, by dotted key."""
    return dict(_leaves(yaml.safe_load((_FOLDER / f"texts.{language}.yaml").read_text("utf-8"))))


def _bound(value: Any) -> Any:
    """French sets its double marks off by a space where no line may break."""
    return re.sub(r" (?=[:;?!»%])|(?<=«) ", "\u00a0", value) if isinstance(value, str) else value


@cache
def load_page_texts(language: str) -> Texts:
    """The whole catalogue of a language; French for one that has none.

    Raises:
        ValueError: A key stands in both files.
    """
    frame = load_texts(language)
    own = own_texts(frame.language)
    twice = sorted(set(own) & set(frame.entries))
    if twice:
        raise ValueError(f"texts.{frame.language}.yaml: already in assistant/ui: {', '.join(twice)}")
    if frame.language == "fr":
        own = {key: _bound(value) for key, value in own.items()}
    return Texts(frame.language, {**frame.entries, **own})
