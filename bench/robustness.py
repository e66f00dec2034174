"""The same questions, typed less carefully: ``python -m bench.robustness [MORE.jsonl …]``.

Asks the answerable questions of ``bench/questions``, both halves, and those of any file given, three times: as they
are, in small letters without an accent, and with a slip of the keyboard in about every third long word (two letters
exchanged, one left out, doubled, or another in its place). Then those of ``english.jsonl``, in English and as their
writers asked them. Writes the table into ``docs/quality.md``.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.evaluation import evaluate_rows
from assistant.question_file import Row, read_known
from assistant.service import open_assistant
from assistant.settings import Settings
from bench.features import is_held_out, load_rows
from bench.generated import replace_between
from index.text import fold

__all__ = ["slipped"]

ROOT = Path(__file__).parents[1]
SEED = 7
LONG_WORD = re.compile(r"[^\W\d_]{6,}")
SHARE = 0.3  # of the long words
FIGURES = ("first citation right", "gold fiche cited", "citation precision", "facts present", "over-refusal")


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)  # the first letter is seldom wrong
    return rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeinrst") + word[at + 1 :],
        )
    )


def slipped(text: str, rng: random.Random) -> str:
    """A text with slips in its long words."""
    return LONG_WORD.sub(lambda m: _slip(m[0], rng) if rng.random() < SHARE else m[0], text)


def _ways() -> Mapping[str, Callable[[str], str]]:
    rng = random.Random(SEED)
    return {
        "as they are": lambda text: text,
        "small letters, no accents": fold,
        "with slips": lambda text: slipped(text, rng),
    }


def render(sets: Mapping[str, Mapping[str, Sequence[Row]]]) -> str:
    """The table: a line for each set and way of asking its questions."""
    assistant = open_assistant(Settings.from_env())
    lines = [f"| questions | asked | {' | '.join(FIGURES)} |", "|---|---|" + "---|" * len(FIGURES)]
    for name, ways in sets.items():
        for way, rows in ways.items():
            report = evaluate_rows(assistant, rows)
            figures = " | ".join(f"{report.figures[f]:.2f}" for f in FIGURES)
            lines.append(f"| {name} ({len(rows)}) | {way} | {figures} |")
    return "\n".join(lines)


def _typed(rows: Sequence[Row]) -> dict[str, Sequence[Row]]:
    return {way: [{**r, "question": typed(r["question"])} for r in rows] for way, typed in _ways().items()}


def _translated() -> dict[str, Sequence[Row]]:
    """The answerable questions that have an English version, in French and in English."""
    english = [r for r in load_rows("english.jsonl") if r["gold_fiches"]]
    french = {r["id"]: r for name in ("unseen.jsonl", "unread.jsonl") for r in load_rows(name)}
    return {"in French": [french[r["id"]] for r in english], "in English": english}


def main() -> None:
    """Measure and write."""
    rows = load_rows("answerable.jsonl")
    sets = {
        "held-out": _typed([r for r in rows if is_held_out(r)]),
        "training half": _typed([r for r in rows if not is_held_out(r)]),
    }
    for name in sys.argv[1:]:
        sets[Path(name).stem] = _typed([r for r in read_known(Path(name)) if r["gold_fiches"]])
    sets["unseen and unread"] = _translated()
    table = render(sets)
    replace_between(ROOT / "docs" / "quality.md", "robustness", table)
    print(table)


if __name__ == "__main__":
    main()
