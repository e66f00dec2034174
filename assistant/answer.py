"""The answer as a value: what engines make, the verifier checks, and every door shows.

Its JSON is fixed by ``docs/contract.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

__all__ = ["Answer", "Citation", "ExperienceLink", "FicheLink", "Kind", "Turn"]

Kind = Literal["answer", "refusal", "clarification", "greeting"]
Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that supports a statement.

    Attributes:
        n: Number shown in the text, from 1, best first.
        fiche: Id of the fiche.
        title: The fiche's title.
        section: Heading of the section.
        anchor: Anchor of the section.
        quote: Verbatim passage of the fiche.
        block: Rank of the quote's first block in its section; None for a footnote.
    """

    n: int
    fiche: str
    title: str
    section: str
    anchor: str
    quote: str
    block: int | None = None

    @property
    def url(self) -> str:
        """Where the passage opens."""
        return f"/fiche/{self.fiche}#{self.anchor}"

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {
            "n": self.n,
            "fiche": self.fiche,
            "title": self.title,
            "section": self.section,
            "anchor": self.anchor,
            "quote": self.quote,
            "url": self.url,
            "block": self.block,
        }


@dataclass(frozen=True, slots=True)
class ExperienceLink:
    """An experience that belongs to the answer, and why."""

    id: str
    title: str
    organisation: str
    territory: str
    why: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "organisation": self.organisation,
            "territory": self.territory,
            "why": list(self.why),
            "url": f"/fiche/{self.id}",
        }


@dataclass(frozen=True, slots=True)
class FicheLink:
    """A fiche to read on, and how it relates to the answer."""

    id: str
    title: str
    relation: str

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {"id": self.id, "title": self.title, "relation": self.relation, "url": f"/fiche/{self.id}"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        question: As asked.
        language: Language of the question, and of the answer's framing.
        kind: What sort of reply it is.
        text: Markdown; each statement ends with the number of the citation that supports it.
        citations: Best first, numbered from 1 without gaps; each is used in ``text``.
        experiences: Experiences that belong to it, best first.
        fiches: Fiches to read on.
        follow_ups: Questions to go on with.
        engine: Name of the engine that wrote it.
        timings_ms: Milliseconds spent, by stage; ``total`` among them.
        notice: Something the reader must know of how it was made (a fallback, dropped statements).
    """

    question: str
    language: Language
    kind: Kind
    text: str
    citations: tuple[Citation, ...] = ()
    experiences: tuple[ExperienceLink, ...] = ()
    fiches: tuple[FicheLink, ...] = ()
    follow_ups: tuple[str, ...] = ()
    engine: str = "extractive"
    timings_ms: dict[str, float] = field(default_factory=dict)
    notice: str = ""

    def with_(self, **changes: Any) -> Answer:
        """A copy with some fields changed."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {
            "question": self.question,
            "language": self.language,
            "kind": self.kind,
            "text": self.text,
            "citations": [c.to_dict() for c in self.citations],
            "experiences": [e.to_dict() for e in self.experiences],
            "fiches": [f.to_dict() for f in self.fiches],
            "follow_ups": list(self.follow_ups),
            "engine": self.engine,
            "timings_ms": {k: round(v, 1) for k, v in self.timings_ms.items()},
            "notice": self.notice,
        }
