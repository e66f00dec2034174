"""Every error of the corpus: one tree, so that a caller can catch what it means.

Messages say what was given, what is allowed and what to do.
"""

from __future__ import annotations

__all__ = ["CorpusError", "FicheFormatError", "GlossaryError", "LayoutError", "MissingCorpusError", "QuestionsError"]


class CorpusError(Exception):
    """Base of all errors of the ``corpus`` package."""


class MissingCorpusError(CorpusError):
    """A folder or file of the corpus is not there."""


class _PlacedError(CorpusError):
    """An error at a place.

    Attributes:
        where: File, and line where known, as ``name:line``.
    """

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where


class FicheFormatError(_PlacedError):
    """A fiche's file cannot be read."""


class QuestionsError(_PlacedError):
    """A file of written questions cannot be read."""


class GlossaryError(CorpusError):
    """The glossary's data file does not fit the manual."""


class LayoutError(CorpusError):
    """The importer's tables do not fit the source (a line claimed twice, or by nothing)."""
