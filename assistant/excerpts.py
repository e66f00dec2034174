"""What is said of one passage: which of its sentences and items, verbatim, in its own order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.draft import Layout, Passage, Statement
from assistant.phrases import phrase
from assistant.sentences import Span, plain, spans
from assistant.verifier import normalise
from index.retriever import Hit, Retriever, SearchResult
from index.text import terms

__all__ = ["QUOTE_CHARS", "headed", "is_usable", "say_passage", "statements_of"]

QUOTE_CHARS = 700  # a passage up to this length is quoted whole: it is what opens and is marked
LIST_GRACE = 200
WHOLE_LIST = 1200  # most characters of a list asked for as such
HEADING_CHARS = 110  # most characters of a section's heading that is given along
HEADING_IDF = 3.0  # summed idf of the question's words that it alone holds, from which it is given
FOCUS_LIKENESS = 0.36  # from which two questions begin to ask the same thing
FOCUS_WEIGHT = 8.25
BEFORE_ALL = 1000.0  # more than any sentence scores
_CONTACT = re.compile(r"@|^\W*contact\b", re.IGNORECASE)


def is_usable(hit: Hit) -> bool:
    """Whether a passage says something of its own: lists of links are not quoted as statements."""
    return hit.chunk.role != "dimensions" and any(s.sayable for s in spans(hit.chunk.text))


def _span_scores(hit: Hit, parts: Sequence[Span], result: SearchResult, retriever: Retriever) -> list[float]:
    """How well each span answers: what it holds of the question, and whether a near written question,
    whose writer said which lines answer it, points at it."""
    idf = retriever.signals.lexical.idf
    focus = [
        (normalise(plain(start)), (likeness - FOCUS_LIKENESS) * FOCUS_WEIGHT)
        for entry, likeness in result.questions
        if entry.focus and hit.chunk.id in entry.chunks and likeness > FOCUS_LIKENESS
        for start in entry.focus
    ]
    scores = []
    for span in parts:
        own = set(terms(span.text))
        held = sum(weight * idf.get(term, 1.0) for term, weight in result.query.weights.items() if term in own)
        said = normalise(plain(span.text))
        pointed = max((gain for start, gain in focus if said.startswith(start)), default=0.0)
        scores.append(held / max(len(own), 6) ** 0.35 + pointed)
    return scores


def _select(parts: Sequence[Span], scores: Sequence[float], budget: int, whole_list: bool) -> list[int]:
    """Ranks of the spans to say, in order: the best ones that fit, a list's introduction with its items."""
    sayable = [i for i, s in enumerate(parts) if s.sayable]
    is_list = any(parts[i].kind == "item" for i in sayable)
    # A list cut short misleads: one that nearly fits is given whole.
    if sum(len(parts[i].text) for i in sayable) <= budget + (LIST_GRACE if is_list else 0):
        return sayable
    if whole_list and is_list:
        budget = max(budget, WHOLE_LIST)
    chosen: set[int] = set()
    used = 0
    # An introduction comes with an item: alone it announces nothing.
    for i in sorted((i for i in sayable if parts[i].kind != "intro"), key=lambda i: (-scores[i], i)):
        intro = _intro_of(parts, i) if parts[i].kind == "item" else None
        needed = ({i} if intro is None else {i, intro}) - chosen
        cost = sum(len(parts[n].text) for n in needed)
        if chosen and used + cost > budget:
            continue
        chosen |= needed
        used += cost
    return sorted(chosen)


def _intro_of(parts: Sequence[Span], item: int) -> int | None:
    for i in range(item - 1, -1, -1):
        if parts[i].kind == "intro":
            return i
        if parts[i].kind not in ("item", "reference"):
            return None
    return None


def _quote(text: str, parts: Sequence[Span], chosen: Sequence[int]) -> str:
    """Verbatim stretch that holds every chosen span; the whole passage when it is short."""
    if len(text) <= QUOTE_CHARS and not any(p.kind == "head" for p in parts):
        return text.strip()
    return text[parts[chosen[0]].start : parts[chosen[-1]].end].strip()


def _label(hit: Hit, language: str) -> str:
    chunk = hit.chunk
    if chunk.note is not None:
        return phrase(language, "note")
    key = {"cles": "keys", "vigilance": "vigilance"}.get(chunk.role, "")
    if not key and chunk.text.lstrip().startswith(">") and chunk.type != "experience":
        key = "example"
    return phrase(language, key) if key else ""


def statements_of(
    hit: Hit,
    budget: int,
    result: SearchResult,
    retriever: Retriever,
    language: str,
    *,
    whole_lists: bool,
    contacts_first: bool = False,
) -> list[Statement]:
    """The best sentences and items of one passage within a budget, a statement each.

    Args:
        hit: The passage.
        budget: Most characters said of it; a list that nearly fits is given whole all the same.
        result: What was found.
        retriever: What it was found with.
        language: Of the labels.
        whole_lists: Whether a list may take more, so as to be whole.
        contacts_first: Whether sentences that say who can be reached come before better ones.
    """
    text = hit.chunk.text
    parts = spans(text)
    scores = _span_scores(hit, parts, result, retriever)
    if contacts_first:
        reaching = [BEFORE_ALL * bool(_CONTACT.search(part.text)) for part in parts]
        scores = [score + more for score, more in zip(scores, reaching, strict=True)]
    chosen = _select(parts, scores, budget, whole_lists)
    if not chosen:
        return []
    passage = Passage(hit.chunk, _quote(text, parts, chosen))
    label = _label(hit, language)
    out: list[Statement] = []
    for i in chosen:
        said = plain(parts[i].text)
        layout: Layout = "item" if parts[i].kind in ("item", "row") else "paragraph"
        if out and layout == "paragraph" and out[-1].layout != "item":
            layout = "inline"
        out.append(Statement(said, (passage,), layout, label if not out else ""))
    return out


def _told(parts: Sequence[Span]) -> str:
    """Spans as one paragraph; lines of a list that end with no stop of their own are kept apart."""
    said = [plain(p.text) for p in parts]
    stops = {"item": " ;", "intro": " :"}
    closed = [
        text + ("" if text[-1] in ".:;,!?…" else stops.get(p.kind, ""))
        for p, text in zip(parts[:-1], said[:-1], strict=True)
    ]
    return " ".join([*closed, said[-1]])


def say_passage(
    hit: Hit, budget: int, result: SearchResult, retriever: Retriever, *, but: str = ""
) -> tuple[str, Passage] | None:
    """The best sentences of one passage within a budget, as one paragraph, and what they rest on.

    Args:
        hit: The passage.
        budget: Most characters said of it.
        result: What was found.
        retriever: What it was found with.
        but: What was said already, and is not said again.

    Returns:
        None when nothing is left to say.
    """
    parts = tuple(p for p in spans(hit.chunk.text) if plain(p.text) not in but)
    scores = _span_scores(hit, parts, result, retriever)
    chosen = _select(parts, scores, budget, whole_list=False)
    if not chosen:
        return None
    return _told([parts[i] for i in chosen]), Passage(hit.chunk, _quote(hit.chunk.text, parts, chosen))


def headed(statements: Sequence[Statement], result: SearchResult, retriever: Retriever) -> list[Statement]:
    """Give the section's heading where what is said under it is not understood, or not seen to answer, without it.

    That is so of items whose list began in another passage, and where the heading holds words of the question that
    what is said does not: « repartir avec un diplôme » is answered under « Formation diplômante au titre… ».

    Args:
        statements: What is said, with its labels.
        result: What was found.
        retriever: What it was found with.
    """
    idf = retriever.signals.lexical.idf
    out: list[Statement] = []
    before = ("", "")
    given: set[str] = set()
    for place, statement in enumerate(statements):
        chunk = statement.passages[0].chunk
        heading = _short(plain(chunk.section)) if chunk.section in retriever.telling_headings else ""
        if heading and heading not in given and (chunk.fiche, chunk.anchor) != before:
            said = {t for s in statements[place:] if s.passages == statement.passages for t in terms(s.text)}
            untold = set(terms(heading)) - said
            weight = sum(w * idf.get(t, 0.0) for t, w in result.query.weights.items() if t in untold)
            if statement.layout == "item" or weight >= HEADING_IDF:
                given.add(heading)
                label = " — ".join(part for part in (statement.label, heading) if part)
                statement = replace(statement, label=label)
        before = (chunk.fiche, chunk.anchor)
        out.append(statement)
    return out


def _short(heading: str) -> str:
    """A heading without its number, up to where it goes into detail; empty when it is too long even so."""
    text = re.sub(r"^(?:\d+|[IVX]+)\.\s*|^\W*\.\.\.\s*", "", heading)
    if len(text) > HEADING_CHARS:
        text = re.split(r"\s*[,;:(]", text, maxsplit=1)[0]
    return text.rstrip(" .:") if len(text) <= HEADING_CHARS else ""
