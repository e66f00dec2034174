"""A fiche made ready for its page: blocks parsed, notes tied to their calls, passage marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.markup.blocks import Leaf, Node, leaves_of, parse_node
from assistant.markup.marking import Passage, mark
from assistant.ui.links import FicheRef
from corpus.model import Fiche, FicheType, Footnote, Manual, Section

__all__ = ["BlockView", "FicheView", "NoteView", "SectionView", "view_fiche"]

TYPE_ORDER: tuple[FicheType, ...] = (
    "fondement", "identite", "mission", "principe", "methode", "experience", "unite",
)  # fmt: skip


@dataclass(slots=True)
class BlockView:
    """One block: its address on the page, its kind, its tree."""

    anchor: str
    kind: str
    node: Node
    notes: list[NoteView] = field(default_factory=list)  # first called in it: they open where they are called


@dataclass(slots=True)
class SectionView:
    """One section, its blocks parsed."""

    section: Section
    blocks: list[BlockView]
    level: int = 2  # of its heading on the page


@dataclass(slots=True)
class NoteView:
    """A footnote: its rank on the page names it, since a number may come twice.

    It is shown twice, in the list of notes and where it is called; a cited passage is marked in the list only.
    """

    rank: int
    note: Footnote
    node: Node
    in_place: Node


@dataclass(slots=True)
class FicheView:
    """All that a fiche's page shows."""

    fiche: Fiche
    sections: list[SectionView]
    notes: list[NoteView]
    refs: dict[str, FicheRef]
    cited_by: list[tuple[FicheType, list[FicheRef]]]
    previous: FicheRef | None = None
    following: FicheRef | None = None
    asked: bool = False
    found: bool = False
    call_ranks: dict[int, tuple[int, bool]] = field(default_factory=dict)

    def call(self, leaf: Leaf, position: int) -> tuple[int, bool]:
        """Which note the call at a place of a leaf means (0: none), and whether it is its first call."""
        return self.call_ranks.get(id(leaf.runs[position]), (0, False))


def _ref(fiche: Fiche) -> FicheRef:
    brief = next((s for s in fiche.sections if s.role == "en_bref" and s.text), None)
    summary = brief.blocks[0].text.replace("*", "").split("\n")[0] if brief and brief.blocks else ""
    short = summary if len(summary) <= 220 else summary[:220].rsplit(" ", 1)[0] + " …"
    return FicheRef(fiche.id, fiche.type, fiche.title, short)


def _section(section: Section, bare_ids: bool) -> SectionView:
    blocks = [
        BlockView(f"{section.anchor}-b{block.n}", block.kind, parse_node(block.text, bare_ids=bare_ids))
        for block in section.blocks
    ]
    return SectionView(section, blocks)


def _cited_by(fiche: Fiche, refs: dict[str, FicheRef]) -> list[tuple[FicheType, list[FicheRef]]]:
    found = [refs[i] for i in fiche.cited_by if i in refs]
    groups = [(kind, [r for r in found if r.type == kind]) for kind in TYPE_ORDER]
    return [(kind, group) for kind, group in groups if group]


def _printed_order(manual: Manual) -> list[Fiche]:
    """EDITO and INTRO open the book; the other units close it."""
    first = [u for u in manual.units if u.id in ("EDITO", "INTRO")]
    return first + list(manual.fiches) + [u for u in manual.units if u not in first]


def _calls(view: FicheView) -> Iterator[tuple[BlockView, int, int]]:
    """Every footnote call of the page: its block, identity of its run, and its number."""
    for block in (b for s in view.sections for b in s.blocks):
        for leaf in leaves_of([block.node]):
            for run in leaf.runs:
                if run.kind == "note":
                    yield block, id(run), int(run.target)


def _tie_calls(view: FicheView) -> None:
    """The k-th call of a number means its k-th note; once notes run out, the last one."""
    ranks: dict[int, list[int]] = {}
    for note in view.notes:
        ranks.setdefault(note.note.n, []).append(note.rank)
    seen: dict[int, int] = {}
    for block, run, number in _calls(view):
        k = seen[number] = seen.get(number, -1) + 1
        of_number = ranks.get(number, [])
        if not of_number:
            continue
        rank, first = of_number[min(k, len(of_number) - 1)], k < len(of_number)
        view.call_ranks[run] = (rank, first)
        if first:
            block.notes.append(view.notes[rank - 1])


def _mark(view: FicheView, passage: Passage, anchor: str) -> bool:
    """Mark the passage where it was cited: its section, then the section's notes, then anywhere."""
    sections = sorted(view.sections, key=lambda s: s.section.anchor != anchor)
    notes = sorted(view.notes, key=lambda n: n.note.section != anchor)
    if anchor and sections and sections[0].section.anchor == anchor:
        own = [n for n in notes if n.note.section == anchor]
        places = [[b.node for b in sections[0].blocks], *([n.node] for n in own)]
        if any(mark(leaves_of(nodes), passage) for nodes in places):
            return True
    everywhere = [[b.node for b in s.blocks] for s in sections] + [[n.node] for n in notes]
    return any(mark(leaves_of(nodes), passage) for nodes in everywhere)


def _mark_place(view: FicheView, anchor: str, block: int | None, note: int | None) -> bool:
    """Mark a whole block of a section, or a whole note, named by its rank."""
    nodes: list[Node] = []
    if note is not None:
        nodes = [n.node for n in view.notes if n.rank == note]
    elif block is not None:
        nodes = [b.node for s in view.sections for b in s.blocks if b.anchor == f"{anchor}-b{block}"]
    leaves = leaves_of(nodes)
    text = "\n".join("".join(run.plain for run in leaf.runs) for leaf in leaves)
    return bool(leaves) and mark(leaves, Passage(text))


def view_fiche(
    manual: Manual, fiche: Fiche, *, passage: Passage | None = None, anchor: str = "",
    block: int | None = None, note: int | None = None,
) -> FicheView:  # fmt: skip
    """Make a fiche ready for its page.

    Args:
        manual: The manual it stands in.
        fiche: The fiche.
        passage: Cited passage to mark; None for none.
        anchor: Section where the passage is looked for first.
        block: Rank of a block of that section to mark, when there is no passage.
        note: Rank of a note to mark, when there is no passage.
    """
    refs = {f.id: _ref(f) for f in manual}
    order = _printed_order(manual)
    at = next((k for k, f in enumerate(order) if f.id == fiche.id), 0)
    view = FicheView(
        fiche=fiche,
        sections=[_section(s, fiche.id == "INDEX") for s in fiche.sections],
        notes=[NoteView(k, n, parse_node(n.text), parse_node(n.text)) for k, n in enumerate(fiche.footnotes, 1)],
        refs=refs,
        cited_by=_cited_by(fiche, refs),
        previous=refs[order[at - 1].id] if at > 0 else None,
        following=refs[order[at + 1].id] if at + 1 < len(order) else None,
        asked=passage is not None or block is not None or note is not None,
    )
    if passage is not None and passage.start.strip():
        view.found = _mark(view, passage, anchor)
    elif view.asked:
        view.found = _mark_place(view, anchor, block, note)
    _tie_calls(view)
    return view
