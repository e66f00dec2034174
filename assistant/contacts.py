"""Who can be reached: the people that fiches name, for questions that ask for a contact.

Found by name rather than by how likely an answer is, as somebody would look them up (decision 17).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding import Question
from corpus.model import Manual
from index.retriever import Hit, SearchResult
from index.text import fold, words

__all__ = ["contact_fiches", "contacts_of", "reaches_someone"]

REFERRING = 5  # best passages whose references may tell who can be reached
LIKELY = 0.2  # probability of a fiche from which its contacts may be those asked for
# No telephone number, opening hour nor street stands in the manual.
_NO_CONTACT = re.compile(
    r"\b(?:tel|telephones?|portable|numeros?|phones?|locaux|local|horaires?|rue|fax|hours|postal\w*)\b"
)


def reaches_someone(question: Question, result: SearchResult) -> bool:
    """Whether somebody is to be reached whom the contacts of a likely fiche name.

    « L'adresse que j'ai pour … ne marche plus » looks like a question about later events.

    Args:
        question: The question, read.
        result: What was found for it.
    """
    if question.form != "contact" or _NO_CONTACT.search(fold(question.asked)):
        return False
    return bool(_named(result))


def contact_fiches(likely: Sequence[str], result: SearchResult, manual: Manual) -> list[str]:
    """The likeliest fiche that names somebody to reach, and the others that tell of its organisation.

    Those whose names the question holds come before likelier ones. « Et qui appeler là-bas ? » after a principle and
    its example asks for the people of the example, which the passages of the principle refer to. An organisation that
    two fiches tell of has contacts of its own in each.

    Args:
        likely: Ids of the fiches that may be meant, likeliest first; at least one.
        result: What was found.
        manual: Where organisations are looked up.

    Returns:
        Ids of fiches; where none of them names anybody, those of the likeliest one's organisation.
    """
    reachable = {h.chunk.fiche for h in result.hits if _names_somebody(h)}
    referred_to = [f for h in result.hits[:REFERRING] if h.chunk.fiche in likely for f in h.chunk.references]
    said = [*_told_of(result.query.asked, manual), *_named(result)]
    first = next((f for f in [*said, *likely, *referred_to] if f in reachable), likely[0])
    names = _organisations(manual, first)
    return list(dict.fromkeys([first, *(f.id for f in manual if names & _organisations(manual, f.id))]))


def contacts_of(result: SearchResult, fiches: Sequence[str]) -> list[Hit]:
    """The passages that say who can be reached.

    Args:
        result: What was found.
        fiches: Ids of the likeliest fiche, which may do so anywhere, and of the others of its organisation.
    """
    lead, *others = fiches
    own = [h for h in result.hits if h.chunk.fiche == lead and _names_somebody(h)]
    return [*own, *(h for h in result.hits if h.chunk.fiche in others and h.chunk.role == "contacts")]


def _told_of(asked: str, manual: Manual) -> list[str]:
    """Ids of the fiches whose organisation's whole name stands in the question; one of a word may be any word."""
    said = f" {' '.join(words(asked))} "
    names = ((f.id, words(name)) for f in manual for name in _organisations(manual, f.id))
    return [fiche for fiche, name in names if len(name) > 1 and f" {' '.join(name)} " in said]


def _named(result: SearchResult) -> list[str]:
    """Ids of likely fiches whose contacts have a name that the question holds, those with more of it first."""
    likely = {f.id for f in result.fiches if f.share >= LIKELY}
    held = {
        hit.chunk.fiche: hit.signals["name"]
        for hit in result.hits
        if hit.chunk.role == "contacts" and hit.chunk.fiche in likely and hit.signals["name"] > 0
    }
    return sorted(held, key=lambda f: -held[f])


def _names_somebody(hit: Hit) -> bool:
    return hit.chunk.role == "contacts" or "@" in hit.chunk.text


def _organisations(manual: Manual, fiche_id: str) -> set[str]:
    fiche = manual.get(fiche_id)
    told_of = fold(fiche.organisation or "").split("&") if fiche else []
    return {name.strip() for name in told_of if name.strip()}
