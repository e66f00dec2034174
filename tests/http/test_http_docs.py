"""The documentation's examples: every ``sh`` and ``python`` block is run against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "llm"))

from fake_llm import fake_server, says  # noqa: E402

DOCS = ("api.md", "mcp.md", "widget.md", "llm.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(name, language, code, id=f"{name}-{i}")
    for name in DOCS
    for i, (language, code) in enumerate(BLOCK.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))
    if language in ("sh", "python")
]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the commands that the examples call."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "assistant").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{HERE / "assistant_stub.py"}" "$@"\n'
    )
    (folder / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for command in folder.iterdir():
        command.chmod(0o755)
    return folder


@pytest.mark.parametrize(("name", "language", "code"), BLOCKS)
def test_an_example_runs(
    name: str, language: str, code: str, address: str, commands: Path, tmp_path: Path
) -> None:
    if "curl" in code and not shutil.which("curl"):
        pytest.skip("needs curl")
    with fake_server(says("bonjour [1].")) as model:
        code = code.replace("http://127.0.0.1:7860", address).replace("http://127.0.0.1:8080/v1", model.url)
        # What fails in the middle fails the example; curl says nothing of an HTTP error unless asked.
        script = "set -e\n" + code.replace("curl -s ", "curl -sS --fail-with-body ")
        paths = os.pathsep.join((str(ROOT), str(HERE)))
        env = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_")}
        env |= {"PATH": f"{commands}{os.pathsep}{env['PATH']}", "PYTHONPATH": paths}
        command = ["bash", "-c", script] if language == "sh" else [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip() or ">>" in code


def test_every_setting_named_in_the_docs_exists() -> None:
    from dataclasses import fields

    from assistant.settings import PREFIX, Settings

    known = {PREFIX + f.name.upper() for f in fields(Settings)}
    for name in DOCS:
        named = set(re.findall(r"ASSISTANT_[A-Z_]+", (ROOT / "docs" / name).read_text(encoding="utf-8")))
        assert named <= known, f"{name}: {sorted(named - known)}"


def test_limits_in_the_docs_are_the_codes() -> None:
    from assistant.http.guard import MAX_API_BODY
    from assistant.http.schemas import MAX_HISTORY, MAX_TEXT, MAX_TURN
    from assistant.service import MAX_QUESTION

    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert MAX_TEXT == MAX_QUESTION
    assert f"{MAX_API_BODY // 1024} KiB" in text
    assert (
        f"{MAX_TEXT:,} characters" in text and f"{MAX_HISTORY} messages" in text and f"{MAX_TURN:,}" in text
    )
