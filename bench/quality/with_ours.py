"""Ours: the assistant as shipped, with its default engine, on the index of the data folder."""

from __future__ import annotations

import re
from typing import Any

from assistant.answer import Answer
from assistant.question_file import Row, answer_row
from assistant.service import Assistant
from bench.quality.mapping import Manuscript, Place

__all__ = ["Ours"]

_MARKS = re.compile(r"^(?:> ?)?\s*(?:[-*] |\|)?|\*\*|\|")


class Ours:
    """See the module.

    Args:
        assistant: Open.
        manuscript: To tell what share of the manual its vectors are made of.
    """

    name = "ours"
    setting = "as shipped"
    model = "e5-small, multilingual"

    def __init__(self, assistant: Assistant, manuscript: Manuscript) -> None:
        self._assistant = assistant
        self._manuscript = manuscript

    def prepare(self) -> dict[str, Any]:
        """The index is there already; the model reads long passages in windows, so each is read whole."""
        return {
            "embedded": self._manuscript.share((place, line) for place, line in self._lines()),
            "index_seconds": None,
            "chunks": len(self._assistant.retriever.chunks),
        }

    def _lines(self) -> list[tuple[Place, str]]:
        """Lines of the passages, and the titles and headings embedded with them, where the manual has them.

        By lines, as the importer puts lists and tables together otherwise than they are printed; a line that was
        mended is not found, and counts as not embedded.
        """
        out = []
        for fiche in self._assistant.manual:
            chunks = [c for c in self._assistant.retriever.chunks if c.fiche == fiche.id]
            names = [fiche.title, fiche.subtitle, *(h for c in chunks for h in c.heading.split(" › "))]
            for text in (*names, *(line for c in chunks for line in c.text.splitlines())) if chunks else ():
                line = _MARKS.sub("", text)
                out.append((self._manuscript.find(line, within=fiche.id), line))
        return out

    def answer(self, row: Row, *, history: bool) -> Answer:
        """As ``assistant batch`` asks it: experiences of the similar-experience search."""
        return answer_row(self._assistant, row, history=history)
