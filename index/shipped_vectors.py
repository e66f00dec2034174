"""Vectors of the manual as shipped, made beforehand: the first start need not embed ten thousand texts.

Kept in 8 bits with a scale each (cosine to the exact vector above 0.999), under the hash that the vector
cache uses: an edited passage has another hash and is embedded as usual. Written by ``python -m bench.vectors``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

__all__ = ["SHIPPED", "ShippedVectors"]

SHIPPED = Path(__file__).with_name("vectors.npz")
_KEY_DIGITS = 16  # of the hash, hexadecimal: 64 bits tell a few ten thousand texts apart


class ShippedVectors:
    """Vectors by the hash of what they were made from.

    Args:
        path: The file; one that is absent holds none.
    """

    def __init__(self, path: Path = SHIPPED) -> None:
        self._path = path

    @cached_property
    def _content(self) -> tuple[dict[int, int], np.ndarray, np.ndarray]:
        if not self._path.exists():
            return {}, np.zeros((0, 0), np.int8), np.zeros(0, np.float32)
        with np.load(self._path) as data:
            rows = {int(k): i for i, k in enumerate(data["keys"])}
            return rows, data["levels"], data["scales"].astype(np.float32)

    def get(self, key: str) -> np.ndarray | None:
        """The vector of a hash (hexadecimal): float32, L2-normalised; None when it is not there."""
        rows, levels, scales = self._content
        row = rows.get(int(key[:_KEY_DIGITS], 16))
        if row is None:
            return None
        vector = levels[row].astype(np.float32) * scales[row]
        return vector / np.linalg.norm(vector)

    @staticmethod
    def save(keys: Sequence[str], vectors: np.ndarray, path: Path = SHIPPED) -> None:
        """Write vectors, shape (len(keys), dimensions), for those hashes."""
        scales = (np.abs(vectors).max(axis=1) / 127.0).astype(np.float32)
        np.savez_compressed(
            path,
            keys=np.array([int(k[:_KEY_DIGITS], 16) for k in keys], dtype=np.uint64),
            levels=np.round(vectors / scales[:, None]).astype(np.int8),
            scales=scales,
        )
