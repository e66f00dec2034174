"""Acronyms spelt out: where the manual says what letters stand for, that sentence opens the answer.

Newcomers ask it first, and search serves it badly: passages full of an acronym outrank the one sentence that
spells it out. The glossary, reviewed by hand, knows that sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.detail import asked_detail
from assistant.draft import Passage, Statement
from assistant.sentences import plain, spans
from assistant.understanding import Question
from corpus.glossary import GlossaryEntry
from index.chunks import Chunk
from index.query import Query
from index.text import fold, stem, terms

__all__ = ["Acronyms", "SpeltOut"]


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """An acronym asked about, and where the manual spells it out.

    Attributes:
        statement: The sentence that does.
        expansion: Stems of what the letters stand for.
        letters: Whether the letters are asked about, not only the thing.
    """

    statement: Statement
    expansion: frozenset[str]
    letters: bool = False

    def opening(self, statements: Sequence[Statement]) -> list[Statement]:
        """An answer's statements: the sentence first, unless the first of them says as much."""
        if not self.letters and any(self.expansion <= set(terms(s.text)) for s in statements[:1]):
            return list(statements)
        return [self.statement, *(s for s in statements if s.text != self.statement.text)]


class Acronyms:
    """What the manual spells out.

    Args:
        glossary: The glossary; entries that the manual never spells out are left aside.
        chunks: The passages.
    """

    def __init__(self, glossary: Iterable[GlossaryEntry], chunks: Sequence[Chunk]) -> None:
        self._known: dict[str, SpeltOut] = {}
        for entry in glossary:
            if entry.expansion and entry.quote:
                said = _sentence(entry, entry.quote, chunks)
                if said:
                    self._known[stem(fold(entry.term))] = SpeltOut(said, frozenset(terms(entry.expansion)))

    def spells_out(self, acronym: str) -> bool:
        """Whether the manual says what an acronym stands for, in a sentence that can be quoted."""
        return stem(fold(acronym)) in self._known

    def spelt_out(self, question: Question, query: Query) -> SpeltOut | None:
        """The acronym asked about; None when none is, or the manual never spells it out."""
        detail = asked_detail(question, query)
        if detail is not None and detail.kind == "acronym":
            known = next((self._known[s] for s in (stem(fold(a)) for a in detail.about) if s in self._known), None)
            return None if known is None else SpeltOut(known.statement, known.expansion, letters=True)
        if question.form == "definition" and not question.follow_up and len(set(query.typed)) == 1:
            return self._known.get(query.typed[0])
        return None


def _sentence(entry: GlossaryEntry, quote: str, chunks: Sequence[Chunk]) -> Statement | None:
    """The sentence of a passage that holds a glossary entry's quote."""
    wanted = fold(plain(quote))
    for chunk in chunks:
        if (chunk.fiche, chunk.anchor) == (entry.fiche, entry.anchor):
            for span in spans(chunk.text):
                if span.sayable and wanted in fold(plain(span.text)):
                    return Statement(plain(span.text), (Passage(chunk, span.text.strip()),))
    return None
