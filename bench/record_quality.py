"""Records what answers reach now: ``python -m bench.record_quality [MORE.jsonl …]``.

Writes ``docs/quality.json``, which CI holds later changes against and « À propos » shows: the held-out half of
``bench/questions`` under ``held-out``, and any file given under its name without ending.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assistant.evaluation import evaluate_rows
from assistant.service import open_assistant
from assistant.settings import Settings
from bench.features import is_held_out, load_rows

TARGET = Path(__file__).parents[1] / "docs" / "quality.json"


def main() -> None:
    """Evaluate and write."""
    assistant = open_assistant(Settings.from_env())
    rows = load_rows("answerable.jsonl")
    unanswerable = load_rows("unanswerable-held-out.jsonl")
    sets = {
        "held-out": [r for r in rows if is_held_out(r)] + unanswerable,
        "training": [r for r in rows if not is_held_out(r)],
    }
    for name in sys.argv[1:]:
        path = Path(name)
        sets[path.stem] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    figures = {}
    for name, questions in sets.items():
        report = evaluate_rows(assistant, questions)
        figures[name] = {k: round(v, 3) for k, v in report.figures.items() if not k.startswith("ms")}
        figures[name]["questions"] = len(questions)
    TARGET.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
