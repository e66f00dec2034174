"""An answer as one text, for programs that show nothing else: citations numbered, « Sources » at the end."""

from __future__ import annotations

import re

from assistant.answer import Answer
from assistant.http.texts import LANGUAGES, text
from assistant.sentences import plain

__all__ = ["Deltas", "closing", "without_sources"]

_SOURCES = re.compile(
    r"\n\n\*\*(?:"
    + "|".join(re.escape(text(language, "sources")) for language in LANGUAGES)
    + r")\*\*\n\n(?:- \[1\]).*\Z",
    re.DOTALL,
)


def closing(answer: Answer, base_url: str) -> str:
    """What follows an answer's text: how it was made if that must be known, and its sources.

    Args:
        answer: The answer.
        base_url: Address of the app, without a slash at the end: links must open from elsewhere.
    """
    out = f"\n\n_{answer.notice}_" if answer.notice else ""
    if answer.citations:
        lines = [
            f"- [{c.n}] [{c.fiche} {c.title} — {c.section}]({base_url}{c.url}) : « {plain(c.quote)} »"
            for c in answer.citations
        ]
        out += f"\n\n**{text(answer.language, 'sources')}**\n\n" + "\n".join(lines)
    return out


def without_sources(message: str) -> str:
    """An earlier answer as it was before ``closing``: its sources are no part of the conversation."""
    return _SOURCES.sub("", message)


class Deltas:
    """From growing texts to the pieces that were added.

    What was sent cannot be taken back. A snapshot that does not continue the one before (the default engine
    stepping in) is sent whole, below a line.
    """

    def __init__(self) -> None:
        self.sent = ""
        self._shown = ""

    def add(self, shown: str) -> str:
        """The piece that brings the reader from the text before to this one."""
        goes_on = shown.startswith(self._shown)
        piece = shown[len(self._shown) :] if goes_on else f"\n\n---\n\n{shown}"
        self._shown = shown
        self.sent += piece
        return piece
