"""The command line: arguments in, exit code out. What each command does lives in ``assistant.commands``.

Exit codes: 0 done; 1 the thing asked for is wrong; 2 usage. An error is one or two lines on standard
error; a traceback only with ``--debug``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from assistant import commands
from assistant.errors import AssistantError
from assistant.settings import Settings
from corpus.errors import CorpusError

__all__ = ["main", "make_parser"]


def make_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    debug = argparse.ArgumentParser(add_help=False)
    debug.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser = argparse.ArgumentParser(
        prog="assistant", description="Cited answers from the COORACE reference manual.", parents=[debug]
    )
    subs = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, run, help_: str) -> argparse.ArgumentParser:
        sub = subs.add_parser(name, help=help_, description=help_, parents=[debug])
        sub.set_defaults(run=run)
        return sub

    sub = add("build", commands.build, "corpus to index; builds only what changed")
    sub.add_argument("--force", action="store_true", help="build everything anew")
    sub = add("ask", commands.ask, "one answer, with numbered sources")
    sub.add_argument("question")
    sub.add_argument("--json", action="store_true", help="the answer as JSON")
    sub.add_argument("--engine", help="answer engine, in place of the setting")
    sub.add_argument("--explain", action="store_true", help="how the passages were found, with their scores")
    sub = add("batch", commands.batch, "a question a line in, an answer a line out")
    sub.add_argument("input", metavar="IN.jsonl")
    sub.add_argument("output", metavar="OUT.jsonl")
    sub.add_argument("--engine", help="answer engine, in place of the setting")
    sub = add("similar", commands.similar, "experiences that resemble what TEXT describes")
    sub.add_argument("text", metavar="TEXT")
    sub.add_argument("--json", action="store_true", help="the answer as JSON")
    sub = add("fiche", commands.fiche, "one fiche, whole")
    sub.add_argument("id", metavar="ID")
    sub.add_argument("--json", action="store_true", help="the fiche as JSON")
    add("export", commands.export, "the whole corpus as one JSON document")
    sub = add("check", commands.check, "validate the fiches and their questions")
    sub.add_argument("path", nargs="?", metavar="PATH", help="folder of fiches; the shipped ones by default")
    sub = add("eval", commands.evaluate, "figures of answers and retrieval on questions with known answers")
    sub.add_argument("questions", metavar="QUESTIONS.jsonl")
    sub.add_argument("--json", action="store_true", help="the figures as JSON")
    sub.add_argument("--rows", action="store_true", help="a line for each question that falls short, and why")
    sub.add_argument("--engine", help="answer engine, in place of the setting")
    sub = add("serve", commands.serve, "the app and the HTTP API")
    sub.add_argument("--host", default="127.0.0.1")
    sub.add_argument("--port", type=int, default=7860)
    add("chat", commands.chat, "a conversation in the terminal")
    add("mcp", commands.mcp, "the tools of the Model Context Protocol, over standard input and output")
    add("doctor", commands.doctor, "what is installed and in use, and whether it fits together")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Arguments without the program's name; None for the process's own.

    Returns:
        The exit code.
    """
    # Libraries that would otherwise try to phone home or a hub; none of it is ever needed.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    args = make_parser().parse_args(argv)
    try:
        return args.run(args, Settings.from_env())
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (« | head »): nothing is wrong, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if args.debug:
            raise
        print(f"assistant: {_message(error)}", file=sys.stderr)
        return 1


def _message(error: Exception) -> str:
    from index.errors import RetrievalIndexError

    if isinstance(error, (AssistantError, CorpusError, RetrievalIndexError)):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    return f"unexpected {type(error).__name__}: {error}\nRun the command again with --debug and report what it prints."
