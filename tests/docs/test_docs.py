"""The documentation is held to the code: links resolve; commands, settings, routes, JSON are as written.

``python tests/docs/test_docs.py`` rewrites the table of settings.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from assistant.cli import make_parser
from assistant.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
SETTINGS_MARKS = ("<!-- settings:begin -->", "<!-- settings:end -->")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(([^)\s]+)\)")
_ROUTE = re.compile(r"`(GET|POST|PUT|DELETE) (/[^`\s?]*)`")
_OPTION = re.compile(r"--[a-z-]+")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def page_ids(paths: list[Path]) -> list[str]:
    return [p.relative_to(ROOT).as_posix() for p in paths]


every_page = pytest.mark.parametrize("page", PAGES, ids=page_ids(PAGES))


# Links


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*$", _FENCE.sub("", text), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        copy = 0
        while (name := f"{slug}-{copy}" if copy else slug) in found:
            copy += 1
        found.add(name)
    return found


def local_targets(pattern: re.Pattern[str], page: Path) -> Iterator[str]:
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", read(page)))
    yield from (t for t in pattern.findall(text) if not re.match(r"[a-z]+:", t))


@every_page
def test_links_resolve(page):
    """Every link to a file or heading of the project leads somewhere."""
    for target in local_targets(_LINK, page):
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), f"{page.name}: {target}"
        assert path.is_relative_to(ROOT), f"{page.name}: {target} leaves the project"
        if anchor:
            assert anchor in anchors(read(path)), f"{page.name}: {target}: no such heading"


@every_page
def test_images_are_there(page):
    """Images exist, once the folder of screenshots has been made."""
    for target in local_targets(_IMAGE, page):
        path = page.parent / target
        if not path.parent.exists():
            pytest.skip(f"no folder {path.parent.name}: make the screenshots first")
        assert path.exists(), f"{page.name}: {target}"


def test_every_page_can_be_reached_from_the_readme():
    """A page that nothing links to is a page nobody reads."""
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [page.parent / t.partition("#")[0] for t in local_targets(_LINK, page) if t[0] != "#"]
    assert {p.resolve() for p in PAGES} <= reached


# Commands


def subcommands() -> dict[str, argparse.ArgumentParser]:
    action = next(a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def own_options(parser: argparse.ArgumentParser) -> set[str]:
    options = {o for a in parser._actions for o in a.option_strings if o.startswith("--")}
    return options - {"--help", "--debug"}


def documented_commands() -> dict[str, str]:
    rows = re.findall(r"^\| `assistant (\w+)([^`]*)` \|(.*)\|$", read(DOCS / "contract.md"), re.MULTILINE)
    return {name: usage for name, usage, _ in rows}


def test_every_command_is_documented():
    """The table of commands names each command with each of its options, and none that does not exist."""
    documented = documented_commands()
    assert documented.keys() == subcommands().keys()
    for name, parser in subcommands().items():
        assert set(_OPTION.findall(documented[name])) == own_options(parser), name


def test_arguments_are_documented():
    """Each argument without a name stands in the table as the help shows it."""
    for name, parser in subcommands().items():
        for action in parser._actions:
            if not action.option_strings:
                shown = str(action.metavar or action.dest.upper())
                assert shown in documented_commands()[name], f"assistant {name}: {shown}"


def shell_lines() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for language, code in _FENCE.findall(read(page)):
            if language in ("sh", "console"):
                for line in code.splitlines():
                    yield page, line.removeprefix("$ ").strip()


def test_commands_shown_are_understood():
    """Whatever ``assistant`` command the documentation shows, the parser takes."""
    shown = 0
    for page, line in shell_lines():
        words = (
            shlex.split(line, comments=True)
            if line.startswith(("assistant ", ".venv/bin/assistant "))
            else []
        )
        if words:
            shown += 1
            try:
                make_parser().parse_args(words[1:])
            except SystemExit:
                pytest.fail(f"{page.name}: {line}")
    assert shown >= 10


@every_page
def test_commands_named_exist(page):
    """« assistant NAME » in backticks is a command, « make NAME » a target."""
    text = read(page)
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    for name in re.findall(r"`assistant ([a-z]+)", text):
        assert name in subcommands(), f"assistant {name}"
    shown = [line for p, line in shell_lines() if p == page]
    named = re.findall(r"`make ([a-z-]+)", text) + [
        m[1] for s in shown if (m := re.match(r"make ([a-z-]+)", s))
    ]
    for name in named:
        assert name in targets, f"make {name}"


def test_the_readme_gives_both_commands_in_both_languages():
    """The two commands that a newcomer needs, once in each half."""
    for half in read(ROOT / "README.md").split("\n# En français\n"):
        assert "make run" in half and "make test" in half and "pip install -c constraints.txt -e ." in half


# Settings


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{int(value)}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if value != "" else ""


def _allowed(spec: Any) -> str:
    if choices := spec.metadata.get("choices"):
        return " or ".join(f"`{c}`" for c in choices)
    names = {bool: "`1` or `0`", int: "whole number, 0 or more", float: "number, 0 or more"}
    return names.get(type(spec.default), "folder" if isinstance(spec.default, Path) else "text")


def settings_table() -> str:
    """The table of ``docs/settings.md``, from the code."""
    rows = ["| variable | default | allowed | |", "|---|---|---|---|"]
    rows += [
        f"| `{PREFIX}{f.name.upper()}` | {_default(f.default)} | {_allowed(f)} | {f.metadata['doc']} |"
        for f in fields(Settings)
    ]
    return "\n".join(rows)


def test_every_setting_is_documented():
    """The table is what the code gives."""
    begin, end = SETTINGS_MARKS
    table = read(DOCS / "settings.md").partition(begin)[2].partition(end)[0].strip()
    assert table == settings_table(), "run: python tests/docs/test_docs.py"


@every_page
def test_every_setting_named_exists(page):
    known = {PREFIX + f.name.upper() for f in fields(Settings)}
    assert set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", read(page))) <= known


# Routes


def _walk(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(method, path) of every route, parameters' names left out."""
    for route in routes:
        inner = getattr(route, "original_router", None)  # FastAPI keeps an included router whole
        if inner is not None:
            yield from _walk(inner.routes, prefix + route.include_context.prefix)
        elif getattr(route, "methods", None):
            yield from ((m, _nameless(prefix + route.path)) for m in route.methods - {"HEAD"})


def _nameless(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


@pytest.fixture(scope="module")
def routes(manual) -> set[tuple[str, str]]:
    from assistant.http.api import create_api
    from assistant.ui.links import STATIC
    from assistant.ui.navigation import PAGES as GRADIO_PAGES
    from assistant.web.pages import fiche_router
    from assistant.web.pages_router import pages_router

    assert STATIC.is_dir()
    assistant: Any = SimpleNamespace(manual=manual, engines=("extractive",), ready=lambda: True, similar=None)
    api = create_api(assistant, Settings())
    found = set(_walk(api.routes))
    described = {(m.upper(), _nameless(p)) for p, item in api.openapi()["paths"].items() for m in item}
    assert described <= found, "FastAPI keeps its routes otherwise now: mend _walk"
    found |= set(_walk(fiche_router(manual).routes)) | set(
        _walk(pages_router(manual, assistant.similar, Settings()).routes)
    )
    found |= {
        ("GET", path) for page in GRADIO_PAGES for path in {p.partition("?")[0] for p in page.paths.values()}
    }
    return found | {("POST", "/mcp")}  # a plain ASGI route: it names no methods


def test_every_route_is_documented(routes):
    """The tables of routes are those of the code."""
    documented = {(m, _nameless(p)) for m, p in _ROUTE.findall(read(DOCS / "contract.md"))}
    assert documented == routes


# JSON and examples


def _keys(value: Any) -> Any:
    """The keys of a JSON value, down to its leaves; of a list, those of its first item."""
    if isinstance(value, dict):
        return {k: _keys(v) for k, v in value.items()}
    return [_keys(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


def _examples() -> list[Any]:
    return [
        json.loads(code)
        for language, code in _FENCE.findall(read(DOCS / "contract.md"))
        if language == "json"
    ]


def test_the_answer_is_as_documented():
    """The example of an answer has the fields that answers have."""
    from assistant.answer import Answer, Citation, ExperienceLink, FicheLink

    example = next(e for e in _examples() if "question" in e)
    answer = Answer(
        "", "fr", "answer", "", (Citation(1, "I-A-1", "", "", "", ""),),
        (ExperienceLink("III-1", "", "", ""),),
        (FicheLink("I-A-1", "", ""),), timings_ms=example["timings_ms"],
    )  # fmt: skip
    assert _keys(example) == _keys(answer.to_dict())


def test_the_corpus_is_as_documented(manual):
    """The example of the corpus has the export's fields; every role, type and kind is named."""
    from typing import get_args

    from corpus.export import export_manual
    from corpus.model import FicheType, ReferenceKind, Role

    example = next(e for e in _examples() if "edition" in e)
    export = export_manual(manual)
    assert example.keys() == export.keys()
    shown, real = example["fiches"][0], next(f for f in export["fiches"] if f["id"] == "I-C-2-a")
    assert shown.keys() == real.keys()
    for name in ("sections", "references", "keywords", "contacts", "links", "footnotes", "mends"):
        assert _keys(shown[name]) == _keys(real[name]), name
    assert example["index"][0].keys() == export["index"][0].keys()
    text = read(DOCS / "contract.md")
    for value in (*get_args(FicheType), *get_args(ReferenceKind), *get_args(Role)):
        assert f"`{value}`" in text, value


def test_the_editors_examples_are_read():
    """The fiche and the questions shown to editors are in the form that the product reads."""
    from corpus.fichefile import parse_fiche
    from corpus.questions import _read

    blocks = dict(_FENCE.findall(read(DOCS / "editors.md")))
    fiche = parse_fiche(blocks["markdown"], "III-21.md")
    assert (fiche.id, fiche.contacts[0].role, fiche.footnotes[0].section) == (
        "III-21", "directrice", "organisation-et-territoire",
    )  # fmt: skip
    questions = _read(yaml.safe_load(blocks["yaml"].replace("[...]", "[]")))
    assert questions.passages[0].blocks == (0, 2) and questions.passages[1].note == 3


def test_counts_in_the_model_card():
    """The sizes of the question sets are those of the files."""
    from bench.features import is_held_out, load_rows

    text = read(DOCS / "model-card.md")
    answerable, outside = load_rows("answerable.jsonl"), load_rows("unanswerable-held-out.jsonl")
    held_out = sum(map(is_held_out, answerable))
    adversarial = sum(r["type"] == "adversarial" for r in outside)
    assert f"| {len(answerable)}, of which {held_out} held out |" in text
    assert f"| {len(load_rows('unanswerable.jsonl'))}: " in text
    assert f"| {len(outside)}, {adversarial} of them adversarial |" in text


# Layers


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            found |= {a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_layers_import_one_way():
    """``corpus ← index ← assistant ← app.py``, as docs/architecture.md draws them."""
    layers = ["corpus", "index", "assistant", "app", "bench", "tests"]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for rank, layer in enumerate(layers[:3])
        for path in sorted((ROOT / layer).rglob("*.py"))
        for name in sorted(_imports(path) & set(layers[rank + 1 :]))
    ]
    assert wrong == ["assistant/commands.py imports app"]  # `serve`, inside its function


def test_pages_rest_on_their_parts_one_way():
    """``markup ← ui ← web``: what shows a passage, what every page has, the pages served without Gradio."""
    order = ["markup", "ui", "web"]
    wrong = [
        f"{path.relative_to(ROOT)} names assistant.{above}"
        for rank, part in enumerate(order)
        for path in sorted((ROOT / "assistant" / part).rglob("*.py"))
        for above in order[rank + 1 :]
        if f"assistant.{above}" in path.read_text("utf-8")
    ]
    assert wrong == []


def main() -> None:
    """Rewrite the table of settings."""
    path = DOCS / "settings.md"
    begin, end = SETTINGS_MARKS
    head, _, rest = read(path).partition(begin)
    path.write_text(f"{head}{begin}\n{settings_table()}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
