"""What can go wrong with an index, as one tree."""

from __future__ import annotations

__all__ = ["EmbeddingModelError", "RetrievalIndexError", "IndexMissing", "IndexStale"]


class RetrievalIndexError(Exception):
    """Base of every error of the index layer; its message says what to do next."""


class IndexMissing(RetrievalIndexError):
    """There is no complete build in the data folder."""


class IndexStale(RetrievalIndexError):
    """The build was made from another corpus or with another embedding model."""


class EmbeddingModelError(RetrievalIndexError):
    """The embedding model asked for cannot be loaded."""
