"""The Assistant page: a conversation, wired in Gradio; what it shows is rendered by ``exchange_view``.

Two HTML parts hold the conversation, so that a growing answer does not send the earlier ones again: what is
past, and the exchange under way. Both stand in the browser's storage once an answer is whole.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from markupsafe import Markup

from assistant.answer import Answer
from assistant.discovery.experiences import Experience, load_experiences
from assistant.errors import EngineError, InvalidInput
from assistant.markup.inline import parse_inline
from assistant.service import MAX_QUESTION, Assistant
from assistant.ui.catalogue import Texts
from assistant.ui.conversation import Conversation, answer_from_dict
from assistant.ui.exchange_view import render_exchange, render_pending, render_problem
from assistant.ui.feedback import Feedback, FeedbackStore
from assistant.ui.reports import export_heading
from assistant.ui.templating import render

__all__ = ["AssistantPage", "build_assistant_page", "first_frame"]

_log = logging.getLogger(__name__)
# The browser keeps the open conversation under this name; it is no secret, Gradio only wants a fixed one.
_STORAGE_KEY, _STORAGE_SALT = "dts.conversation", "dts-conversation"
_BRIDGE = (Path(__file__).parent / "static" / "bridge.js").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the welcome, as the runs macro reads it."""

    runs: tuple[Any, ...]


def _welcome(t: Texts, *, llm: bool) -> Markup:
    lines = [t(f"assistant.{key}") for key in ("knows", "knows_not", "privacy_llm" if llm else "privacy")]
    return render("welcome.html", t, about=[_Line(parse_inline(line)) for line in lines])


def first_frame(t: Texts, *, llm: bool) -> str:
    """HTML shown until Gradio's own parts stand: the welcome, and a field in which to type at once.

    Args:
        t: The page's texts.
        llm: Whether a language model answers.
    """
    return render("first.html", t, welcome=_welcome(t, llm=llm))


@dataclass(frozen=True)
class AssistantPage:
    """What the page's events do, apart from any Gradio component.

    Attributes:
        assistant: What answers.
        t: The page's texts.
        store: Where feedback goes; None when it is not kept.
        index_version: Noted with feedback.
        llm: Whether a language model answers, so that questions leave for it.
    """

    assistant: Assistant
    t: Texts
    store: FeedbackStore | None = None
    index_version: str = ""
    llm: bool = False

    def past(self, conversation: Conversation, *, latest: bool) -> str:
        """HTML of the exchanges so far; the welcome when there are none."""
        if not conversation.exchanges:
            return "" if not latest else self.welcome()
        last = len(conversation.exchanges) - 1
        bodies = [
            self._exchange(k, e.question, e.answer, latest=latest and k == last)
            for k, e in enumerate(conversation.exchanges)
        ]
        return render("talk.html", self.t, bodies=bodies, heading=True)

    def welcome(self) -> str:
        """What a first visit shows."""
        return _welcome(self.t, llm=self.llm)

    @cached_property
    def _experiences(self) -> dict[str, Experience]:
        return {e.fiche.id: e for e in load_experiences(self.assistant.manual)}

    def _exchange(
        self, rank: int, question: str, answer: Answer, *, busy: bool = False, latest: bool = True
    ) -> str:
        return render_exchange(
            self.t, self.assistant.manual, rank, question, answer,
            experiences=self._experiences, busy=busy, latest=latest, feedback=self.store is not None,
        )  # fmt: skip

    def _live(self, conversation: Conversation, body: str) -> str:
        return render("talk.html", self.t, bodies=[body], heading=not conversation.exchanges)

    def ask(self, asked: str, conversation: Conversation) -> Iterator[tuple[str, Conversation | None]]:
        """Answer a question.

        Yields:
            HTML of the exchange under way, and the conversation with it once it is whole.
        """
        rank = len(conversation.exchanges)
        yield self._live(conversation, render_pending(self.t, rank, asked)), None
        try:
            final: Answer | None = None
            for answer in self.assistant.stream(asked, conversation.history()):
                if final is not None:
                    yield self._live(conversation, self._exchange(rank, asked, final, busy=True)), None
                final = answer
            if final is None:
                raise EngineError("no answer")
            yield (
                self._live(conversation, self._exchange(rank, asked, final)),
                conversation.with_exchange(asked, final),
            )
        except (InvalidInput, EngineError) as error:
            yield (
                self._live(conversation, render_problem(self.t, rank, asked, self._message(asked, error))),
                None,
            )
        except Exception:
            _log.exception("The question could not be answered.")
            yield self._live(conversation, render_problem(self.t, rank, asked, self.t("error.server"))), None

    def _message(self, asked: str, error: Exception) -> str:
        if len(asked) > MAX_QUESTION:
            return self.t("error.too_long", length=len(asked), limit=MAX_QUESTION)
        return self.t("error.engine", reason=error)

    def prefill(self, search: str) -> str:
        """The question that an address asks to have ready.

        Args:
            search: The address's query, « ?q=… » or « ?fiche=… ».
        """
        query = parse_qs(search.lstrip("?")[:8000])
        if "q" in query:
            return query["q"][0][:MAX_QUESTION]
        fiche = self.assistant.manual.get(query.get("fiche", [""])[0])
        return self.t("assistant.about_fiche", id=fiche.id, title=fiche.title) if fiche else ""

    def on_feedback(self, payload: object) -> bool:
        """Keep what somebody thought of an answer; see ``bridge.js`` for the payload.

        Returns:
            Whether it was kept.
        """
        if self.store is None or not isinstance(payload, dict):
            return False
        answer = answer_from_dict(payload.get("answer"))
        verdict = payload.get("verdict")
        if answer is None or verdict not in ("up", "down"):
            return False
        words = {k: str(payload.get(k) or "") for k in ("reason", "comment", "question")}
        self.store.add(
            Feedback(
                verdict, words["reason"], words["comment"], words["question"], answer, self.index_version
            )
        )
        return True


def _handlers(page: AssistantPage) -> tuple[Any, Any]:
    """The two events that show a conversation: a question asked, a conversation opened."""
    idle = {"send": gr.update(visible=True), "stop": gr.update(visible=False)}

    def ask(asked: str, kept: object) -> Iterator[tuple[Any, ...]]:
        conversation = Conversation.from_json(kept)
        asked = (asked or "").strip()
        if not asked:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), idle["send"], idle["stop"]
            return
        past = page.past(conversation, latest=False)
        busy = (gr.update(visible=False), gr.update(visible=True))
        for body, whole in page.ask(asked, conversation):
            if whole is not None:
                yield past, body, "", whole.to_json(), idle["send"], idle["stop"]
            elif 'aria-busy="true"' in body:
                yield past, body, "", gr.skip(), *busy
            else:
                yield past, body, asked, gr.skip(), idle["send"], idle["stop"]

    def show(kept: object, search: str) -> tuple[Any, ...]:
        conversation = Conversation.from_json(kept)
        # What somebody typed while the page was opening stays.
        return (
            page.past(conversation, latest=True),
            "",
            page.prefill(search or "") or gr.skip(),
            conversation.to_json(),
        )

    return ask, show


def build_assistant_page(demo: gr.Blocks, page: AssistantPage) -> None:
    """Put the page's components and events into the open Gradio page.

    Args:
        demo: The page, open (``with demo:``).
        page: What its events do.
    """
    t = page.t

    def feedback(payload: Any) -> bool:
        return page.on_feedback(payload)

    plain: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}
    with gr.Column(elem_id="conversation"):
        gr.HTML(render("shelf.html", t, export_heading=export_heading(t)), elem_id="etagere", **plain)
        past = gr.HTML(page.welcome(), elem_id="passe", **plain)
        live = gr.HTML("", elem_id="direct", **plain)
    with gr.Row(elem_id="saisie"):
        box = gr.Textbox(
            label=t("assistant.question_label"), placeholder=t("assistant.placeholder"), info=None,
            lines=1, max_lines=6, scale=1, elem_id="question", container=True,
        )  # fmt: skip
        send = gr.Button(t("assistant.send"), variant="primary", elem_id="envoyer", scale=0)
        stop = gr.Button(t("assistant.stop"), variant="stop", elem_id="arreter", scale=0, visible=False)
    bridge = gr.HTML("", elem_id="pont", js_on_load=_BRIDGE, server_functions=[feedback])
    kept = gr.BrowserState({}, storage_key=_STORAGE_KEY, secret=_STORAGE_SALT)
    search = gr.Textbox(visible=False)

    ask, show = _handlers(page)
    asking = gr.on(
        [box.submit, send.click], ask, [box, kept], [past, live, box, kept, send, stop],
        js="(...values) => window.dts.asking(...values)", show_progress="hidden", api_visibility="private",
        concurrency_limit=8,
    )  # fmt: skip
    stop.click(
        lambda: (gr.update(visible=True), gr.update(visible=False)), None, [send, stop], cancels=[asking],
        js="() => { window.dts.stopped(); return []; }", show_progress="hidden", api_visibility="private",
        queue=False,
    )  # fmt: skip
    kept.change(None, [kept], None, js="(value) => { window.dts.kept(value); }")
    bridge.open(
        show, [kept, search], [past, live, box, kept],
        js="() => [window.dts.opening(), '']", show_progress="hidden", api_visibility="private",
    )  # fmt: skip
    demo.load(
        show, [kept, search], [past, live, box, kept],
        js="(value) => [value, location.search]", show_progress="hidden", api_visibility="private",
    ).then(None, [kept], None, js="(value) => { window.dts.shown(value); }")  # fmt: skip
