"""Proof that reviewed data says what the manual says: a quote must stand word for word in its fiche.

Reviewers give the quote; where it stands is found, so that a renamed heading does not leave a dead link.
"""

from __future__ import annotations

from assistant.discovery.errors import DiscoveryError
from corpus.glossary import quote_stands
from corpus.model import Fiche, Manual

__all__ = ["find_anchor", "require_fiche"]


def require_fiche(manual: Manual, fiche_id: str, place: str) -> Fiche:
    """The fiche of an id.

    Args:
        manual: The manual.
        fiche_id: Its id.
        place: What names it, for the message.

    Raises:
        DiscoveryError: The manual has none.
    """
    fiche = manual.get(fiche_id)
    if fiche is None:
        raise DiscoveryError(f"{place} : la fiche {fiche_id} n'existe pas dans le manuel")
    return fiche


def find_anchor(fiche: Fiche, quote: str, place: str) -> str:
    """Anchor of the first section that holds a quote.

    Args:
        fiche: The fiche that is quoted.
        quote: Word for word (Markdown, spaces, case and accents aside).
        place: What quotes it, for the message.

    Raises:
        DiscoveryError: It stands nowhere in the fiche.
    """
    for section in fiche.sections:
        if quote_stands(fiche, section.anchor, quote):
            return section.anchor
    raise DiscoveryError(f"{place} : la citation n'est pas dans {fiche.id} : « {quote} »")
