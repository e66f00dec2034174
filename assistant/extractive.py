"""The default engine: an answer composed of the manual's own sentences, no language model needed.

It chooses fiches, then passages, then the sentences or items of each that the question asks for, within the
length of a colleague's answer. What it says is verbatim; only order, selection and short labels are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.draft import Layout, Passage, Statement
from assistant.phrases import phrase
from assistant.reading import told_by
from assistant.sentences import Span, plain, spans
from assistant.understanding import Form, Question
from assistant.verifier import normalise
from corpus.model import Manual
from index.retriever import Hit, Retriever, SearchResult
from index.text import fold, terms

__all__ = ["Plan", "compose", "plan_for", "say_passage"]

QUOTE_CHARS = 700  # a passage up to this length is quoted whole: it is what opens and is marked
LIST_GRACE = 200
FOCUS_LIKENESS = 0.36  # from which two questions begin to ask the same thing
FOCUS_WEIGHT = 8.25


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
    """

    chars: int = 1300
    whole: int = 1750
    passages: int = 6
    per_passage: int = 1000
    fiches: int = 4
    fiche_ratio: float = 0.06
    margin: float = 4.0
    whole_lists: bool = False


_PLANS: dict[Form, Plan] = {
    "definition": Plan(passages=5),
    "list": Plan(chars=1400, passages=5, per_passage=900, whole_lists=True),
    "compare": Plan(chars=1400),
    "experience": Plan(),
    "contact": Plan(chars=700, whole=900, passages=3, per_passage=500, fiches=1),
    "resource": Plan(passages=4, per_passage=450),
}
RESERVED = 200  # characters kept for the first passage of each fiche still to come
COMPLEMENTS = 4
COMPLEMENT_CHARS = 450
CROSS_LIKENESS = 0.78  # a written question this near that needs several fiches says which ones they are
CROSS_FICHES = 4


def plan_for(form: Form) -> Plan:
    """The plan of a form of question."""
    return _PLANS.get(form, Plan())


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
    usable = [h for h in result.hits if h.chunk.fiche in fiches and _usable(h)]
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
    chosen.sort(key=lambda h: (h is not lead, -h.score))
    # What one fiche says is read together.
    order = list(dict.fromkeys(h.chunk.fiche for h in chosen))
    return sorted(chosen, key=lambda h: order.index(h.chunk.fiche))


def _usable(hit: Hit) -> bool:
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
        budget = max(budget, 1200)
    chosen: set[int] = set()
    used = 0
    for i in sorted(sayable, key=lambda i: (-scores[i], i)):
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


def _statements(hit: Hit, budget: int, plan: Plan, result: SearchResult, retriever: Retriever, language: str
                ) -> list[Statement]:
    text = hit.chunk.text
    parts = spans(text)
    scores = _span_scores(hit, parts, result, retriever)
    chosen = _select(parts, scores, min(budget, plan.per_passage), plan.whole_lists)
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
    said = " ".join(plain(parts[i].text) for i in chosen)
    return said, Passage(hit.chunk, _quote(hit.chunk.text, parts, chosen))


def compose(question: Question, result: SearchResult, retriever: Retriever) -> list[Statement]:
    """Statements that answer a question, best first.

    Args:
        question: The question, read.
        result: What was found for it.
        retriever: What it was found with.
    """
    plan = plan_for(question.form)
    fiches = _chosen_fiches(result, plan)
    out: list[Statement] = []
    said: set[str] = set()
    used = 0
    hits = _chosen_hits(result, plan, fiches)
    to_come = {h.chunk.fiche for h in hits}
    for hit in hits:
        to_come.discard(hit.chunk.fiche)
        budget = plan.chars - used - RESERVED * len(to_come)
        if out and budget < 100:
            continue
        for statement in _statements(hit, max(budget, 200), plan, result, retriever, question.language):
            if statement.text not in said:
                said.add(statement.text)
                out.append(statement)
                used += len(statement.text)
    out = _merged(out)
    more = _complement(result, retriever, fiches, {s.text for s in out}, plan, used, question.language)
    return _attributed([*out, *more], retriever.manual)


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
        if hit.chunk.fiche not in fiches or not _usable(hit):
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


def _attributed(statements: Sequence[Statement], manual: Manual) -> list[Statement]:
    """Say whose experience is told wherever another one begins: « Elle a créé… » alone leaves a reader guessing."""
    out: list[Statement] = []
    before = ""
    for statement in statements:
        chunk = statement.passages[0].chunk
        if chunk.type == "experience" and chunk.fiche != before:
            fiche = manual.get(chunk.fiche)
            named = fiche and fiche.organisation and fold(fiche.organisation) in fold(statement.text)
            whose = told_by(fiche) if fiche and not named else ""
            label = " — ".join(part for part in (statement.label, whose) if part)
            statement = replace(statement, label=label)
        before = chunk.fiche
        out.append(statement)
    return out


def _merged(statements: list[Statement]) -> list[Statement]:
    """Join sentences that follow one another on the same passage: one citation number closes them."""
    out: list[Statement] = []
    for s in statements:
        if out and s.layout == "inline" and out[-1].passages == s.passages and not s.label:
            last = out[-1]
            out[-1] = Statement(f"{last.text} {s.text}", last.passages, last.layout, last.label)
        else:
            out.append(s)
    return out
