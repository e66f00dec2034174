"""What the model is given: instructions of a known version; passages, conversation and question as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.answer import Turn
from assistant.draft import Passage
from assistant.llm.screen import gives_orders
from index.retriever import SearchResult

__all__ = ["NO_ANSWER", "PROMPT_VERSION", "Message", "ask_messages", "offered", "rewrite_messages"]

PROMPT_VERSION = "v1"
NO_ANSWER = "AUCUN PASSAGE NE RÉPOND"
MAX_PASSAGES = 8
PASSAGE_CHARS = 7000  # of all passages: with the rest about 2,600 tokens, which a 4,096-token server takes
HISTORY_TURNS = 4
TURN_CHARS = 500


@dataclass(frozen=True, slots=True)
class Message:
    """A message to the model."""

    role: str
    content: str


@lru_cache(maxsize=4)
def _template(name: str) -> tuple[str, str]:
    text = Path(__file__).with_name(f"{name}.{PROMPT_VERSION}.fr.md").read_text(encoding="utf-8")
    system, user = re.split(
        r"<!-- user -->\n", re.split(r"<!-- system -->\n", text, maxsplit=1)[1], maxsplit=1
    )
    return system.strip(), user.strip()


def _data(text: str) -> str:
    """Text that cannot close the tag it stands in."""
    return text.replace("<", "‹").replace(">", "›")


def offered(
    result: SearchResult, *, screen: Callable[[str], bool] = gives_orders, budget: int = PASSAGE_CHARS
) -> list[Passage]:
    """The passages that the model is shown and may cite, best first.

    Args:
        result: What was found.
        screen: Tells the passages that give orders, which are left out.
        budget: Most characters in all.
    """
    out: list[Passage] = []
    used = 0
    for hit in result.hits:
        quote = hit.chunk.text.strip()
        if len(out) == MAX_PASSAGES:
            break
        if hit.chunk.role == "dimensions" or used + len(quote) > budget or screen(quote):
            continue
        out.append(Passage(hit.chunk, quote))
        used += len(quote)
    return out


def _shown(number: int, passage: Passage) -> str:
    chunk = passage.chunk
    heading = _data(f"fiche {chunk.fiche}, {chunk.title} — {chunk.heading}")
    return f"[{number}] ({heading})\n{_data(passage.quote)}"


def _conversation(history: Sequence[Turn]) -> str:
    names = {"user": "Personne", "assistant": "Assistant"}
    return (
        "\n".join(f"{names[t.role]} : {_data(t.content[:TURN_CHARS])}" for t in history[-HISTORY_TURNS:])
        or "(aucune)"
    )


def _messages(name: str, **blanks: str) -> list[Message]:
    system, user = _template(name)
    # One pass: a question that holds « {passages} » stays as typed.
    filled = re.sub(r"\{(\w+)\}", lambda m: blanks.get(m[1], m[0]), user)
    return [Message("system", system), Message("user", filled)]


def ask_messages(question: str, passages: Sequence[Passage], history: Sequence[Turn]) -> list[Message]:
    """What is sent to have a question answered."""
    shown = "\n\n".join(_shown(n, p) for n, p in enumerate(passages, 1))
    return _messages("prompt", passages=shown, history=_conversation(history), question=_data(question))


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[Message]:
    """What is sent to have a follow-up question rewritten."""
    return _messages("rewrite", history=_conversation(history), question=_data(question))
