"""Headings: how one becomes an anchor, and what it says of its section's role.

Both are derived, so that a person who edits a fiche writes a plain ``## heading`` and nothing else; where
the derived value would be wrong the heading carries it: ``## heading {role=grille}``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import get_args

from corpus.model import Role

__all__ = [
    "HEAD_BLOCK",
    "ROLES",
    "derive_role",
    "fold",
    "slugify",
    "standard_role",
    "strip_calls",
    "unique_anchor",
]

ROLES: tuple[str, ...] = get_args(Role)

# The one heading the manual does not print: an experience's organisation and territory stand bare
# between its title and EN BREF.
HEAD_BLOCK = "Organisation et territoire"

_STANDARD_HEADINGS: tuple[tuple[str, Role], ...] = (
    (r"en-bref", "en_bref"),
    (r"de-quoi-s-agit-il", "definition"),
    (r"definitions-prealables", "definition"),
    (r"comment", "comment"),
    (r"comment-l-utiliser", "comment"),
    (r"presentation-de-la-methode", "comment"),
    (r"pourquoi-utiliser-cette-methode", "texte"),
    (r"clefs?-de-reussite", "cles"),
    (r"points-de-vigilance", "vigilance"),
    (r"organisation-et-territoire", "organisation"),
    (r"le-contexte-de-l-experience", "contexte"),
    (r"experimentation-de-reference", "contexte"),
    (r"l-experience", "experience"),
    (r"les-points-marquants-de-l-experience.*", "points_marquants"),
    (r"les-questionnements-et-points-de-tension", "questionnements"),
    (r"temoignages?", "temoignage"),
    (r"cette-fiche-(?:illustre|peut-vous-aider).*", "dimensions"),
    (r"pour-en-savoir-plus-pour-un-echange-de-pratique", "contacts"),
    (r"pour-aller-plus-loin", "approfondir"),
)
_STANDARD = tuple((re.compile(pattern), role) for pattern, role in _STANDARD_HEADINGS)
_CALLS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_MARKS = re.compile(r"[*_`>#\[\]|\s]+")


def fold(text: str) -> str:
    """Fold text for verbatim comparison: no accents, case, Markdown marks or white space."""
    plain = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE"))
    return _MARKS.sub("", "".join(c for c in plain if not unicodedata.combining(c))).lower()


def strip_calls(heading: str) -> str:
    """A heading without footnote calls and bold or italic marks."""
    return _CALLS.sub("", heading).replace("**", "").strip()


@lru_cache(maxsize=4096)
def slugify(heading: str) -> str:
    """An anchor from a heading: accents folded, everything else than letters and digits a hyphen.

    >>> slugify("DE QUOI S'AGIT-IL ?")
    'de-quoi-s-agit-il'
    """
    plain = unicodedata.normalize("NFD", strip_calls(heading).replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def unique_anchor(heading: str, taken: set[str]) -> str:
    """The heading's anchor, numbered from 2 when the fiche already has it; not added to ``taken``."""
    base = slugify(heading)
    if base not in taken:
        return base
    n = 2
    while f"{base}-{n}" in taken:
        n += 1
    return f"{base}-{n}"


def standard_role(heading: str) -> Role | None:
    """The role that one of the manual's standard headings says by itself; None for any other heading."""
    anchor = slugify(heading)
    return next((role for pattern, role in _STANDARD if pattern.fullmatch(anchor)), None)


def derive_role(heading: str, parent: Role | None) -> Role:
    """The role that a heading says by itself, else its parent's, else ``texte``.

    Args:
        heading: As printed.
        parent: Role of the nearest section of a lower level, None at level 2.
    """
    return standard_role(heading) or parent or "texte"
