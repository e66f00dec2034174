"""Where the index's files lie in the data folder: the one place that spells their paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["IndexFolder"]


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """The folder ``index`` of a data folder.

    Attributes:
        data_dir: The data folder.
    """

    data_dir: Path

    @property
    def root(self) -> Path:
        """The folder itself, which also holds the question encoder, laid down by ``index.embedding``."""
        return self.data_dir / "index"

    @property
    def manifest(self) -> Path:
        """What the index in use was built from."""
        return self.root / "current.json"

    @property
    def chroma(self) -> Path:
        """The embedded vector store."""
        return self.root / "chroma"

    @property
    def vectors(self) -> Path:
        """The vector cache."""
        return self.root / "vectors.sqlite"
