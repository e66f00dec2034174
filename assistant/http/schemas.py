"""Shapes of what the API takes and gives, for validation and for the OpenAPI description.

Answers are sent as ``Answer.to_dict()`` makes them, the same as the command's; the models of answers only
describe them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from assistant.answer import Turn

__all__ = [
    "MAX_HISTORY", "MAX_TEXT", "MAX_TURN", "AnswerOut", "AskIn", "ErrorOut", "FichesOut", "SimilarIn",
]  # fmt: skip

MAX_TEXT = 4000  # characters of a question, the service's own limit
MAX_TURN = 20_000  # characters of an earlier message: an answer with its sources fits
MAX_HISTORY = 50  # earlier messages

_ASK_EXAMPLES: list[JsonValue] = [
    {"question": "Comment structurer un GES ?", "history": []},
    {
        "question": "Et quels sont les points de vigilance ?",
        "history": [
            {"role": "user", "content": "Comment structurer un GES ?"},
            {
                "role": "assistant",
                "content": "Le GES est une entreprise ou un groupement d'entreprises solidaires… [1]",
            },
        ],
    },
]
_SIMILAR_EXAMPLES: list[JsonValue] = [
    {"text": "Nous montons une conciergerie de village avec trois communes."}
]


class TurnIn(BaseModel):
    """An earlier message."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_TURN)]

    def turn(self) -> Turn:
        """The same, as the engines take it."""
        return Turn(self.role, self.content)


class AskIn(BaseModel):
    """A question, with the conversation before it."""

    model_config = ConfigDict(json_schema_extra={"examples": _ASK_EXAMPLES})

    question: Annotated[str, Field(max_length=MAX_TEXT, description="The question, in French or English.")]
    history: Annotated[list[TurnIn], Field(max_length=MAX_HISTORY)] | None = Field(
        default=None, description="Earlier messages, oldest first."
    )
    engine: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="Name of the engine (GET /v1/models); null for the one set by the operator."
    )

    def turns(self) -> list[Turn]:
        """The conversation as the engines take it."""
        return [t.turn() for t in self.history or ()]


class SimilarIn(BaseModel):
    """A project or a situation, described."""

    model_config = ConfigDict(json_schema_extra={"examples": _SIMILAR_EXAMPLES})

    text: Annotated[str, Field(max_length=MAX_TEXT, description="What you do or plan, in your own words.")]


class CitationOut(BaseModel):
    """A passage that supports a statement."""

    n: int
    fiche: str
    title: str
    section: str
    anchor: str
    quote: str
    url: str
    block: int | None = None


class ExperienceOut(BaseModel):
    """An experience that belongs to the answer, and why."""

    id: str
    title: str
    organisation: str
    territory: str
    why: list[str]
    url: str


class FicheLinkOut(BaseModel):
    """A fiche to read on."""

    id: str
    title: str
    relation: str
    url: str


class AnswerOut(BaseModel):
    """One answer; its fields are explained in docs/contract.md."""

    question: str
    language: Literal["fr", "en"]
    kind: Literal["answer", "refusal", "clarification", "greeting"]
    text: str
    citations: list[CitationOut]
    experiences: list[ExperienceOut]
    fiches: list[FicheLinkOut]
    follow_ups: list[str]
    engine: str
    timings_ms: dict[str, float]
    notice: str


class FicheSummary(BaseModel):
    """A fiche in a list."""

    id: str
    type: str
    part: str
    title: str
    subtitle: str
    organisation: str | None
    territory: str | None
    departement: str | None
    url: str


class FichesOut(BaseModel):
    """The fiches and other units, in printed order."""

    edition: str
    fiches: list[FicheSummary]
    units: list[FicheSummary]


class ErrorDetail(BaseModel):
    """What went wrong, in the shape that OpenAI clients read."""

    message: str
    type: str
    code: str
    param: str | None
    request_id: str


class ErrorOut(BaseModel):
    """An error, in the language of Accept-Language."""

    detail: str
    error: ErrorDetail
