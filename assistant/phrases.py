"""The words of ours that frame an answer, from ``phrases.yaml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

__all__ = ["phrase"]


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, dict[str, str]]:
    return yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))


def phrase(language: str, key: str, **values: str) -> str:
    """The phrase ``key`` in a language, its blanks filled."""
    return _catalogue()[language][key].format(**values)
