"""What each command does. Imports stay inside: ``assistant fiche`` must not wait for a vector store."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import InvalidInput
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.service import Assistant

__all__ = [
    "ask", "batch", "build", "chat", "check", "doctor", "evaluate", "export", "fiche", "mcp", "serve", "similar",
]  # fmt: skip


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    print()


def _open(settings: Settings) -> Assistant:
    """The assistant, its index built first where it is missing or does not fit."""
    from assistant.service import open_assistant
    from index.errors import IndexMissing, IndexStale

    try:
        return open_assistant(settings)
    except (IndexMissing, IndexStale) as reason:
        print(f"{reason} Building it now.", file=sys.stderr)
        _build(settings, force=False)
        return open_assistant(settings)


def _build(settings: Settings, *, force: bool) -> Any:
    from tqdm import tqdm

    from assistant.service import build as build_index

    with tqdm(total=1, unit="passage", desc="index", file=sys.stderr, disable=None) as bar:

        def progress(stage: str, done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return build_index(settings, force=force, progress=progress)


def build(args: Namespace, settings: Settings) -> int:
    """``assistant build``."""
    manifest = _build(settings, force=args.force)
    print(
        f"Index {manifest.build}: {manifest.chunks} passages, {manifest.questions} written questions, "
        f"{manifest.model}.")
    return 0


def ask(args: Namespace, settings: Settings) -> int:
    """``assistant ask``."""
    assistant = _open(settings)
    if args.explain:
        from assistant.explain import explain

        print(explain(assistant, args.question))
        return 0
    return _show(assistant.ask(args.question, engine=args.engine), as_json=args.json)


def similar(args: Namespace, settings: Settings) -> int:
    """``assistant similar``."""
    return _show(_open(settings).similar(args.text), as_json=args.json)


def _show(answer: Answer, *, as_json: bool) -> int:
    from assistant.render import render_text

    if as_json:
        _print_json(answer.to_dict())
    else:
        print(render_text(answer))
    return 0


def batch(args: Namespace, settings: Settings) -> int:
    """``assistant batch``."""
    from tqdm import tqdm

    from assistant.question_file import answer_rows, read_rows

    rows = read_rows(Path(args.input))
    assistant = _open(settings)
    with open(args.output, "w", encoding="utf-8") as out:
        for row, answer in tqdm(answer_rows(assistant, rows, args.engine), total=len(rows), file=sys.stderr):
            out.write(json.dumps({"id": row["id"], **answer.to_dict()}, ensure_ascii=False) + "\n")
    return 0


def _manual(settings: Settings):
    from corpus.store import load_manual

    return load_manual(Path(settings.corpus_dir) if settings.corpus_dir else None)


def fiche(args: Namespace, settings: Settings) -> int:
    """``assistant fiche``."""
    import difflib

    from corpus.export import fiche_to_dict
    from corpus.references import normalise_id

    manual = _manual(settings)
    found = manual.get(args.id) or manual.get(args.id.upper()) or manual.get(normalise_id(args.id))
    if found is None:
        near = difflib.get_close_matches(args.id, [f.id for f in manual], n=3, cutoff=0.3)
        raise InvalidInput(f"No fiche {args.id}. Nearest: {', '.join(near) or 'none'}; 'assistant export' lists all.")
    if args.json:
        _print_json(fiche_to_dict(found))
    else:
        from assistant.render import render_fiche

        print(render_fiche(found))
    return 0


def export(args: Namespace, settings: Settings) -> int:
    """``assistant export``."""
    from corpus.export import export_manual

    _print_json(export_manual(_manual(settings)))
    return 0


def check(args: Namespace, settings: Settings) -> int:
    """``assistant check``."""
    from assistant.checking import faults

    found = faults(Path(args.path) if args.path else None)
    for fault in found:
        print(fault)
    print(f"{len(found)} fault(s)." if found else "No fault found.", file=sys.stderr)
    return 1 if found else 0


def evaluate(args: Namespace, settings: Settings) -> int:
    """``assistant eval``."""
    from assistant.evaluation import evaluate_rows, render_report
    from assistant.question_file import read_known

    rows = read_known(Path(args.questions))
    report = evaluate_rows(_open(settings), rows, engine=args.engine)
    if args.json:
        _print_json(report.to_dict())
    else:
        print(render_report(report, rows=args.rows))
    return 0


def serve(args: Namespace, settings: Settings) -> int:
    """``assistant serve``."""
    import uvicorn

    from app import create_app

    assistant = _open(settings)
    print(f"Assistant ready: http://{args.host}:{args.port}", file=sys.stderr)
    uvicorn.run(create_app(settings, assistant), host=args.host, port=args.port, log_level="warning")
    return 0


def chat(args: Namespace, settings: Settings) -> int:
    """``assistant chat``."""
    from assistant.chat import run_chat

    run_chat(_open(settings), sys.stdin, sys.stdout)
    return 0


def mcp(args: Namespace, settings: Settings) -> int:
    """``assistant mcp``."""
    from assistant.mcp_server import run_stdio

    run_stdio(_open(settings))
    return 0


def doctor(args: Namespace, settings: Settings) -> int:
    """``assistant doctor``."""
    from assistant.doctor import examine

    findings = examine(settings)
    for finding in findings:
        print(f"{'ok   ' if finding.ok else 'WRONG'} {finding.text}")
    return 0 if all(f.ok for f in findings) else 1
