"""An exchange made ready for the page: text parsed, citations tied to their chips, people to call found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answer import Answer, Citation, ExperienceLink
from assistant.discovery.experiences import Experience
from assistant.markup.blocks import Node, parse_blocks, plain_of
from assistant.ui.catalogue import Texts
from assistant.ui.links import FicheRef, question_url
from assistant.ui.reports import markdown_of, report_of
from assistant.ui.templating import render
from assistant.ui.told import told_differences, told_likenesses
from corpus.model import Contact, FicheType, Manual

__all__ = ["ExchangeView", "SourceView", "render_exchange", "render_pending", "render_problem", "status_of"]

# A question that names a subject asks about it, and an experience of another subject may still answer; whoever names
# a kind of structure or a setting speaks of their own.
_COMPARED = ("structure", "milieu")
_LONG_QUOTE = 460  # characters shown before « lire tout le passage »


@dataclass(frozen=True, slots=True)
class SourceView:
    """A cited passage as its card shows it."""

    citation: Citation
    type: FicheType
    nodes: list[Node]
    start: str  # the quote's beginning when it is long; else empty


@dataclass(frozen=True, slots=True)
class ExperienceView:
    """An experience's card: what it shares with the question beside the answer's reasons, and what differs."""

    link: ExperienceLink
    alike: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """All that one exchange shows.

    Attributes:
        rank: Its place in the conversation, from 0: names its anchors.
        busy: Whether the answer is still growing.
        latest: Whether it is the conversation's last: what belongs to it is then shown open.
    """

    rank: int
    question: str
    answer: Answer
    nodes: list[Node]
    sources: list[SourceView]
    experiences: list[ExperienceView]
    people: list[Contact]
    types: dict[str, FicheType]
    busy: bool
    latest: bool

    def source(self, n: str) -> SourceView | None:
        """The source that a number in the text calls."""
        return next((s for s in self.sources if str(s.citation.n) == n), None)


def _source(citation: Citation, manual: Manual) -> SourceView:
    nodes = parse_blocks(citation.quote)
    plain = " ".join(plain_of(nodes).split())
    start = "" if len(plain) <= _LONG_QUOTE else plain[: _LONG_QUOTE - 120].rsplit(" ", 1)[0] + " …"
    fiche = manual.get(citation.fiche)
    return SourceView(citation, fiche.type if fiche else "unite", nodes, start)


def _people(answer: Answer, manual: Manual) -> list[Contact]:
    """Whom the experiences say to call; who stands in two of them with the same address, once."""
    people: dict[tuple[str, str, str], Contact] = {}
    for fiche in (manual.get(experience.id) for experience in answer.experiences):
        for contact in fiche.contacts if fiche else ():
            people.setdefault((contact.name, contact.email, contact.phone), contact)
    return list(people.values())


def _experience(link: ExperienceLink, known: Experience | None, question: str, t: Texts) -> ExperienceView:
    if known is None:
        return ExperienceView(link)
    return ExperienceView(
        link, told_likenesses(question, known, t), told_differences(question, known, link.why, t, _COMPARED)
    )


def _view(
    t: Texts, manual: Manual, experiences: Mapping[str, Experience], rank: int, question: str, answer: Answer, *,
    busy: bool, latest: bool,
) -> ExchangeView:  # fmt: skip
    linked = {e.id for e in answer.experiences} | {f.id for f in answer.fiches}
    types = {i: fiche.type for i in linked if (fiche := manual.get(i))}
    return ExchangeView(
        rank, question, answer, parse_blocks(answer.text, chips=True),
        [_source(c, manual) for c in answer.citations],
        [_experience(e, experiences.get(e.id), question, t) for e in answer.experiences],
        _people(answer, manual), types, busy, latest,
    )  # fmt: skip


def status_of(t: Texts, answer: Answer) -> str:
    """What a screen reader says once the answer stands."""
    if answer.kind != "answer":
        return t(f"turn.{answer.kind}_ready")
    return t("turn.done", n=len(answer.citations))


def render_exchange(
    t: Texts, manual: Manual, rank: int, question: str, answer: Answer, *,
    experiences: Mapping[str, Experience] | None = None, busy: bool = False, latest: bool = True,
    feedback: bool = True,
) -> str:  # fmt: skip
    """HTML of one exchange.

    Args:
        t: The page's texts.
        manual: Where types and contacts are looked up.
        rank: Place in the conversation, from 0.
        question: As asked.
        answer: The answer so far.
        experiences: What is known of the experiences, by id; None to show of them what the answer says only.
        busy: Whether it is still growing.
        latest: Whether it is the last exchange.
        feedback: Whether thumbs are offered.
    """
    view = _view(t, manual, experiences or {}, rank, question, answer, busy=busy, latest=latest)
    refs = {f.id: FicheRef(f.id, f.type, f.title) for f in manual}
    return render(
        "exchange.html", t, view=view, answer=answer, refs=refs, feedback=feedback,
        edition=manual.edition, share=question_url(question, t.language),
        report="" if busy else report_of(t, answer),
        markdown="" if busy else markdown_of(t, question, answer),
        status=t("turn.writing") if busy else status_of(t, answer),
    )  # fmt: skip


def render_pending(t: Texts, rank: int, question: str) -> str:
    """HTML of an exchange whose answer has not begun."""
    return render("pending.html", t, rank=rank, question=question)


def render_problem(t: Texts, rank: int, question: str, message: str) -> str:
    """HTML of an exchange whose answer failed, the question kept."""
    return render("problem.html", t, rank=rank, question=question, message=message)
