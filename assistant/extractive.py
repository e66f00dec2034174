"""The default engine: an answer composed of the manual's own sentences, no language model needed.

It chooses fiches, then passages, then the sentences or items of each that the question asks for, within the
length of a colleague's answer. What it says is verbatim; only order, selection and short labels are ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.contacts import contact_fiches, contacts_of
from assistant.draft import Statement
from assistant.excerpts import headed, is_usable, say_passage, statements_of
from assistant.phrases import phrase
from assistant.reading import told_by
from assistant.understanding import Form, Question, parts, understand
from corpus.model import Fiche, Manual
from index.chunks import Chunk
from index.retriever import Hit, Retriever, SearchResult
from index.text import fold

__all__ = ["Plan", "compose", "merged"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much an answer of a form takes, and from where.

    Attributes:
        chars: Length of the text aimed at.
        whole: Length with the complement.
        passages: Most passages before the complement.
        per_passage: Most characters said of one passage.
        fiches: Most fiches cited.
        fiche_ratio: Least probability of a further fiche, as a share of the first one's.
        margin: How far behind the best passage's log probability another may be and still be used.
        whole_lists: Whether a list is given with all its items.
        contacts_first: Whether a passage's sentences that say who can be reached come before its better ones.
    """

    chars: int = 1300
    whole: int = 1750
    passages: int = 6
    per_passage: int = 1000
    fiches: int = 4
    fiche_ratio: float = 0.06
    margin: float = 4.0
    whole_lists: bool = False
    contacts_first: bool = False


_PLANS: dict[Form, Plan] = {
    "definition": Plan(passages=5),
    "list": Plan(chars=1400, passages=5, per_passage=900, whole_lists=True),
    "compare": Plan(chars=1400),
    "experience": Plan(),
    "contact": Plan(chars=700, whole=500, passages=3, per_passage=500, contacts_first=True),
    "resource": Plan(passages=4, per_passage=450),
}
RESERVED = 200  # characters kept for the first passage of each fiche still to come
COMPLEMENTS = 4
COMPLEMENT_CHARS = 450
CROSS_LIKENESS = 0.78  # a written question this near that needs several fiches says which ones they are
CROSS_FICHES = 4
MOST_SIDES = 3
SIDE_PASSAGES = 6
SIDE_LEAST = 120  # characters under which no further passage of a side is begun
SIDE_FIRST = 600  # most characters of a side's best passage, so that others follow
SIDE_NEXT = 500  # of each of those


def _plan_for(question: Question) -> Plan:
    """The plan of a question's form; with the room of any other, where it asks for more than a contact."""
    if question.form == "contact" and _asks_more(question):
        return Plan(contacts_first=True)
    return _PLANS.get(question.form, Plan())


def _asks_more(question: Question) -> bool:
    """Whether a question for a contact asks for something else too: « c'est quoi, et qui contacter ? »."""
    return any(understand(part).form not in ("contact", "open") for part in parts(question.asked))


def _chosen_fiches(result: SearchResult, plan: Plan) -> list[str]:
    least = plan.fiche_ratio * result.fiches[0].share
    near = [f.id for f in result.fiches[: plan.fiches] if f.share >= least]
    return list(dict.fromkeys([*near, *_cross_fiches(result)]))[:CROSS_FICHES]


def _cross_fiches(result: SearchResult) -> list[str]:
    """Fiches of the nearest written question, when it is one that needs several and is near enough."""
    if not result.questions:
        return []
    entry, likeness = result.questions[0]
    if entry.kind != "cross" or likeness < CROSS_LIKENESS:
        return []
    return list(dict.fromkeys(chunk_id.partition("#")[0] for chunk_id in entry.chunks))


def _chosen_hits(result: SearchResult, plan: Plan, fiches: Sequence[str]) -> list[Hit]:
    """Best passages of the chosen fiches, each fiche having its best one; that of the likeliest fiche first."""
    usable = [h for h in result.hits if h.chunk.fiche in fiches and is_usable(h)]
    first: dict[str, Hit] = {}
    for hit in usable:
        first.setdefault(hit.chunk.fiche, hit)
    best = usable[0].score if usable else 0.0
    chosen = list(first.values())
    for hit in usable:
        if len(chosen) >= plan.passages:
            break
        if hit not in chosen and best - hit.score <= plan.margin:
            chosen.append(hit)
    lead = first.get(fiches[0])
    return sorted(chosen, key=lambda h: (h is not lead, -h.score))


def _sources(
    question: Question, result: SearchResult, plan: Plan, manual: Manual
) -> tuple[list[str], list[Hit]]:
    """Fiches and passages that an answer draws on, those to whom room goes first at the head."""
    fiches = _chosen_fiches(result, plan)
    if question.form != "contact":
        return fiches, _chosen_hits(result, plan, fiches)
    fiches = contact_fiches(fiches, result, manual)
    reached = contacts_of(result, fiches)
    if reached and not _asks_more(question):
        return fiches, reached
    others = tuple(h for h in result.hits if h not in reached and h.chunk.role != "organisation")
    return fiches, [*reached, *_chosen_hits(replace(result, hits=others), plan, fiches)]


def compose(question: Question, result: SearchResult, retriever: Retriever) -> list[Statement]:
    """Statements that answer a question, best first.

    Args:
        question: The question, read.
        result: What was found for it.
        retriever: What it was found with.
    """
    plan = _plan_for(question)
    if question.form == "experience":  # what to read on is no experience, though its titles speak of nothing else
        result = replace(result, hits=tuple(h for h in result.hits if h.chunk.role != "approfondir"))
    sides = _sides(question, result, plan)
    if len(sides) > 1:
        told = _side_by_side(question, result, retriever, plan, sides)
        return _set_apart(headed(_attributed(told, retriever.manual, every=True), result, retriever))
    fiches, hits = _sources(question, result, plan, retriever.manual)
    out: list[Statement] = []
    said: set[str] = set()
    used = 0
    to_come = {h.chunk.fiche for h in hits}
    for hit in hits:
        opens = hit.chunk.fiche in to_come
        to_come.discard(hit.chunk.fiche)
        budget = plan.chars - used - RESERVED * len(to_come)
        # What is kept for fiches to come keeps out further passages, never the first one of a likelier fiche.
        if out and (plan.chars - used if opens else budget) < 100:
            continue
        new = _new_statements(hit, max(budget, RESERVED), result, retriever, plan, question.language, said)
        out += new
        said |= {s.text for s in new}
        used += sum(len(s.text) for s in new)
    out = _lists_completed(out, hits, plan.whole, result, retriever, question.language)
    told = _attributed(merged(_in_reading_order(out)), retriever.manual)
    out = _set_apart(headed(told, result, retriever))
    used = sum(len(s.text) + len(s.label) for s in out)
    more = _complement(result, retriever, fiches, {s.text for s in out}, plan, used, question.language)
    before = out[-1].passages[0].chunk.fiche if out else ""
    return [*out, *_attributed(more, retriever.manual, before=before)]


def _lists_completed(
    statements: Sequence[Statement], hits: Sequence[Hit], whole: int, result: SearchResult, retriever: Retriever,
    language: str,
) -> list[Statement]:
    """Lists that were cut, whole where the rest of them fits: told as a complement, it would stand apart from them."""
    out = list(statements)
    for hit in hits:
        told = [s for s in out if s.passages[0].chunk is hit.chunk]
        if not any(s.layout == "item" for s in told):
            continue
        every = statements_of(hit, len(hit.chunk.text), result, retriever, language, whole_lists=True)
        said = {s.text for s in out}
        missing = [s for s in every if s.text not in said]
        room = whole - sum(len(s.text) + len(s.label) for s in out)
        if missing and sum(len(s.text) for s in missing) <= room:
            at = out.index(told[0])
            elsewhere = {s.text for s in out if s not in told}
            kept = [s for s in out if s not in told]
            out = [*kept[:at], *(s for s in every if s.text not in elsewhere), *kept[at:]]
    return out


def _in_reading_order(statements: Sequence[Statement]) -> list[Statement]:
    """What one fiche says together, and the parts of a passage that was cut in the manual's order.

    Room goes to the best passages of any fiche; told in that order, the second half of a list would open it.
    """
    chunks = [s.passages[0].chunk for s in statements]
    fiches = list(dict.fromkeys(c.fiche for c in chunks))
    places = list(dict.fromkeys(_place(c) for c in chunks))
    order = [(fiches.index(c.fiche), places.index(_place(c)), c.id) for c in chunks]
    return [statements[i] for i in sorted(range(len(statements)), key=lambda i: order[i])]


def _set_apart(statements: Sequence[Statement]) -> list[Statement]:
    """A single item of one passage after the list of another as a paragraph: it would seem to go on with that list."""
    out: list[Statement] = []
    for i, statement in enumerate(statements):
        place = _place(statement.passages[0].chunk)
        after = i + 1 < len(statements) and _is_item_at(statements[i + 1], place)
        alone = statement.layout == "item" and not after
        if alone and out and out[-1].layout == "item" and not _is_item_at(out[-1], place):
            statement = replace(statement, layout="paragraph")
        out.append(statement)
    return out


def _is_item_at(statement: Statement, place: tuple[object, ...]) -> bool:
    return statement.layout == "item" and _place(statement.passages[0].chunk) == place


def _place(chunk: Chunk) -> tuple[str, str, tuple[int, int], int | None]:
    """Where a passage stands: the parts of one that was cut stand at the same place."""
    return (chunk.fiche, chunk.anchor, chunk.blocks, chunk.note)


def _new_statements(
    hit: Hit, budget: int, result: SearchResult, retriever: Retriever, plan: Plan, language: str, said: set[str]
) -> list[Statement]:
    """What a passage says that was not said yet."""
    budget = min(budget, plan.per_passage)
    found = statements_of(
        hit, budget, result, retriever, language, whole_lists=plan.whole_lists, contacts_first=plan.contacts_first
    )
    return [s for s in found if s.text not in said]


def _sides(question: Question, result: SearchResult, plan: Plan) -> list[str]:
    """The fiches to put side by side, likeliest first; fewer than two when the question compares nothing."""
    if question.form != "compare" and len(result.sides) < 2:
        return []
    return _chosen_fiches(result, plan)[:MOST_SIDES]


def _side_by_side(
    question: Question, result: SearchResult, retriever: Retriever, plan: Plan, sides: Sequence[str]
) -> list[Statement]:
    """Each side in its turn and with the same room.

    Told by likelihood alone, the side that more of the question's words speak of would take nearly all.
    """
    out: list[Statement] = []
    said: set[str] = set()
    room = 0
    for side in sides:
        room += plan.whole // len(sides)  # what a side leaves, the next may take
        found = [h for h in result.hits if h.chunk.fiche == side and is_usable(h)]
        for place, hit in enumerate(found[:SIDE_PASSAGES]):
            if place and room < SIDE_LEAST:
                break
            budget = min(room, SIDE_NEXT if place else SIDE_FIRST)
            new = _new_statements(hit, budget, result, retriever, plan, question.language, said)
            length = sum(len(s.text) for s in new)
            if place and length > room:  # a list that nearly fits comes whole: only what opens a side may run over
                continue
            out += new
            said |= {s.text for s in new}
            room -= length
    return merged(out)


def _complement(
    result: SearchResult, retriever: Retriever, fiches: Sequence[str], said: set[str], plan: Plan, used: int,
    language: str,
) -> list[Statement]:
    """The next best passages of the same fiches, a paragraph each: what a reader of the answer would open next."""
    out: list[Statement] = []
    cited = " ".join(said)
    for hit in result.hits:
        room = plan.whole - used
        if len(out) >= COMPLEMENTS or room < COMPLEMENT_CHARS / 2:
            break
        # Whose experience it is was said before; by itself, the line with their name tells nothing more.
        if hit.chunk.fiche not in fiches or not is_usable(hit) or hit.chunk.role == "organisation":
            continue
        found = say_passage(hit, min(COMPLEMENT_CHARS, room), result, retriever, but=cited)
        if found is None or len(found[0]) > room:
            continue
        text, passage = found
        label = "" if out else phrase(language, "complement")
        out.append(Statement(text, (passage,), "paragraph", label))
        cited += f" {text}"
        used += len(text)
    return out


def _attributed(
    statements: Sequence[Statement], manual: Manual, *, every: bool = False, before: str = ""
) -> list[Statement]:
    """Say whose experience is told wherever another one begins: « Elle a créé… » alone leaves a reader guessing.

    Args:
        statements: What is said.
        manual: Where names are looked up.
        every: Whether to name the other fiches too, by their titles, as where things are put side by side.
        before: The fiche told just before.
    """
    out: list[Statement] = []
    for statement in statements:
        chunk = statement.passages[0].chunk
        fiche = manual.get(chunk.fiche)
        if fiche is not None and chunk.fiche != before:
            whose = ""
            if chunk.type == "experience":
                whose = told_by(fiche) if every or not _is_named(fiche, statement.text) else ""
            elif every:
                whose = fiche.title
            label = " — ".join(part for part in (statement.label, whose) if part)
            statement = replace(statement, label=label)
        before = chunk.fiche
        out.append(statement)
    return out


def _is_named(fiche: Fiche, text: str) -> bool:
    """Whether a text names the organisation that a fiche tells of, otherwise than within an address."""
    name = re.escape(fold(fiche.organisation or ""))
    return bool(name and re.search(rf"(?<![\w@.-]){name}(?![\w@-])", fold(text)))


def merged(statements: list[Statement]) -> list[Statement]:
    """Join sentences that follow one another on the same passage: one citation number closes them."""
    out: list[Statement] = []
    for s in statements:
        if out and s.layout == "inline" and out[-1].passages == s.passages and not s.label:
            last = out[-1]
            out[-1] = Statement(f"{last.text} {s.text}", last.passages, last.layout, last.label)
        else:
            out.append(s)
    return out
