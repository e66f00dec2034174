"""Texts for people: one YAML file a language, read once, looked up by dotted key.

A missing key is an error at once, not an empty label; a test holds that both files have the same keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

__all__ = ["LANGUAGES", "Language", "Texts", "load_texts"]

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Texts:
    """Every text of one language.

    Attributes:
        language: Its code.
        entries: Texts, or lists of texts, by dotted key.
    """

    language: Language
    entries: Mapping[str, Any]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its ``{names}`` filled in.

        A ``n`` picks the plural: ``key.one`` for 0 and 1 (as French counts), else
        ``key.other``.

        Raises:
            KeyError: No such text.
        """
        if "n" in values and f"{key}.one" in self.entries:
            key = f"{key}.one" if abs(int(str(values["n"]))) <= 1 else f"{key}.other"
        text: str = self.entries[key]
        return text.format(**values) if values else text

    def many(self, key: str) -> list[str]:
        """The list of texts of a key."""
        found = self.entries[key]
        assert isinstance(found, list)
        return found

    def under(self, prefix: str) -> dict[str, str]:
        """Texts whose key starts with ``prefix.``, by the rest of the key."""
        return {k[len(prefix) + 1 :]: v for k, v in self.entries.items() if k.startswith(f"{prefix}.")}


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        out.update(_flatten(value, f"{name}.") if isinstance(value, dict) else {name: value})
    return out


def _spaced(value: Any) -> Any:
    """French sets its double marks off by a space where no line may break."""
    if not isinstance(value, str):
        return value  # lists are choices and questions: what is clicked is sent as written
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", value)


@cache
def load_texts(language: str) -> Texts:
    """The catalogue of a language; French for one that has none."""
    known: Language = "en" if language == "en" else "fr"
    text = (_FOLDER / f"texts.{known}.yaml").read_text("utf-8")
    entries = _flatten(yaml.safe_load(text))
    return Texts(known, {k: _spaced(v) for k, v in entries.items()} if known == "fr" else entries)
