"""``assistant check``: the fiches, and the questions written for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.sentences import spans
from corpus.check import check_folder
from corpus.model import Manual
from corpus.questions import CROSS_FILE, load_bank
from corpus.store import load_manual
from index.text import fold

__all__ = ["faults"]

MIN_QUESTIONS = 3  # a passage with fewer ways in than this is as good as unwritten


def faults(folder: Path | None) -> list[str]:
    """One line for each fault; the written questions are checked with the shipped fiches only."""
    found = [str(f) for f in check_folder(folder)]
    if folder is None and not found:
        manual = load_manual()
        found += [*_question_faults(manual), *_cross_faults(manual)]
    return found


def _question_faults(manual: Manual) -> Iterator[str]:
    seen: dict[str, str] = {}
    for file in load_bank().files:
        fiche = manual.get(file.fiche)
        if fiche is None:
            yield f"questions/{file.fiche}.yaml: no fiche {file.fiche}"
            continue
        covered = set()
        for passage in file.passages:
            where = f"questions/{file.fiche}.yaml: {passage.section}"
            section = fiche.by_anchor.get(passage.section)
            covered.add(passage.section)
            if section is None:
                yield f"{where}: orphaned, the fiche has no such section"
                continue
            if passage.note is not None and passage.note not in {n.n for n in fiche.footnotes}:
                yield f"{where}: the fiche has no note {passage.note}"
            if passage.blocks is not None and not _starts(section.blocks, passage.blocks[0], passage.starts):
                yield f"{where}: block {passage.blocks[0]} no longer starts with « {passage.starts[:40]} »"
            written = (*passage.questions, *passage.indirect)
            # A second writer may cut passages finer than the first: two such questions are further ways in.
            if len(written) < (MIN_QUESTIONS if passage.questions else 1):
                yield f"{where}: {len(written)} question(s) for « {passage.starts[:40]} »"
            for question in written:
                key = fold(question)
                other = seen.setdefault(key, file.fiche)
                if other != file.fiche:
                    yield f"{where}: « {question[:60]} » is also written for {other}"
        for section in fiche.sections:
            said = sum(len(p.text) for b in section.blocks for p in spans(b.text) if p.sayable)
            if said > 200 and section.role != "dimensions" and section.anchor not in covered:
                yield f"questions/{file.fiche}.yaml: no question for section {section.anchor}"


def _cross_faults(manual: Manual) -> Iterator[str]:
    for rank, cross in enumerate(load_bank().cross):
        for place in cross.passages:
            fiche = manual.get(place.fiche)
            section = fiche.by_anchor.get(place.section) if fiche else None
            if section is None or place.blocks[1] >= len(section.blocks):
                yield f"questions/{CROSS_FILE}: entry {rank}: no such passage {place.fiche}#{place.section}"


def _starts(blocks, rank: int, starts: str) -> bool:
    if rank >= len(blocks):
        return False
    text = re.sub(r"\s+", " ", blocks[rank].text)
    return text.startswith(starts[:40])
