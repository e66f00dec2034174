"""An engine over the small assistant, and what its model is made to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Turn
from assistant.llm.engine import LlmEngine
from assistant.llm.prompt import offered
from assistant.llm.screen import gives_orders
from assistant.sentences import plain, spans
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.understanding import Question, understand
from index.retriever import SearchResult

QUESTION = "C'est quoi l'utilité sociale ?"


@dataclass
class Setup:
    """A question read and searched, and an engine to answer it."""

    engine: LlmEngine
    question: Question
    result: SearchResult
    history: tuple[Turn, ...] = ()

    def answer(self) -> Answer:
        return self.engine.answer(self.question, self.result, self.history)

    def facts(self, count: int = 4) -> list[tuple[str, int]]:
        """Whole sentences of the passages offered, with the number of each one's passage."""
        out: list[tuple[str, int]] = []
        passages = offered(self.result)
        whole = [plain(p.quote) for p in passages]
        for number, passage in enumerate(passages, 1):
            for span in spans(passage.quote):
                said = plain(span.text)
                alone = sum(said in w for w in whole) == 1
                if (
                    alone
                    and span.kind == "sentence"
                    and said.endswith(".")
                    and 40 < len(said) < 300
                    and "[" not in said
                ):
                    out.append((said, number))
                    break
        return out[:count]

    def faithful(self) -> str:
        """A reply that deserves to stand."""
        return "\n".join(f"{said[:-1]} [{number}]." for said, number in self.facts())


def make_setup(
    assistant: Assistant,
    url: str,
    *,
    question: str = QUESTION,
    history: Sequence[Turn] = (),
    timeout: float = 5.0,
    result: SearchResult | None = None,
    screen: Callable[[str], bool] = gives_orders,
) -> Setup:
    read = understand(question, history)
    result = result or assistant.retriever.search(read.search, read.intents)
    settings = Settings(engine="llm", llm_url=url, llm_model="m", llm_timeout=timeout)
    engine = LlmEngine(settings, assistant.retriever, assistant._reply, screen=screen)
    return Setup(engine, read, result, tuple(history))
