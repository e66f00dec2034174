"""The language-model engine: it may choose and order words, never vouch for them.

The default engine answers first, in a few milliseconds: it decides whether the manual answers at all, and its
answer stands whenever the model fails. The model is then shown the passages found, numbered; each sentence it
writes is verified against the passages whose numbers it wrote itself. A sentence without a number, with
numbers of passages it was never shown, or that says more than they do, is removed; nothing is ever cited on
its behalf. When more than half falls, or nothing stands, the default answer is given and the reader told.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from assistant.answer import Answer, Turn
from assistant.draft import Passage, Statement, Written, write
from assistant.llm.client import TICK, ModelClient, ModelFailure, complete
from assistant.llm.notices import notice
from assistant.llm.parser import Sentence, SentenceParser
from assistant.llm.prompt import NO_ANSWER, Message, ask_messages, offered, rewrite_messages
from assistant.llm.screen import gives_orders
from assistant.reading import follow_ups, linked_experiences, linked_fiches
from assistant.sentences import plain
from assistant.settings import Settings
from assistant.understanding import Question
from assistant.verifier import verify_statement
from corpus.model import Manual
from index.retriever import Retriever, SearchResult
from index.text import fold

__all__ = ["DefaultEngine", "Draft", "LlmEngine", "Tally"]

DefaultEngine = Callable[[Question, SearchResult], Answer]
MAX_FALLEN = 0.5  # share of sentences removed beyond which the rest is not worth showing
REWRITE_SECONDS = 5.0
REST = 10.0  # seconds a server that did not answer is left alone: not all need wait for it in turn
REWRITE_TOKENS = 80
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s»)\]]+|[\w.+-]+@[\w-]+\.[\w.-]+")
_MARKUP = re.compile(r"<[a-zA-Z!/]|\]\(|&#|[{}`]")


class Tally:
    """Counts what the verifier did, for the evaluation: sentences written, kept, and removed by reason."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.sentences: Counter[str] = Counter()

    def add(self, outcome: str, sentences: Counter[str]) -> None:
        """Count one answer: ``llm``, or why the default engine's was given."""
        with self._lock:
            self.answers[outcome] += 1
            self.sentences.update(sentences)

    def removed_share(self) -> float:
        """Share of the model's sentences that were removed, 0-1; 0 when there were none."""
        with self._lock:
            total = self.sentences.total()
            return 1 - self.sentences["kept"] / total if total else 0.0


class Draft:
    """The sentences of one reply that stand.

    Args:
        passages: What the model was shown, in the order of its numbers from 1.
        manual: What is verified against.
        screen: Tells the sentences that give orders.
    """

    def __init__(
        self, passages: Sequence[Passage], manual: Manual, *, screen: Callable[[str], bool] = gives_orders
    ) -> None:
        self._passages, self._manual, self._screen = passages, manual, screen
        self._kept: list[Statement] = []
        self._last_line_item = False
        self.counts: Counter[str] = Counter()

    def add(self, sentence: Sentence) -> bool:
        """Take one sentence; whether it stands."""
        text = plain(sentence.text)
        if sentence.text.endswith(":") and not sentence.numbers:
            return False  # « Voici les étapes : » claims nothing, and goes uncounted
        if any(k.text == text for k in self._kept):
            return False  # said already
        reason, passages = self._judge(text, sentence)
        self.counts[reason or "kept"] += 1
        if not reason:
            self._kept.append(Statement(text, tuple(passages), self._layout(sentence)))
        return not reason

    def _judge(self, text: str, sentence: Sentence) -> tuple[str, list[Passage]]:
        """Why a sentence must go (empty when it may stay), and the passages that support it."""
        cited = [self._passages[n - 1] for n in sentence.numbers if 1 <= n <= len(self._passages)]
        if not cited:
            return "uncited", []
        if not sentence.complete:
            return "unfinished", []
        if _MARKUP.search(sentence.text) or self._screen(sentence.text):
            return "orders", []
        ground = "\n".join(p.quote for p in cited)
        if any(a.rstrip(".,;") not in ground for a in _ADDRESS.findall(text)):
            return "address", []
        # Those that support it by themselves are enough; else it may rest on several together.
        alone = [p for p in cited if verify_statement(text, [p.quote]).supported]
        passages = alone or cited
        dropped = write([Statement(text, tuple(passages))], self._manual).dropped
        return (dropped[0][1] if dropped else ""), passages

    def _layout(self, sentence: Sentence) -> Literal["paragraph", "item", "inline"]:
        if sentence.item:
            return "item"
        return "paragraph" if sentence.opens_line or not self._kept else "inline"

    def written(self) -> Written:
        """The text so far, with its citations."""
        return write(self._kept, self._manual)

    @property
    def fallen(self) -> float:
        """Share of sentences removed, 0-1; 1 when there is nothing."""
        total = self.counts.total()
        return 1 - self.counts["kept"] / total if total else 1.0


class LlmEngine:
    """Answers with a language model, verified, and with the default engine wherever that fails.

    Args:
        settings: The model's server.
        retriever: What passages are found with.
        default: The default engine, refusals included.
        client: Streams completions; None for the server of the settings.
        screen: Tells texts that give orders to a model.
    """

    name = "llm"

    def __init__(
        self,
        settings: Settings,
        retriever: Retriever,
        default: DefaultEngine,
        *,
        client: ModelClient | None = None,
        screen: Callable[[str], bool] = gives_orders,
    ) -> None:
        self._settings, self._manual, self._default = settings, retriever.manual, default
        self._client = client or ModelClient(settings)
        self._screen = screen
        self._rest: tuple[float, str] = (0.0, "")  # until when the server is left alone, and why
        self.tally = Tally()

    def answer(self, question: Question, result: SearchResult, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question; see ``stream``."""
        *_, last = self.stream(question, result, history)
        return last

    def stream(
        self, question: Question, result: SearchResult, history: Sequence[Turn] = ()
    ) -> Iterator[Answer]:
        """Answer one question, as snapshots of what is verified so far; the last one is whole and final.

        While the model is silent the last snapshot (at first: an empty text) comes again every quarter of a
        second, so that a caller whose reader left can close the iterator, which cancels the request. The
        last snapshot may replace the text of those before, when the default engine steps in.

        Args:
            question: The question, read.
            result: What was found for it.
            history: Earlier turns, oldest first.
        """
        base = self._default(question, result)
        if base.kind != "answer":
            yield base
            return
        passages = offered(result, screen=self._screen)
        if not passages or self._screen(question.asked) or any(self._screen(t.content) for t in history):
            yield self._given_up(base, "orders", Counter())
            return
        if self._resting():
            yield self._given_up(base, self._resting(), Counter())
            return
        started = time.perf_counter()
        draft = Draft(passages, self._manual, screen=self._screen)
        try:
            yield from self._drafting(base, draft, ask_messages(question.asked, passages, history))
        except ModelFailure as failure:
            self._let_rest(failure)
            final = self._given_up(base, failure.reason, draft.counts)
        else:
            final = self._finished(base, draft, result)
        spent = 1000 * (time.perf_counter() - started)
        yield final.with_(timings_ms={**final.timings_ms, "model": spent})

    def rewrite(self, question: Question, history: Sequence[Turn]) -> str:
        """What to search for a follow-up question; what the built-in way makes of it when the model fails."""
        if (
            not question.follow_up
            or self._screen(question.asked)
            or any(self._screen(t.content) for t in history)
        ):
            return question.search
        if self._resting():
            return question.search
        timeout = min(REWRITE_SECONDS, self._settings.llm_timeout)
        messages = rewrite_messages(question.asked, history)
        try:
            reply = complete(self._client, messages, max_tokens=REWRITE_TOKENS, timeout=timeout)
        except ModelFailure as failure:
            self._let_rest(failure)
            return question.search
        line = next((part.strip(' "«»*') for part in reply.splitlines() if part.strip()), "")
        usable = 5 < len(line) <= 300 and not self._screen(line) and not _MARKUP.search(line)
        # The words as typed stay in: the model may only add to what is searched.
        return f"{line} {question.asked}" if usable else question.search

    def _let_rest(self, failure: ModelFailure) -> None:
        if failure.reason in ("timeout", "unreachable"):
            self._rest = (time.monotonic() + REST, failure.reason)

    def _resting(self) -> str:
        """Why the server is not asked just now; empty when it may be."""
        until, reason = self._rest
        return reason if time.monotonic() < until else ""

    def _drafting(self, base: Answer, draft: Draft, messages: Sequence[Message]) -> Iterator[Answer]:
        """Snapshots while the model writes."""
        parser, raw = SentenceParser(), ""
        shown = base.with_(
            text="", citations=(), experiences=(), fiches=(), follow_ups=(), engine=self.name, notice=""
        )
        yielded = time.monotonic()
        for piece in self._client.stream(messages):
            raw += piece or ""
            # A list, not a generator: any() would stop at the first that stands, and leave the rest untried.
            if any([draft.add(s) for s in parser.feed(piece or "")]):
                written = draft.written()
                shown = shown.with_(text=written.text, citations=written.citations)
            elif time.monotonic() - yielded < TICK:
                continue
            yielded = time.monotonic()
            yield shown
        for sentence in parser.close():
            draft.add(sentence)
        if fold(NO_ANSWER) in fold(raw) and not draft.counts["kept"]:
            draft.counts.clear()
            raise ModelFailure("nothing")

    def _finished(self, base: Answer, draft: Draft, result: SearchResult) -> Answer:
        if draft.fallen > MAX_FALLEN:
            return self._given_up(base, "unsupported", draft.counts)
        self.tally.add(self.name, draft.counts)
        written, language = draft.written(), base.language
        cited = [c.fiche for c in written.citations]
        removed = draft.counts.total() - draft.counts["kept"]
        return base.with_(
            text=written.text,
            citations=written.citations,
            experiences=linked_experiences(cited, result, self._manual, language),
            fiches=linked_fiches(cited, self._manual, language),
            follow_ups=follow_ups(cited, self._manual, language),
            engine=self.name,
            notice=notice(language, "removed", removed) if removed else "",
        )

    def _given_up(self, base: Answer, reason: str, counts: Counter[str]) -> Answer:
        self.tally.add(reason, counts)
        return base.with_(notice=notice(base.language, reason))
