"""A fake assistant over the real manual: answers made of real passages, at once, without an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import pytest

from assistant.answer import Answer, Citation, ExperienceLink, FicheLink, Turn
from assistant.errors import InvalidInput
from assistant.ui.assistant_page import AssistantPage
from assistant.ui.catalogue import load_texts
from assistant.ui.feedback import FeedbackStore
from corpus.model import Fiche, Manual


def make_answer(manual: Manual, question: str = "Comment ?") -> Answer:
    """An answer whose citations quote the first block of two fiches."""
    citations = []
    for n, fiche_id in enumerate(("I-C-2-a", "III-20"), 1):
        fiche = manual.get(fiche_id)
        assert fiche
        section = next(s for s in fiche.sections if s.role == "en_bref")
        citations.append(
            Citation(n, fiche.id, fiche.title, section.heading, section.anchor, section.blocks[0].text, 0)
        )
    return Answer(
        question, "fr", "answer", "Une phrase. [1]\n\n- un **point** [2]\n- un autre [2]", tuple(citations),
        (ExperienceLink("III-20", "Initiatives", "Groupe ISACTYS", "Isère", ("groupe économique",)),),
        (FicheLink("III-5", "Consolidation", "illustre"),), ("Et ensuite ?",),
        timings_ms={"retrieve": 8.0, "compose": 2.0, "total": 10.0},
    )  # fmt: skip


class FakeAssistant:
    """Streams ``replies`` in turn; an exception among them is raised."""

    def __init__(self, manual: Manual, replies: Sequence[Answer | Exception]) -> None:
        self.manual = manual
        self.settings = SimpleNamespace()
        self.replies = list(replies)
        self.histories: list[list[Turn]] = []

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Answer]:
        self.histories.append(list(history))
        if len(question) > 4000:
            raise InvalidInput("too long")
        for reply in self.replies:
            if isinstance(reply, Exception):
                raise reply
            yield reply.with_(question=question)


@pytest.fixture
def fiche(manual: Manual) -> Fiche:
    found = manual.get("III-20")
    assert found
    return found


@pytest.fixture
def answer(manual: Manual) -> Answer:
    return make_answer(manual)


@pytest.fixture
def page(manual: Manual, answer: Answer, tmp_path) -> AssistantPage:
    fake = FakeAssistant(manual, [answer.with_(text="Une phrase. [1]"), answer])
    return AssistantPage(fake, load_texts("fr"), FeedbackStore(tmp_path / "feedback.sqlite"), "v1")
