"""What a fiche is about, for whoever asks for it by its id: its own summary, then its points to keep in mind."""

from __future__ import annotations

from dataclasses import replace

from assistant.draft import Statement
from assistant.excerpts import is_usable, statements_of
from assistant.extractive import merged
from assistant.understanding import Question
from index.chunks import Chunk
from index.retriever import Hit, Retriever, SearchResult

__all__ = ["overview"]

WHOLE = 1600  # characters from which nothing more is begun
# In the order told; each fiche has some of them, the introduction and the like only running text.
ROLES = ("en_bref", "definition", "contexte", "texte", "cles", "vigilance")


def overview(question: Question, result: SearchResult, retriever: Retriever) -> list[Statement]:
    """Statements that say what the fiche ``question.fiche`` is about, verbatim.

    Args:
        question: The question, read; it names a fiche that exists.
        result: What was found for it.
        retriever: What it was found with.
    """
    own = [(row, c) for row, c in enumerate(retriever.chunks) if c.fiche == question.fiche and c.note is None]
    out: list[Statement] = []
    used = 0
    for role in ROLES:
        for row, chunk in own:
            if chunk.role != role or used + _least(chunk) > WHOLE:
                continue
            hit = Hit(chunk, 0.0, row, {})
            if not is_usable(hit):
                continue
            said = statements_of(hit, WHOLE - used, result, retriever, question.language, whole_lists=False)
            out += said
            used += sum(len(s.text) for s in said)
    return merged([replace(s, label=own[0][1].title) if n == 0 else s for n, s in enumerate(out)])


def _least(chunk: Chunk) -> int:
    """Characters of a passage that must fit for it to be begun: it is not cut to a crumb."""
    return min(len(chunk.text), 300)
