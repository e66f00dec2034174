"""The questions that passages answer, written down: one editable YAML file a fiche.

People rarely ask in the manual's words. Each passage of a fiche therefore has questions written for it, in
the registers people use; they are searched as further ways into the passage. They are data of the product,
written by its editors, and say nothing in an answer: what is quoted is always the passage.

A file of ``corpus/questions/``::

    fiche: I-C-2-d
    passages:
      - section: en-bref          # anchor of the section
        blocks: [0, 2]            # ranks of its first and last block
        starts: "La démarche de décloisonnement"   # first words of the first block: shows that an edit moved it
        focus: ["Un ancrage territorial"]   # optional: starts of the block's lines that answer, when not all do
        questions: [...]
        indirect: [...]           # optional: asked with none of the passage's words, by somebody else
      - section: en-bref
        note: 3                   # in place of blocks: the footnote of that number
        starts: ...
        questions: [...]
    fiche_questions: [...]        # answered by the fiche as a whole
    situations: [...]             # an experience only: described situations that resemble it

``transversales.yaml`` holds those that need several passages at once, of one fiche or of several::

    entries:
      - passages: [{fiche: I-C-2-f, section: comment, blocks: [0, 1]}, {fiche: III-4, ...}]   # best first
        questions: [...]

``anglais.tsv`` says some of them in English (``corpus.translations``): it leads to the same passages, and teaches which
French words an English one stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from corpus.translations import ENGLISH_FILE, read_translations

__all__ = [
    "CROSS_FILE", "QUESTIONS_DIR", "CrossQuestions", "PassageQuestions", "Place", "QuestionBank", "QuestionFile",
    "load_bank",
]  # fmt: skip

QUESTIONS_DIR = Path(__file__).parent / "questions"
CROSS_FILE = "transversales.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class PassageQuestions:
    """Questions that one passage answers.

    Attributes:
        section: Anchor of the passage's section.
        blocks: Ranks of its first and last block in the section, inclusive; None for a footnote.
        note: Number of the footnote; None for a passage of the body.
        starts: First words of the first block.
        questions: The questions, as a user would type them.
        indirect: Questions by a second writer that share no word with the passage: the hard kind.
        focus: First words of the lines of the block that answer; empty when the whole block does.
    """

    section: str
    blocks: tuple[int, int] | None
    note: int | None
    starts: str
    questions: tuple[str, ...]
    indirect: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """All the questions written for one fiche."""

    fiche: str
    passages: tuple[PassageQuestions, ...]
    fiche_questions: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A passage: blocks of a section of a fiche."""

    fiche: str
    section: str
    blocks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CrossQuestions:
    """Questions that several passages answer together, best passage first."""

    passages: tuple[Place, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """All the written questions.

    Attributes:
        files: Those of each fiche.
        cross: Those that several passages answer together.
        english: Some of them in English, by the question as it is written.
    """

    files: tuple[QuestionFile, ...]
    cross: tuple[CrossQuestions, ...] = ()
    english: Mapping[str, str] = field(default_factory=dict)


def _read(data: dict[str, Any]) -> QuestionFile:
    return QuestionFile(
        fiche=data["fiche"],
        passages=tuple(
            PassageQuestions(
                section=p["section"],
                blocks=tuple(p["blocks"]) if "blocks" in p else None,
                note=p.get("note"),
                starts=p["starts"],
                questions=tuple(p.get("questions") or ()),
                indirect=tuple(p.get("indirect") or ()),
                focus=tuple(p.get("focus") or ()),
            )
            for p in data.get("passages") or ()
        ),
        fiche_questions=tuple(data.get("fiche_questions") or ()),
        situations=tuple(data.get("situations") or ()),
    )


def _read_cross(data: dict[str, Any]) -> Iterator[CrossQuestions]:
    for entry in data.get("entries") or ():
        places = tuple(Place(p["fiche"], p["section"], tuple(p["blocks"])) for p in entry["passages"])
        yield CrossQuestions(places, tuple(entry["questions"]))


def load_bank(folder: Path | None = None) -> QuestionBank:
    """Read every file of the folder, in the order of their names.

    Args:
        folder: Where the files are; None for those shipped with the manual.
    """
    folder = folder or QUESTIONS_DIR
    files: list[QuestionFile] = []
    cross: tuple[CrossQuestions, ...] = ()
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        if path.name == CROSS_FILE:
            cross = tuple(_read_cross(data))
        else:
            files.append(_read(data))
    return QuestionBank(tuple(files), cross, read_translations(folder / ENGLISH_FILE))
