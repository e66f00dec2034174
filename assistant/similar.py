"""Experiences that resemble what somebody describes, and why."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Answer, ExperienceLink
from assistant.draft import Statement, write
from assistant.excerpts import QUOTE_CHARS, headed, say_passage
from assistant.phrases import phrase
from assistant.reading import experience_link, follow_ups, told_by
from assistant.understanding import Question
from corpus.model import Fiche, Manual
from index.query import Query
from index.retriever import FicheHit, Hit, Retriever, SearchResult
from index.text import STOP_WORDS, stem, terms, words

__all__ = ["similar_experiences"]

MOST = 3
MARGIN = 1.8  # how far behind the best one's score another experience may be and still be listed
FIRST = QUOTE_CHARS  # most characters said of an experience's best passage
CHARS = 400  # of one of the others
WHOLE = 1700  # of all of them
RESERVED = 200  # kept for each experience still to come
PASSAGES = (6, 1, 1)  # of the experience that resembles most, and of the others
_SHOWN_ROLES = ("en_bref", "experience", "points_marquants", "questionnements", "contexte", "cles", "vigilance")
_STRUCTURES = (
    ("association intermédiaire", ("association intermédiaire", "associations intermédiaires")),
    ("chantier d'insertion", ("chantier d'insertion", "chantiers d'insertion")),
    ("entreprise d'insertion", ("entreprise d'insertion", "entreprises d'insertion")),
    ("groupe économique solidaire", ("groupe économique solidaire",)),
    ("collectif", ("collectif", "groupement")),
    ("entreprise de travail temporaire d'insertion", ("travail temporaire d'insertion",)),
)


def _experiences(result: SearchResult, manual: Manual) -> list[FicheHit]:
    experiences = {f.id for f in manual if f.type == "experience"}
    found = [f for f in result.fiches if f.id in experiences]
    return [f for f in found[:MOST] if found[0].score - f.score <= MARGIN]


def _reasons(fiche: Fiche, hits: list[Hit], asked: Query, retriever: Retriever, language: str) -> list[str]:
    """Reasons in plain words: kind of structure, place, shared subject words."""
    out: list[str] = []
    text = " ".join(s.text for s in fiche.sections if s.role in ("en_bref", "contexte", "organisation")).lower()
    weights = set(asked.weights)
    for name, variants in _STRUCTURES:
        if any(v in text for v in variants) and set(terms(name)) <= weights:
            out.append(phrase(language, "why_structure", value=name))
            break
    if fiche.departement and set(terms(fiche.departement)) & set(asked.typed):
        out.append(phrase(language, "why_territory", value=fiche.departement))
    shared = _shared_words(hits, asked.typed, retriever)
    if shared:
        out.append(phrase(language, "why_theme", value=", ".join(shared)))
    if hits:
        out.append(phrase(language, "why_situation", value=hits[0].chunk.section))
    return out


def _shared_words(hits: list[Hit], typed: tuple[str, ...], retriever: Retriever) -> list[str]:
    """Words of the best passages whose stem was typed, rarest first, as printed."""
    idf = retriever.signals.lexical.idf
    found: dict[str, str] = {}
    for hit in hits[:3]:
        for word in words(hit.chunk.text):
            if stem(word) in typed and word not in STOP_WORDS and len(word) > 3:
                found.setdefault(stem(word), word)
    return [found[s] for s in sorted(found, key=lambda s: -idf.get(s, 0.0))[:3]]


def _said_of(
    fiche: Fiche, hits: Sequence[Hit], room: int, result: SearchResult, retriever: Retriever
) -> list[Statement]:
    """What an experience has in common with what was described, a paragraph for each passage."""
    label = told_by(fiche)
    out: list[Statement] = []
    said = ""
    for hit in hits:
        if room < RESERVED / 2:
            break
        parts = say_passage(hit, min(CHARS if out else FIRST, room), result, retriever, but=said)
        if parts:
            text, passage = parts
            out.append(Statement(text, (passage,), "paragraph", "" if out else label))
            said += f" {text}"
            room -= len(text)
    return out


def similar_experiences(question: Question, result: SearchResult, retriever: Retriever) -> Answer:
    """The answer of the similar-experience search.

    Args:
        question: What was described, read.
        result: What was found for it.
        retriever: What it was found with.
    """
    language = question.language
    links: list[ExperienceLink] = []
    statements: list[Statement] = []
    shown = _experiences(result, retriever.manual)
    for found in shown:
        fiche = retriever.manual.get(found.id)
        if fiche is None:
            continue
        hits = [h for h in result.hits if h.chunk.fiche == found.id and h.chunk.role in _SHOWN_ROLES]
        links.append(experience_link(fiche, _reasons(fiche, hits, result.query, retriever, language)))
        to_come = len(shown) - len(links)
        room = WHOLE - sum(len(s.text) for s in statements) - RESERVED * to_come
        statements += _said_of(fiche, hits[: PASSAGES[len(links) - 1]], room, result, retriever)
    if not links:
        return Answer(question.asked, language, "refusal", phrase(language, "similar_none"))
    written = write(headed(statements, result, retriever), retriever.manual)
    return Answer(
        question=question.asked,
        language=language,
        kind="answer",
        text=written.text,
        citations=written.citations,
        experiences=tuple(links),
        follow_ups=follow_ups([link.id for link in links], retriever.manual, language),
    )

