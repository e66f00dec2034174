"""Answers as text to take away: with references for a report, and as Markdown."""

from __future__ import annotations

import re
from datetime import date

from assistant.answer import Answer, Citation
from assistant.markup.blocks import parse_blocks, plain_of
from assistant.ui.catalogue import Texts

__all__ = ["markdown_of", "report_of"]


def _plain_quote(quote: str) -> str:
    return re.sub(r"\s+", " ", plain_of(parse_blocks(quote))).strip()


def _reference(t: Texts, citation: Citation) -> str:
    parts = [t("report.source"), t("report.fiche", id=citation.fiche, title=citation.title)]
    if citation.section:
        parts.append(t("report.section", section=citation.section.strip(" :")))
    return ", ".join(parts)


def report_of(t: Texts, answer: Answer) -> str:
    """An answer that pastes well into a report: plain text, numbered references below."""
    text = re.sub(r"\*\*|__|^#+ ", "", answer.text, flags=re.MULTILINE)
    text = re.sub(r"(?m)^(\s*)[-*] ", r"\1• ", text)
    out = [text.strip()]
    if answer.citations:
        out.append(t("report.heading"))
        out += [f"[{c.n}] {_reference(t, c)} : « {_plain_quote(c.quote)} »" for c in answer.citations]
    return "\n\n".join(out)


def markdown_of(t: Texts, question: str, answer: Answer) -> str:
    """One exchange as Markdown."""
    out = [f"## {question.strip()}", answer.text.strip()]
    if answer.citations:
        notes = [f"{c.n}. {_reference(t, c)}\n\n   > {_plain_quote(c.quote)}" for c in answer.citations]
        out += [f"### {t('report.heading')}", "\n\n".join(notes)]
    if answer.experiences:
        rows = [f"- **{e.organisation}**, {e.territory} — {e.id} {e.title}" for e in answer.experiences]
        out += [f"### {t('report.experiences')}", "\n".join(rows)]
    if answer.fiches:
        out += [f"### {t('report.further')}", "\n".join(f"- {f.id} {f.title}" for f in answer.fiches)]
    return "\n\n".join(out)


def export_heading(t: Texts) -> str:
    """First line of an exported conversation."""
    return f"# {t('report.exported', date=date.today().isoformat())}"
