"""The tools of the Model Context Protocol: ``ask``, ``search``, ``similar_experiences``, ``get_fiche``.

Each gives readable text, which is what a model sees, and the whole as structured content, which is what a
program reads. Over standard input and output with ``assistant mcp``; over HTTP at ``/mcp``, where each
request stands alone, so that any number of app processes can serve it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast

import anyio.to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from assistant.answer import Answer, Turn
from assistant.errors import AssistantError
from assistant.http.problems import Problem
from assistant.http.routes import find_fiche
from assistant.http.schemas import MAX_HISTORY, MAX_TEXT, MAX_TURN
from assistant.http.texts import text as message
from assistant.http.workers import Busy
from assistant.render import render_fiche, render_text
from corpus.export import fiche_to_dict
from index.retriever import Hit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from assistant.service import Assistant

__all__ = ["McpDoor", "Runner", "make_server", "run_stdio"]

T = TypeVar("T")
Runner = Callable[[Callable[[], Any]], Awaitable[Any]]
MAX_HITS = 40
INSTRUCTIONS = (
    "Réponses citées tirées du Manuel de référence de COORACE (démarche de développement de territoires "
    "solidaires, décembre 2010, en français). Chaque affirmation porte le numéro d'une citation textuelle ; "
    "reprenez ces numéros et leurs liens. Ce que le manuel ne dit pas n'est pas répondu."
)
_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class EarlierMessage(BaseModel):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_TURN)]


def _result(shown: str, structured: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=shown)], structured_content=structured)


def _answered(answer: Answer) -> CallToolResult:
    return _result(render_text(answer), answer.to_dict())


def _hit(hit: Hit) -> dict[str, Any]:
    chunk = hit.chunk
    return {
        "fiche": chunk.fiche,
        "title": chunk.title,
        "section": chunk.heading,
        "anchor": chunk.anchor,
        "text": chunk.text,
        "score": round(hit.score, 4),
        "url": f"/fiche/{chunk.fiche}#{chunk.anchor}",
    }


async def _guarded(run: Runner, call: Callable[[], T]) -> T:
    """What ``call`` returns; what goes wrong in a foreseen way is told to the model in words."""
    try:
        return cast(T, await run(call))
    except Problem as problem:
        raise ToolError(message("fr", problem.key, **problem.values)) from problem
    except Busy as busy:
        raise ToolError(message("fr", "busy", seconds=busy.retry_after)) from busy
    except AssistantError as error:
        raise ToolError(str(error)) from error


def _server() -> MCPServer:
    """A server without tools. The SDK sets up the whole process's logging, which is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    server = MCPServer("manuel-dts", title="Manuel DTS de COORACE", instructions=INSTRUCTIONS)
    root.handlers[:] = handlers
    root.setLevel(level)
    return server


def make_server(assistant: Assistant, run: Runner = anyio.to_thread.run_sync) -> MCPServer:
    """The server and its tools.

    Args:
        assistant: What answers.
        run: Runs a blocking call; a thread by default.
    """
    server = _server()

    @server.tool(title="Poser une question", annotations=_READ_ONLY)
    async def ask(
        question: Text, history: list[EarlierMessage] | None = None, engine: str | None = None
    ) -> CallToolResult:
        """Answer a question from the manual, each statement with a verbatim citation.

        Args:
            question: The question, in French or English.
            history: Earlier messages of the conversation, oldest first; a follow-up question needs them.
            engine: Name of the answer engine; leave it out for the operator's choice.
        """
        turns = [Turn(m.role, m.content) for m in (history or [])[-MAX_HISTORY:]]
        return _answered(await _guarded(run, lambda: assistant.ask(question, turns, engine)))

    @server.tool(title="Chercher des passages", annotations=_READ_ONLY)
    async def search(text: Text, limit: Annotated[int, Field(ge=1, le=MAX_HITS)] = 8) -> CallToolResult:
        """Find the manual's passages nearest to a text, best first, word for word.

        Args:
            text: What to look for.
            limit: How many passages.
        """
        hits = [_hit(h) for h in await _guarded(run, lambda: assistant.search(text, limit))]
        shown = "\n\n".join(
            f"{h['fiche']} {h['title']} — {h['section']} ({h['url']})\n{h['text']}" for h in hits
        )
        return _result(shown, {"hits": hits})

    @server.tool(title="Expériences ressemblantes", annotations=_READ_ONLY)
    async def similar_experiences(text: Text) -> CallToolResult:
        """Find the manual's experiences that resemble a described project, and say why.

        Args:
            text: The project or situation, in the user's own words.
        """
        return _answered(await _guarded(run, lambda: assistant.similar(text)))

    @server.tool(title="Lire une fiche", annotations=_READ_ONLY)
    async def get_fiche(id: Annotated[str, Field(min_length=1, max_length=100)]) -> CallToolResult:
        """Read one fiche whole: text, contacts, links, notes and cross-references.

        Args:
            id: Its id, for instance I-C-2-a or III-20.
        """
        fiche = await _guarded(run, lambda: find_fiche(assistant.manual, id))
        return _result(render_fiche(fiche), {**fiche_to_dict(fiche), "url": f"/fiche/{fiche.id}"})

    return server


def run_stdio(assistant: Assistant) -> None:
    """Serve the tools over standard input and output until the client leaves."""
    make_server(assistant).run("stdio")


class McpDoor:
    """The tools over streamable HTTP, as an ASGI application to be put at ``/mcp``.

    Args:
        assistant: What answers.
        run: Runs a blocking call.
    """

    def __init__(self, assistant: Assistant, run: Runner) -> None:
        self._assistant, self._run = assistant, run
        self._handle: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve while the context lasts. A session manager runs once: each opening makes its own."""
        server = make_server(self._assistant, self._run)
        server.streamable_http_app(stateless_http=True, json_response=True, host="")
        async with server.session_manager.run():
            self._handle = server.session_manager.handle_request
            try:
                yield
            finally:
                self._handle = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._handle is None:
            raise Problem(503, "not_ready", retry_after=5)
        if scope["method"] != "POST":
            # Without sessions there is nothing to listen to or end: a GET would only hold a connection.
            raise HTTPException(405, headers={"Allow": "POST"})
        await self._handle(scope, receive, send)
