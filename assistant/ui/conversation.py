"""A conversation as the browser keeps it, read back with distrust: it may be old, cut or tampered with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast, get_args

from assistant.answer import Answer, Citation, ExperienceLink, FicheLink, Kind, Turn

__all__ = ["Conversation", "Exchange", "answer_from_dict"]

MAX_EXCHANGES = 40  # of one conversation kept; a browser's storage is small
HISTORY = 6  # exchanges that follow-up questions see
_TITLE = 70


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges in order.

    Attributes:
        id: Names it in the browser's list.
        title: As shown in the list; the first question unless renamed.
        updated: When it last grew, ISO 8601.
        exchanges: Oldest first.
    """

    id: str
    title: str = ""
    updated: str = ""
    exchanges: tuple[Exchange, ...] = field(default=())

    @classmethod
    def new(cls) -> Conversation:
        """An empty one."""
        return cls(uuid.uuid4().hex)

    @classmethod
    def from_json(cls, value: object) -> Conversation:
        """Read one back; what cannot be read is left out."""
        if not isinstance(value, Mapping):
            return cls.new()
        exchanges = []
        turns = value.get("turns")
        for turn in turns[-MAX_EXCHANGES:] if isinstance(turns, list) else []:
            answer = answer_from_dict(turn.get("answer")) if isinstance(turn, Mapping) else None
            if answer is not None:
                exchanges.append(Exchange(_text(turn.get("question")) or answer.question, answer))
        return cls(
            _text(value.get("id"))[:64] or uuid.uuid4().hex, _text(value.get("title"))[:200],
            _text(value.get("updated"))[:40], tuple(exchanges),
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """What the browser keeps."""
        turns = [{"question": e.question, "answer": e.answer.to_dict()} for e in self.exchanges]
        return {"id": self.id, "title": self.title, "updated": self.updated, "turns": turns}

    def with_exchange(self, question: str, answer: Answer) -> Conversation:
        """One exchange more."""
        title = self.title or (
            question if len(question) <= _TITLE else question[:_TITLE].rsplit(" ", 1)[0] + " …"
        )
        exchanges = (*self.exchanges, Exchange(question, answer))[-MAX_EXCHANGES:]
        return replace(
            self, title=title, updated=datetime.now(UTC).isoformat(timespec="seconds"), exchanges=exchanges
        )

    def history(self) -> list[Turn]:
        """The last exchanges as the engine reads them."""
        turns: list[Turn] = []
        for exchange in self.exchanges[-HISTORY:]:
            turns += [Turn("user", exchange.question), Turn("assistant", exchange.answer.text)]
        return turns


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def _citation(row: Mapping[str, Any], rank: int) -> Citation:
    n, block = row.get("n"), row.get("block")
    return Citation(
        n if isinstance(n, int) else rank, _text(row.get("fiche")), _text(row.get("title")),
        _text(row.get("section")), _text(row.get("anchor")), _text(row.get("quote")),
        block if isinstance(block, int) else None,
    )  # fmt: skip


def answer_from_dict(value: object) -> Answer | None:
    """An answer from the contract's JSON.

    Returns:
        None when it is none.
    """
    if not isinstance(value, Mapping) or value.get("kind") not in get_args(Kind):
        return None
    timings = value.get("timings_ms")
    return Answer(
        question=_text(value.get("question")),
        language="en" if value.get("language") == "en" else "fr",
        kind=cast("Kind", value["kind"]),
        text=_text(value.get("text")),
        citations=tuple(_citation(row, k) for k, row in enumerate(_rows(value.get("citations")), 1)),
        experiences=tuple(
            ExperienceLink(
                _text(r.get("id")), _text(r.get("title")), _text(r.get("organisation")),
                _text(r.get("territory")), _texts(r.get("why")),
            )
            for r in _rows(value.get("experiences"))
        ),
        fiches=tuple(
            FicheLink(_text(r.get("id")), _text(r.get("title")), _text(r.get("relation")))
            for r in _rows(value.get("fiches"))
        ),
        follow_ups=_texts(value.get("follow_ups")),
        engine=_text(value.get("engine")) or "extractive",
        timings_ms={k: float(v) for k, v in timings.items() if isinstance(v, int | float)}
        if isinstance(timings, Mapping) else {},
        notice=_text(value.get("notice")),
    )  # fmt: skip
