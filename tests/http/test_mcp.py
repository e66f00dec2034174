"""The tools of the Model Context Protocol, with the official client over its standard transports."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters

from assistant.mcp_server import make_server
from assistant.service import Assistant

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
SERVER = """
from small_assistant import open_small
from assistant.mcp_server import run_stdio
run_stdio(open_small())
"""
TOOLS = {"ask", "search", "similar_experiences", "get_fiche"}


def with_client(target: Any, use: Callable[[Client], Awaitable[None]], mode: str = "auto") -> None:
    async def run() -> None:
        with anyio.fail_after(60):
            async with Client(target, mode=mode) as client:
                await use(client)

    anyio.run(run)


async def use_every_tool(client: Client) -> None:
    assert {t.name for t in (await client.list_tools()).tools} == TOOLS
    asked = await client.call_tool("ask", {"question": "Comment structurer un GES ?"})
    assert not asked.is_error and asked.structured_content
    assert asked.structured_content["kind"] == "answer" and asked.structured_content["citations"]
    assert "[1]" in asked.content[0].text and "Sources" in asked.content[0].text
    found = await client.call_tool("search", {"text": "utilité sociale", "limit": 3})
    hits = found.structured_content["hits"]
    assert len(hits) == 3 and all(h["text"] and h["url"].startswith("/fiche/") for h in hits)
    alike = await client.call_tool("similar_experiences", {"text": "une conciergerie de village"})
    assert alike.structured_content["experiences"]
    fiche = await client.call_tool("get_fiche", {"id": "iii 20"})
    assert fiche.structured_content["id"] == "III-20" and "ISACTYS" in fiche.content[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_tools_over_streamable_http(address: str, mode: str) -> None:
    with_client(f"{address}/mcp", use_every_tool, mode)


def test_tools_over_standard_input_and_output() -> None:
    paths = os.pathsep.join([str(ROOT), str(HERE)])
    server = StdioServerParameters(
        command=sys.executable, args=["-c", SERVER], env={"PYTHONPATH": paths}, cwd=ROOT
    )
    with_client(server, use_every_tool)


def test_the_answer_is_the_assistants(assistant: Assistant) -> None:
    async def use(client: Client) -> None:
        history = [
            {"role": "user", "content": "Comment structurer un GES ?"},
            {"role": "assistant", "content": "Le GES est un groupement. [1]"},
        ]
        asked = await client.call_tool(
            "ask", {"question": "Et les points de vigilance ?", "history": history}
        )
        from assistant.answer import Turn

        said = assistant.ask("Et les points de vigilance ?", [Turn(**t) for t in history]).to_dict()
        sent = dict(asked.structured_content)
        assert sent.pop("timings_ms") and said.pop("timings_ms")
        assert sent == said

    with_client(make_server(assistant), use)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("get_fiche", {"id": "III-77"}, "III-77"),
        ("ask", {"question": "GES ?", "engine": "gpt"}, "extractive"),
        ("ask", {"question": "x" * 4001}, "4000"),
        ("ask", {}, "question"),
        ("search", {"text": "GES", "limit": 0}, "limit"),
        ("nothing", {}, "nothing"),
    ],
)
def test_what_cannot_be_done_is_said_to_the_model(
    assistant: Assistant, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async def use(client: Client) -> None:
        result = await client.call_tool(tool, arguments)
        assert result.is_error and said in result.content[0].text

    with_client(make_server(assistant), use)


def test_tools_are_described_and_change_nothing(assistant: Assistant) -> None:
    async def use(client: Client) -> None:
        for tool in (await client.list_tools()).tools:
            assert tool.description and tool.annotations.read_only_hint
        asked = next(t for t in (await client.list_tools()).tools if t.name == "ask")
        assert asked.input_schema["required"] == ["question"]

    with_client(make_server(assistant), use)


def test_the_sdk_leaves_our_logging_alone(assistant: Assistant) -> None:
    import logging

    before = logging.getLogger().handlers[:], logging.getLogger().level
    make_server(assistant)
    assert (logging.getLogger().handlers[:], logging.getLogger().level) == before


def test_the_door_is_json_rpc_only(address: str) -> None:
    assert httpx.get(f"{address}/mcp", follow_redirects=False).status_code == 405
