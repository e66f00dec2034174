"""``assistant check``: the fiches, and the questions written for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.sentences import spans
from corpus.check import check_folder
from corpus.errors import QuestionsError
from corpus.model import Fiche, Manual
from corpus.questions import CROSS_FILE, PassageQuestions, QuestionBank, QuestionFile, load_bank
from corpus.store import load_manual
from corpus.translations import ENGLISH_FILE
from index.text import terms

__all__ = ["faults", "question_faults"]

MIN_QUESTIONS = 3  # a block or a note with fewer ways in than this is as good as unwritten


def faults(folder: Path | None) -> list[str]:
    """One line for each fault; the written questions are checked with the shipped fiches only."""
    found = [str(f) for f in check_folder(folder)]
    if folder is None and not found:
        try:
            found += question_faults(load_manual(), load_bank())
        except QuestionsError as error:
            found.append(f"questions/{error}")
    return found


def question_faults(manual: Manual, bank: QuestionBank) -> list[str]:
    """One line for each fault of the written questions: out of place, too few, too near another fiche's, or
    translated and no longer written."""
    return [*_file_faults(manual, bank), *_cross_faults(manual, bank), *_translation_faults(bank)]


def _file_faults(manual: Manual, bank: QuestionBank) -> Iterator[str]:
    seen: dict[frozenset[str], str] = {}
    for file in bank.files:
        where = f"questions/{file.fiche}.yaml"
        fiche = manual.get(file.fiche)
        if fiche is None:
            yield f"{where}: no fiche {file.fiche}"
            continue
        for passage in file.passages:
            if passage.section not in fiche.by_anchor:
                yield f"{where}: {passage.section}: orphaned, the fiche has no such section"
            else:
                yield from (f"{where}: {passage.section}: {fault}" for fault in _passage_faults(fiche, passage))
        yield from (f"{where}: {fault}" for fault in (*_thin(file), *_near(file, seen), *_uncovered(fiche, file)))


def _passage_faults(fiche: Fiche, passage: PassageQuestions) -> Iterator[str]:
    """Whether the passage still is where its questions say."""
    if passage.note is not None and passage.note not in {n.n for n in fiche.footnotes}:
        yield f"the fiche has no note {passage.note}"
    if passage.blocks is not None:
        blocks, (first, last) = fiche.by_anchor[passage.section].blocks, passage.blocks
        if not first <= last < len(blocks):
            yield f"the section has no blocks {first} to {last}"
        elif not re.sub(r"\s+", " ", blocks[first].text).startswith(passage.starts[:40]):
            yield f"block {first} no longer starts with « {passage.starts[:40]} »"


def _thin(file: QuestionFile) -> Iterator[str]:
    """Blocks and notes that too few questions lead to, over all the passages that hold them."""
    ways: Counter[tuple[str, str]] = Counter()
    for passage in file.passages:
        written = len(passage.questions) + len(passage.indirect)
        if passage.blocks is None:
            ways[passage.section, f"note {passage.note}"] += written
        else:
            first, last = passage.blocks
            ways.update({(passage.section, f"block {n}"): written for n in range(first, last + 1)})
    for (section, place), n in ways.items():
        if n < MIN_QUESTIONS:
            yield f"{section}: {n} question(s) for {place}, at least {MIN_QUESTIONS} expected"


def _near(file: QuestionFile, seen: dict[frozenset[str], str]) -> Iterator[str]:
    """Questions that another fiche has in the same words, whatever their order, endings and accents."""
    for passage in file.passages:
        for question in (*passage.questions, *passage.indirect):
            key = frozenset(terms(question)) or frozenset([question])
            other = seen.setdefault(key, file.fiche)
            if other != file.fiche:
                yield f"{passage.section}: « {question[:60]} » is also written for {other} (both answer? {CROSS_FILE})"


def _uncovered(fiche: Fiche, file: QuestionFile) -> Iterator[str]:
    """Sections that say something and have no question at all."""
    covered = {p.section for p in file.passages}
    for section in fiche.sections:
        said = sum(len(p.text) for b in section.blocks for p in spans(b.text) if p.sayable)
        if said > 200 and section.role != "dimensions" and section.anchor not in covered:
            yield f"no question for section {section.anchor}"


def _cross_faults(manual: Manual, bank: QuestionBank) -> Iterator[str]:
    for rank, cross in enumerate(bank.cross):
        for place in cross.passages:
            fiche = manual.get(place.fiche)
            section = fiche.by_anchor.get(place.section) if fiche else None
            if section is None or place.blocks[1] >= len(section.blocks):
                yield f"questions/{CROSS_FILE}: entry {rank}: no such passage {place.fiche}#{place.section}"


def _translation_faults(bank: QuestionBank) -> Iterator[str]:
    """Translations of what is no longer written so, or that say what is written for another fiche."""
    homes: dict[str, str] = {}
    for file in bank.files:
        passages = (q for p in file.passages for q in (*p.questions, *p.indirect))
        homes |= dict.fromkeys((*passages, *file.fiche_questions, *file.situations), file.fiche)
    homes |= dict.fromkeys((q for cross in bank.cross for q in cross.questions), CROSS_FILE)
    for question, english in bank.english.items():
        where = f"questions/{ENGLISH_FILE}: « {question[:60]} »"
        if question not in homes:
            yield f"{where} is written nowhere, so its English leads nowhere"
        elif homes.get(english, homes[question]) != homes[question]:
            yield f"{where} has the English of what is written for {homes[english]}"
