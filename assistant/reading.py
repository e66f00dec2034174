"""Where to read on: experiences, fiches and questions that belong with an answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import ExperienceLink, FicheLink
from assistant.phrases import phrase
from corpus.model import Fiche, Manual
from index.retriever import SearchResult
from index.text import fold

__all__ = ["experience_link", "follow_ups", "linked_experiences", "linked_fiches", "nearest_fiches", "told_by"]

MOST_EXPERIENCES = 3
MOST_FICHES = 4
MOST_FOLLOW_UPS = 3


def told_by(fiche: Fiche) -> str:
    """Whose experience a fiche tells: « Jura Service (Jura) »."""
    name = fiche.organisation or fiche.title
    where = fiche.departement or ""
    return name if fold(where) in fold(name) else f"{name} ({where})"


def experience_link(fiche: Fiche, why: Sequence[str]) -> ExperienceLink:
    """An experience as an answer shows it."""
    return ExperienceLink(fiche.id, fiche.title, fiche.organisation or "", fiche.territory or "", tuple(why))


def linked_experiences(
    cited: Sequence[str], result: SearchResult, manual: Manual, language: str
) -> tuple[ExperienceLink, ...]:
    """Experiences among or next to the fiches cited: cited ones first, then those that their text names."""
    named = _neighbours(cited, manual, outward=True)
    rank = {f.id: i for i, f in enumerate(result.fiches)}
    candidates = [c for c in dict.fromkeys(cited)] + sorted(
        (n for n in named if n not in cited), key=lambda n: rank.get(n, len(rank))
    )
    out = []
    for fiche_id in candidates:
        fiche = manual.get(fiche_id)
        if fiche is not None and fiche.type == "experience":
            first = manual.get(cited[0])
            title = first.title if first and fiche_id not in cited else ""
            why = [f"{phrase(language, 'relation_illustrates')} « {title} »"] if title else []
            out.append(experience_link(fiche, why))
    return tuple(out[:MOST_EXPERIENCES])


def _neighbours(cited: Sequence[str], manual: Manual, *, outward: bool) -> list[str]:
    out: list[str] = []
    for fiche_id in dict.fromkeys(cited):
        fiche = manual.get(fiche_id)
        if fiche is not None:
            out += [r.to for r in fiche.references] if outward else list(fiche.cited_by)
    return list(dict.fromkeys(out))


def linked_fiches(cited: Sequence[str], manual: Manual, language: str) -> tuple[FicheLink, ...]:
    """Fiches that those cited refer to, then those that refer to them."""
    out: list[FicheLink] = []
    for outward, key in ((True, "relation_cited"), (False, "relation_citing")):
        for fiche_id in _neighbours(cited[:2], manual, outward=outward):
            fiche = manual.get(fiche_id)
            if fiche and fiche.type not in ("experience", "unite") and fiche_id not in cited:
                out.append(FicheLink(fiche.id, fiche.title, phrase(language, key)))
    unique = {link.id: link for link in reversed(out)}
    return tuple(sorted(unique.values(), key=lambda link: [o.id for o in out].index(link.id))[:MOST_FICHES])


def nearest_fiches(result: SearchResult, manual: Manual, language: str) -> tuple[FicheLink, ...]:
    """The nearest reading when there is no answer."""
    fiches = [manual.get(f.id) for f in result.fiches[:3]]
    return tuple(FicheLink(f.id, f.title, phrase(language, "relation_near")) for f in fiches if f)


def follow_ups(cited: Sequence[str], manual: Manual, language: str) -> tuple[str, ...]:
    """Questions to go on with, each one that the manual answers."""
    out: list[str] = []
    for fiche_id in dict.fromkeys(cited[:3]):
        fiche = manual.get(fiche_id)
        if fiche is None or fiche.type == "unite":
            continue
        roles = {s.role for s in fiche.sections}
        if fiche.type == "experience":
            name = fiche.organisation or fiche.title
            if "questionnements" in roles:
                out.append(phrase(language, "follow_difficulties", organisation=name))
            if fiche.contacts:
                out.append(phrase(language, "follow_contact", organisation=name))
            continue
        if "cles" in roles:
            out.append(phrase(language, "follow_keys", title=fiche.title))
        if "vigilance" in roles:
            out.append(phrase(language, "follow_vigilance", title=fiche.title))
        if any(f.type == "experience" for f in (manual.get(r.to) for r in fiche.references) if f):
            out.append(phrase(language, "follow_experience", title=fiche.title))
    return tuple(dict.fromkeys(out))[:MOST_FOLLOW_UPS]
