"""Answers and fiches as plain text, for a terminal."""

from __future__ import annotations

import textwrap

from assistant.answer import Answer
from assistant.sentences import plain
from corpus.model import Fiche

__all__ = ["render_fiche", "render_text"]

WIDTH = 96
_LABELS = {
    "fr": {"sources": "Sources", "experiences": "Expériences", "fiches": "À lire aussi", "next": "Pour continuer"},
    "en": {"sources": "Sources", "experiences": "Experiences", "fiches": "Further reading", "next": "To go on"},
}


def _wrap(text: str, indent: str = "", rest: str | None = None) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent if rest is None else rest)


def render_text(answer: Answer) -> str:
    """An answer with its numbered sources, as a terminal shows it."""
    labels = _LABELS[answer.language]
    paragraphs = [_wrap(p, rest="  " if p.startswith("- ") else "") for p in answer.text.replace("**", "").split("\n")]
    out = ["\n".join(paragraphs)]
    if answer.notice:
        out.append(_wrap(answer.notice))
    if answer.citations:
        out.append(f"{labels['sources']}")
        out += [
            _wrap(f"[{c.n}] {c.fiche} {c.title} — {c.section}", rest="    ")
            + "\n"
            + _wrap(f"« {plain(c.quote)} »", "    ")
            for c in answer.citations
        ]
    if answer.experiences:
        out.append(labels["experiences"])
        out += [_wrap(f"{e.id} {e.organisation} ({e.territory}) : {e.title}", "  ", "    ") for e in answer.experiences]
    if answer.fiches:
        out.append(labels["fiches"])
        out += [_wrap(f"{f.id} {f.title} ({f.relation})", "  ", "    ") for f in answer.fiches]
    if answer.follow_ups:
        out.append(labels["next"])
        out += [_wrap(f, "  ") for f in answer.follow_ups]
    return "\n\n".join(out)


def render_fiche(fiche: Fiche) -> str:
    """A fiche, whole: its text, notes, and what it is linked to."""
    out = [f"{fiche.id}  {fiche.title}"]
    if fiche.subtitle:
        out.append(fiche.subtitle)
    for section in fiche.sections:
        out += [f"{'#' * section.level} {section.heading}", section.text]
    if fiche.footnotes:
        out += ["Notes", "\n".join(f"{n.n}. {n.text}" for n in fiche.footnotes)]
    if fiche.cited_by:
        out.append("Citée par : " + ", ".join(fiche.cited_by))
    return "\n\n".join(part for part in out if part)
