"""The assistant as one object: what the app, the commands and the HTTP API all call."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.acronyms import Acronyms
from assistant.answer import Answer, Turn
from assistant.detail import Detail, asked_detail, missing_detail
from assistant.draft import write
from assistant.errors import InvalidInput
from assistant.extractive import compose
from assistant.gate import Gate
from assistant.llm.screen import gives_orders
from assistant.overview import overview
from assistant.phrases import phrase
from assistant.reading import follow_ups, linked_experiences, linked_fiches, nearest_fiches
from assistant.settings import Settings
from assistant.similar import similar_experiences
from assistant.understanding import Question, parts, understand
from corpus.glossary import build_glossary
from corpus.model import Manual
from corpus.questions import load_bank
from corpus.store import load_manual
from index.build import Manifest, Progress, build_index
from index.embedding import load_embedder
from index.retriever import Hit, Retriever, SearchResult

if TYPE_CHECKING:
    from assistant.llm.engine import LlmEngine
    from assistant.llm.local import LocalModel

__all__ = ["Assistant", "build", "open_assistant", "open_retriever"]

MAX_QUESTION = 4000  # characters: beyond, it is a document, not a question


class Assistant:
    """Answers questions over one manual.

    Args:
        settings: The settings.
        retriever: An open index.
    """

    def __init__(self, settings: Settings, retriever: Retriever) -> None:
        self.settings = settings
        self.retriever = retriever
        self.manual: Manual = retriever.manual
        self.gate = Gate.load()
        self.acronyms = Acronyms(build_glossary(self.manual), retriever.chunks)
        self._llm: LlmEngine | None = None
        self._local: LocalModel | None = None
        if settings.llm_url or settings.llm_file:
            from assistant.llm.engine import LlmEngine
            from assistant.llm.local import LocalModel

            if not settings.llm_url:
                self._local = LocalModel(Path(settings.llm_file))
                settings = replace(settings, llm_url=self._local.url)
            self._llm = LlmEngine(settings, retriever, self._reply)

    def ready(self) -> bool:
        """Whether the index and the engine can answer."""
        return bool(self.retriever.chunks)

    @property
    def engines(self) -> tuple[str, ...]:
        """Names of the engines that can be asked for."""
        return ("extractive", "llm") if self._llm else ("extractive",)

    @property
    def removed_share(self) -> float | None:
        """Share of the language model's sentences that verification removed; None without a model."""
        return self._llm.tally.removed_share() if self._llm else None

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """The passages nearest to a text, best first."""
        return list(self.retrieve(self.read(text)).hits[:limit])

    def ask(self, question: str, history: Sequence[Turn] = (), engine: str | None = None) -> Answer:
        """Answer one question.

        Args:
            question: As typed.
            history: Earlier turns, oldest first.
            engine: Name of the engine; None for the one of the settings.

        Raises:
            InvalidInput: The question is too long, or the engine unknown.
        """
        *_, last = self._answers(question, history, engine)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), engine: str | None = None) -> Iterator[Answer]:
        """Answer one question, as growing snapshots; the last one is whole and final.

        Raises:
            InvalidInput: As for ``ask``.
        """
        last = None
        for answer in self._answers(question, history, engine):
            if last is not None:
                yield last
            last = answer
        if last is not None:
            if last.engine == "extractive":
                yield from _unfolded(last)
            yield last

    def _answers(self, question: str, history: Sequence[Turn], engine: str | None) -> Iterator[Answer]:
        """Snapshots of one answer, timed; the default engine has only one."""
        started = time.perf_counter()
        engine = engine or self.settings.engine
        if engine not in self.engines:
            raise InvalidInput(f"Unknown engine {engine}: one of {', '.join(self.engines)}.")
        read = self.read(question, history)
        quick = self._reply_without_search(read)
        if quick is not None:
            yield quick.with_(timings_ms={"total": 1000 * (time.perf_counter() - started)})
            return
        sought = self._llm.rewrite(read, history) if engine == "llm" and self._llm else read.search
        read = replace(read, search=sought)
        read, result, gap = self._answerable_part(read, self.retrieve(read))
        replies = (
            self._llm.stream(read, result, history)
            if engine == "llm" and self._llm
            else iter((self._reply(read, result),))
        )
        for answer in replies:
            total = 1000 * (time.perf_counter() - started)
            retrieved = sum(result.timings_ms.values())
            yield answer.with_(
                question=question.strip(),
                text=f"{gap}\n\n{answer.text}" if gap and answer.kind == "answer" and answer.text else answer.text,
                timings_ms={
                    **answer.timings_ms,
                    **result.timings_ms,
                    "retrieve": retrieved,
                    "compose": total - retrieved,
                    "total": total,
                },
            )

    def _answerable_part(self, read: Question, result: SearchResult) -> tuple[Question, SearchResult, str]:
        """What of a question can be answered: the question as it is, or the first of its parts that stands alone.

        Returns:
            What to answer, what was found for it, and what to tell beforehand: what is left out, or that the answer
            may be beside the question; empty when there is nothing of the kind.
        """
        asked = parts(read.asked)
        if self._declines(read, result):
            if len(asked) < 2 or read.follow_up or self._is_out_of_order(read):
                return read, result, ""
            for place, part in enumerate(asked):
                alone = understand(part)
                found = self.retrieve(alone)
                if self.gate.stands_alone(alone, found, opens=place == 0) and not missing_detail(alone, found):
                    return alone, found, phrase(read.language, "partial")
            return read, result, ""
        missing = missing_detail(read, result)
        if missing and not missing.alone:
            return read, result, _without(missing, "missing_part", read.language)
        return read, result, phrase(read.language, "doubt") if self._doubts(read, result) else ""

    def _doubts(self, read: Question, result: SearchResult) -> bool:
        """Whether an answer may be beside the question; not where the very detail asked for was seen to be there.

        A number was seen near a word only: it may count something else, or as it was at another time.
        """
        # Whose contact is given is said, and a fiche that is named is the one that is told of.
        if read.form == "contact" or self.manual.get(read.fiche) or not self.gate.is_doubtful(read, result):
            return False
        detail = asked_detail(read, result.query)
        seen = detail is not None and detail.about and detail.kind != "count"
        return not seen and self.acronyms.spelt_out(read, result.query) is None

    def _declines(self, read: Question, result: SearchResult) -> bool:
        if self.manual.get(read.fiche):
            return False
        return self.gate.false_premise(read, result) or not self.gate.answerable(read, result)

    def _is_out_of_order(self, read: Question) -> bool:
        """Whether a question is not to be answered in any part: what it names does not exist, or it gives orders."""
        return bool(self._not_to_be_had(read) or self.gate.is_noise(read) or gives_orders(read.asked))

    def _not_to_be_had(self, read: Question) -> str:
        """What to tell whoever asks for what does not exist, or is to be made up; empty when that is not so."""
        invented = self.gate.invented_fiche(read, self.manual)
        if invented:
            return phrase(read.language, "no_such_fiche", id=invented)
        part = self.gate.invented_part(read)
        if part:
            return phrase(read.language, "no_such_part", part=part)
        return phrase(read.language, "no_invention") if self.gate.asks_to_invent(read) else ""

    def read(self, question: str, history: Sequence[Turn] = ()) -> Question:
        """A question in the light of the conversation, unless it has left it.

        It has when it is plainly about nothing of the manual's (« et la recette du cassoulet ? »), or about something
        by itself (« y a quoi dans ISACTYS ? »).

        Raises:
            InvalidInput: The question is too long.
        """
        read = understand(_checked(question), history)
        if read.follow_up and not read.incomplete:
            alone = understand(read.asked)
            found = self.retrieve(alone)
            if self.gate.elsewhere(alone, found) or (not read.goes_on and self.gate.is_placed(alone, found)):
                return alone
        return read

    def retrieve(self, read: Question, *, similar: bool = False) -> SearchResult:
        """What is found for a question; with ``similar``, for the description of a situation."""
        if similar:
            return self.retriever.search(read.search, {**read.intents, "experience": 1.0})
        return self.retriever.search(read.search, read.intents, read.clauses, read.pieces)

    def similar(self, text: str) -> Answer:
        """Experiences that resemble what ``text`` describes, best first, with reasons."""
        started = time.perf_counter()
        read = self.read(text)
        answer = self._reply_without_search(read)
        if answer is None:
            result = self.retrieve(read, similar=True)
            answer = similar_experiences(read, result, self.retriever)
            answer.timings_ms.update(retrieve=sum(result.timings_ms.values()))
        return answer.with_(timings_ms={**answer.timings_ms, "total": 1000 * (time.perf_counter() - started)})

    def _reply_without_search(self, read: Question) -> Answer | None:
        """Greetings, and questions that hold nothing to search."""
        if read.greeting:
            key = "thanks" if read.asked.lower().startswith(("merci", "thank")) else "greeting"
            return Answer(read.asked, read.language, "greeting", phrase(read.language, key))
        if read.empty:
            text = phrase(read.language, "clarification_empty")
            return Answer(read.asked, read.language, "clarification", text)
        return None

    def _reply(self, read: Question, result: SearchResult) -> Answer:
        not_to_be_had = self._not_to_be_had(read)
        if not_to_be_had:
            return self._declined(read, result, not_to_be_had)
        if self.gate.is_noise(read) or gives_orders(read.asked):
            return Answer(read.asked, read.language, "clarification", phrase(read.language, "clarification_vague"))
        spelt_out = self.acronyms.spelt_out(read, result.query)
        if spelt_out is None:
            if self._declines(read, result):
                return self._declined(read, result, phrase(read.language, "refusal"))
            missing = missing_detail(read, result)
            if missing and missing.alone:
                return self._declined(read, result, _without(missing, "missing", read.language))
        if self.manual.get(read.fiche):
            statements = overview(read, result, self.retriever)
        else:
            statements = compose(read, result, self.retriever)
        written = write(spelt_out.opening(statements) if spelt_out else statements, self.manual)
        if not written.citations:
            return self._declined(read, result, phrase(read.language, "refusal"))
        cited = [c.fiche for c in written.citations]
        return Answer(
            question=read.asked,
            language=read.language,
            kind="answer",
            text=written.text,
            citations=written.citations,
            experiences=linked_experiences(cited, result, self.manual, read.language),
            fiches=linked_fiches(cited, self.manual, read.language),
            follow_ups=follow_ups(cited, self.manual, read.language),
        )

    def _declined(self, read: Question, result: SearchResult, text: str) -> Answer:
        near = nearest_fiches(result, self.manual, read.language)
        return Answer(read.asked, read.language, "refusal", text, fiches=near)


def _without(missing: Detail, key: str, language: str) -> str:
    """What is told of a detail that is asked for and was not found."""
    return phrase(language, key, detail=phrase(language, f"detail_{missing.kind}"))


def _unfolded(answer: Answer) -> Iterator[Answer]:
    """An answer paragraph by paragraph, the last one excepted."""
    paragraphs = answer.text.split("\n\n")
    for shown in range(1, len(paragraphs)):
        text = "\n\n".join(paragraphs[:shown])
        used = tuple(c for c in answer.citations if f"[{c.n}]" in text)
        yield answer.with_(text=text, citations=used, experiences=(), fiches=(), follow_ups=())


def _checked(text: str) -> str:
    if len(text) > MAX_QUESTION:
        raise InvalidInput(f"The question is {len(text)} characters long: {MAX_QUESTION} at most.")
    return text.replace("\x00", " ")


def build(
    settings: Settings, *, force: bool = False, progress: Progress = lambda stage, done, total: None
) -> Manifest:
    """Bring the index in line with the corpus; see ``index.build.build_index``."""
    return build_index(
        _manual(settings),
        load_bank(),
        load_embedder(settings.embedding_model, settings.data_dir),
        settings.data_dir,
        chroma_url=settings.chroma_url,
        force=force,
        progress=progress,
    )


def _manual(settings: Settings) -> Manual:
    return load_manual(Path(settings.corpus_dir) if settings.corpus_dir else None)


def open_retriever(settings: Settings, *, manual: Manual | None = None, trained: bool = True) -> Retriever:
    """Open the index in use.

    Args:
        settings: The settings.
        manual: What is searched; None for the corpus of the settings.
        trained: Whether to load what training wrote; training itself starts without.

    Raises:
        index.errors.RetrievalIndexError: The index is missing or does not fit.
    """
    return Retriever.open(
        manual or _manual(settings),
        load_bank(),
        load_embedder(settings.embedding_model, settings.data_dir),
        settings.data_dir,
        chroma_url=settings.chroma_url,
        trained=trained,
    )


def open_assistant(settings: Settings) -> Assistant:
    """Open the assistant on the index in use.

    Raises:
        index.errors.RetrievalIndexError: The index is missing or does not fit.
    """
    retriever = open_retriever(settings)
    retriever.embedder.queries(["prêt"])  # loads the model now: who opens the app first does not wait for it
    return Assistant(settings, retriever)
