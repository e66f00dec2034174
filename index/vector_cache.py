"""Vectors already computed, by what they were computed from.

Embedding is all of a build's time. Those of the manual as shipped come with the product; another vector is
kept the moment it is made, under the hash of model, kind
and text: a build stopped half-way goes on where it was, and after an edit only the changed passages are
embedded, whatever was renamed or moved around them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from index.embedding import Embedder
from index.shipped_vectors import ShippedVectors

__all__ = ["VectorCache"]

Kind = Literal["query", "passage"]
BATCH = 16


class VectorCache:
    """A SQLite file of vectors in front of an embedder.

    Args:
        path: The file; made when absent.
        embedder: The model behind it.
        shipped: Vectors that come with the product; None to make every one anew.
    """

    def __init__(self, path: Path, embedder: Embedder, shipped: ShippedVectors | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._embedder = embedder
        self._shipped = shipped
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def key(self, kind: Kind, text: str) -> str:
        """The hash under which a text's vector is kept, hexadecimal."""
        model = self._embedder.name if kind == "query" else self._embedder.passage_name
        return hashlib.sha256(f"{model}\0{kind}\0{text}".encode()).hexdigest()

    def _read(self, key: str) -> np.ndarray | None:
        row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return np.frombuffer(row[0], dtype=np.float32)
        return self._shipped.get(key) if self._shipped else None

    def embed(
        self, kind: Kind, texts: Sequence[str], progress: Callable[[int], None] = lambda n: None
    ) -> np.ndarray:
        """Vectors of ``texts``, from the product or the file or, failing those, from the model.

        Args:
            kind: Which side of the search the texts are on.
            texts: What to embed.
            progress: Called with the number of texts done since the last call.

        Returns:
            float32 array of shape (len(texts), dimensions), L2-normalised.
        """
        out = np.zeros((len(texts), self._embedder.dimensions), dtype=np.float32)
        missing: list[tuple[int, str]] = []
        for row, text in enumerate(texts):
            vector = self._read(key := self.key(kind, text))
            if vector is None:
                missing.append((row, key))
            else:
                out[row] = vector
        progress(len(texts) - len(missing))
        embed = self._embedder.queries if kind == "query" else self._embedder.passages
        # Sorted by length: a batch is padded to its longest text.
        missing.sort(key=lambda m: len(texts[m[0]]))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = embed([texts[row] for row, _ in batch])
            out[[row for row, _ in batch]] = vectors
            with self._db:
                self._db.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                    [(key, vectors[i].astype(np.float32).tobytes()) for i, (_, key) in enumerate(batch)],
                )
            progress(len(batch))
        return out
