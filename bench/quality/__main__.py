"""The command: see ``bench.quality``."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.question_file import Row, read_known
from assistant.service import open_assistant
from assistant.settings import Settings
from bench.features import QUESTIONS_DIR, is_held_out
from bench.generated import replace_between
from bench.quality.mapping import Manuscript, read_manuscript
from bench.quality.models import Models
from bench.quality.running import Contender, FromPipeline, measure
from bench.quality.table import render
from bench.quality.with_bm25 import PlainBm25
from bench.quality.with_haystack import Haystack
from bench.quality.with_llama_index import LlamaIndex
from bench.quality.with_ours import Ours
from bench.quality.with_txtai import Txtai
from corpus.errors import CorpusError
from corpus.importer.layout import SOURCE
from corpus.model import Manual
from corpus.store import load_manual

__all__ = ["compare", "contenders", "main", "question_sets"]

Maker = Callable[[], Contender]


def question_sets(paths: Sequence[Path], *, everything: bool = False) -> dict[str, list[Row]]:
    """Questions by set.

    Of the project's own files, only what nothing was learned from, as one set, ``held-out``: the others would flatter
    ours. Any other file is a set by its name.

    Args:
        paths: Files of questions with known answers.
        everything: Keep the project's training questions too, under the files' names.
    """
    sets: dict[str, list[Row]] = {}
    for path in paths:
        rows = read_known(path)
        own = path.resolve().parent == QUESTIONS_DIR and not everything
        if own and path.name != "unanswerable-held-out.jsonl":
            rows = [r for r in rows if is_held_out(r)]
        if rows:
            sets.setdefault("held-out" if own else path.stem, []).extend(rows)
    return sets


def contenders(manuscript: Manuscript, models: Models, ours: Maker) -> list[tuple[str, Maker]]:
    """All of them, by a short name, not made yet: what cannot be made is reported, not fatal.

    Args:
        manuscript: The manual.
        models: The embedding models.
        ours: Makes ours.
    """
    out: list[tuple[str, Maker]] = [("ours", ours)]
    for short, kind in (("llama-index", LlamaIndex), ("haystack", Haystack), ("txtai", Txtai)):
        for model in ("minilm", "e5"):
            for fitted in (False, True):

                def make(kind=kind, model=model, fitted=fitted) -> Contender:
                    return FromPipeline(kind(models.get(model), fitted=fitted), manuscript)

                out.append((f"{short}, {model}, {'set well' if fitted else 'defaults'}", make))
    out.append(("bm25, defaults", lambda: FromPipeline(PlainBm25(fitted=False), manuscript)))
    out.append(("bm25, set well", lambda: FromPipeline(PlainBm25(fitted=True), manuscript)))
    return out


def compare(
    makers: Sequence[tuple[str, Maker]], sets: dict[str, list[Row]], manual: Manual, say: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    """Run every contender over every set, the slow ones to embed with last.

    Args:
        makers: From ``contenders``.
        sets: From ``question_sets``.
        manual: The fiches.
        say: Called with a line of progress.

    Yields:
        JSON of figures so far, after each contender: a run that is cut short leaves what it had. One that failed has
        ``error`` in their place.
    """
    about = {
        name: {"questions": len(rows), "answerable": sum(bool(r["gold_fiches"]) for r in rows)}
        for name, rows in sets.items()
    }
    results: dict[str, dict[str, Any]] = {}
    for short, make in sorted(makers, key=lambda m: ", e5" in m[0]):
        say(short)
        found: dict[str, Any] = {"name": short, "model": "", "setting": ""}
        try:
            contender = make()
            found.update(name=contender.name, model=contender.model, setting=contender.setting)
            prepared = contender.prepare()
            runs = {name: asdict(measure(contender, rows, manual)) for name, rows in sets.items()}
            found |= {**prepared, "sets": runs}
        except Exception as error:  # whatever a library raises: it must not hide the other contenders' figures
            traceback.print_exc()
            found["error"] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        results[short] = found
        yield _rounded({"sets": about, "contenders": [results[name] for name, _ in makers if name in results]})


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return round(value, 3) if isinstance(value, float) else value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description="Ours beside the usual pipelines.")
    parser.add_argument("--questions", nargs="+", type=Path, required=True, metavar="FILE")
    parser.add_argument("--manual", type=Path, default=SOURCE, metavar="FILE", help="the manual's text, as received")
    parser.add_argument("--out", type=Path, metavar="FILE", help="JSON; a page of that name beside it is updated")
    parser.add_argument("--only", default="", metavar="PATTERN", help="only those whose name it is found in")
    parser.add_argument("--all", action="store_true", help="keep questions of bench/questions that ours learned from")
    return parser.parse_args()


def _write(result: dict[str, Any], out: Path) -> None:
    out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = out.with_suffix(".md")
    if page.exists():
        replace_between(page, "comparison", render(result))


def main() -> int:
    """Measure, print, write."""
    args = _arguments()
    try:
        sets = question_sets(args.questions, everything=args.all)
        manuscript = read_manuscript(args.manual)
    except (CorpusError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    settings = Settings.from_env()
    models = Models(settings.data_dir / "bench" / "vectors.sqlite")
    makers = contenders(manuscript, models, lambda: Ours(open_assistant(settings), manuscript))
    makers = [m for m in makers if re.search(args.only, m[0])]
    result: dict[str, Any] = {"contenders": []}
    for result in compare(makers, sets, load_manual(), lambda line: print(line, file=sys.stderr, flush=True)):
        if args.out:
            _write(result, args.out)
    print(render(result) if result["contenders"] else f"error: nothing is called « {args.only} »")
    return 0 if all("error" not in c for c in result["contenders"]) else 1


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # every model is at hand: a library that looks for one should say so
    sys.exit(main())
