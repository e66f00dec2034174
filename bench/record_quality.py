"""Records what answers reach now: ``python -m bench.record_quality [MORE.jsonl …]``.

Writes ``docs/quality.json``, which CI holds later changes against and « À propos » shows, and the table of the README:
both halves of ``bench/questions``, under ``held-out`` and ``training``, and any file given, under its name without
ending. Sets recorded earlier and not measured now stay as they were.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from assistant.evaluation import evaluate_rows
from assistant.question_file import read_known
from assistant.service import open_assistant
from assistant.settings import Settings
from bench.features import is_held_out, load_rows
from bench.generated import replace_between

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "quality.json"
_LINES = (
    ("A right fiche among the first five cited", "gold fiche cited"),
    ("First citation right", "first citation right"),
    ("Fiches cited that fit", "citation precision"),
    ("Expected facts present in 2,000 characters", "facts present"),
    ("Outside the manual: declined", "out of scope refused"),
    ("Outside the manual: answered as if sure", "answered as if sure"),
    ("Of the manual: wrongly declined", "over-refusal"),
    ("Of the manual: answered with a doubt", "answered with a doubt"),
    ("Quotes word for word", "quotes verbatim"),
)


def render(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The README's table of what is reached."""
    columns = {"held-out": "held-out questions", "dev": "second set", "unread": "never read"}
    sizes = " | ".join(f"{title} ({figures[name]['questions']})" for name, title in columns.items())
    head = f"| figure | {sizes} |\n|---{'|---' * len(columns)}|\n"
    rows = (" | ".join([label, *(f"{figures[name][line]:.2f}" for name in columns)]) for label, line in _LINES)
    return head + "\n".join(f"| {row} |" for row in rows)


def main() -> None:
    """Evaluate and write.

    Only an index of the shipped vectors measures what users get.
    """
    assistant = open_assistant(Settings.from_env())
    rows = load_rows("answerable.jsonl")
    unanswerable = load_rows("unanswerable-held-out.jsonl")
    sets = {
        "held-out": [r for r in rows if is_held_out(r)] + unanswerable,
        "training": [r for r in rows if not is_held_out(r)],
    }
    for name in sys.argv[1:]:
        path = Path(name)
        sets[path.stem] = read_known(path)
    figures = json.loads(TARGET.read_text(encoding="utf-8"))
    for name, questions in sets.items():
        report = evaluate_rows(assistant, questions)
        figures[name] = {k: round(v, 3) for k, v in report.figures.items() if not k.startswith("ms")}
        figures[name]["questions"] = len(questions)
    TARGET.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    replace_between(ROOT / "README.md", "quality", render(figures))
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
