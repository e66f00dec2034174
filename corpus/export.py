"""The corpus as one JSON document: ``assistant export``, exactly the contract's shape (with more fields)."""

from __future__ import annotations

from typing import Any

from corpus.model import Fiche, IndexEntry, Manual, Section

__all__ = ["export_manual", "fiche_to_dict"]


def _section(section: Section) -> dict[str, Any]:
    return {
        "role": section.role,
        "heading": section.heading,
        "anchor": section.anchor,
        "text": section.text,
        "level": section.level,
        "path": list(section.path),
    }


def _contacts(fiche: Fiche) -> list[dict[str, str]]:
    return [
        {
            "name": c.name,
            "role": c.role,
            "organisation": c.organisation,
            "email": c.email,
            "phone": c.phone,
            "other_email": c.other_email,
        }
        for c in fiche.contacts
    ]


def fiche_to_dict(fiche: Fiche) -> dict[str, Any]:
    """One fiche or unit as plain values, ready for JSON."""
    return {
        "id": fiche.id,
        "type": fiche.type,
        "part": fiche.part,
        "title": fiche.title,
        "subtitle": fiche.subtitle,
        "toc_title": fiche.toc_title,
        "sections": [_section(s) for s in fiche.sections],
        "references": [{"to": r.to, "kind": r.kind, "section": r.section} for r in fiche.references],
        "cited_by": list(fiche.cited_by),
        "keywords": [{"term": k.term, "main": k.main} for k in fiche.keywords],
        "contacts": _contacts(fiche),
        "links": [{"label": link.label, "url": link.url, "section": link.section} for link in fiche.links],
        "footnotes": [{"n": n.n, "text": n.text, "section": n.section} for n in fiche.footnotes],
        "organisation": fiche.organisation,
        "territory": fiche.territory,
        "departement": fiche.departement,
        "mends": [{"from": m.before, "to": m.after, "section": m.section} for m in fiche.mends],
        "source_lines": [list(span) for span in fiche.source_lines],
    }


def _entry(entry: IndexEntry) -> dict[str, Any]:
    return {
        "term": entry.term,
        "fiches": list(entry.fiches),
        "main": list(entry.main),
        "units": list(entry.units),
        "main_units": list(entry.main_units),
    }


def export_manual(manual: Manual) -> dict[str, Any]:
    """The whole corpus as plain values, ready for JSON."""
    return {
        "edition": manual.edition,
        "source_sha256": manual.source_sha256,
        "fiches": [fiche_to_dict(f) for f in manual.fiches],
        "units": [fiche_to_dict(u) for u in manual.units],
        "index": [_entry(e) for e in manual.index],
    }
