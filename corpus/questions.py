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
        questions: [...]
      - section: en-bref
        note: 3                   # in place of blocks: the footnote of that number
        starts: ...
        questions: [...]
    fiche_questions: [...]        # answered by the fiche as a whole
    situations: [...]             # an experience only: described situations that resemble it
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["QUESTIONS_DIR", "PassageQuestions", "QuestionFile", "load_questions"]

QUESTIONS_DIR = Path(__file__).parent / "questions"
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
    """

    section: str
    blocks: tuple[int, int] | None
    note: int | None
    starts: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """All the questions written for one fiche."""

    fiche: str
    passages: tuple[PassageQuestions, ...]
    fiche_questions: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()


def _read(data: dict[str, Any]) -> QuestionFile:
    return QuestionFile(
        fiche=data["fiche"],
        passages=tuple(
            PassageQuestions(
                section=p["section"],
                blocks=tuple(p["blocks"]) if "blocks" in p else None,
                note=p.get("note"),
                starts=p["starts"],
                questions=tuple(p["questions"]),
            )
            for p in data.get("passages") or ()
        ),
        fiche_questions=tuple(data.get("fiche_questions") or ()),
        situations=tuple(data.get("situations") or ()),
    )


def load_questions(folder: Path | None = None) -> Iterator[QuestionFile]:
    """Read every file of the folder, in the order of their names.

    Args:
        folder: Where the files are; None for those shipped with the manual.
    """
    for path in sorted((folder or QUESTIONS_DIR).glob("*.yaml")):
        yield _read(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))
