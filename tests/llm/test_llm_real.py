"""For real: a llama.cpp server with a small model from a package, and the doctor's look at servers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from engines import make_setup
from fake_llm import fails, fake_server, says
from real_server import MISSING, model_file, real_server

from assistant.errors import EngineError
from assistant.llm.client import ModelClient
from assistant.llm.local import LocalModel
from assistant.llm.probe import probe
from assistant.llm.prompt import Message, offered
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.verifier import quote_stands


class Brief(ModelClient):
    """Asks for short replies."""

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int = 0, timeout: float | None = None
    ) -> Iterator[str | None]:
        return super().stream(messages, max_tokens=60, timeout=timeout)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    model = model_file()
    if model is None:
        pytest.skip(MISSING)
    with real_server(model) as address:
        yield address


def test_a_real_model_is_answered_for_whatever_it_writes(
    assistant: Assistant, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """135 million parameters write French badly: the reader must get true statements all the same.

    It is shown less and may write less than a model of use: one slow processor core does the work.
    """
    monkeypatch.setattr("assistant.llm.engine.offered", partial(offered, budget=900))
    setup = make_setup(assistant, address, question="C'est quoi l'utilité sociale ?", timeout=90.0)
    setup.engine._client = Brief(Settings(llm_url=address, llm_timeout=90.0))
    answer = setup.answer()
    assert answer.kind == "answer" and answer.citations
    assert answer.engine == "llm" or answer.notice
    assert sum(setup.engine.tally.answers.values()) == 1
    assert setup.engine.tally.answers.keys() <= {"llm", "unsupported", "nothing"}, "the server did its part"
    for citation in answer.citations:
        assert quote_stands(citation.quote, citation.fiche, assistant.manual)


def test_a_real_server_streams_through_the_client(address: str) -> None:
    client = ModelClient(Settings(llm_url=address, llm_timeout=60.0))
    pieces = [p for p in client.stream([Message("user", "Count from 1 to 5.")], max_tokens=24) if p]
    assert len(pieces) > 3


def test_the_doctor_names_the_model(address: str) -> None:
    assert address in probe(Settings(llm_url=address, llm_timeout=60.0))


def test_the_doctor_says_what_is_wrong() -> None:
    with fake_server(says("bonjour"), models=("petit", "grand")) as server:
        assert probe(Settings(llm_url=server.url, llm_model="petit")).startswith("petit at ")
        with pytest.raises(EngineError, match="petit, grand"):
            probe(Settings(llm_url=server.url, llm_model="autre"))
        server.behaviour = fails(401)
        with pytest.raises(EngineError, match="refused"):
            probe(Settings(llm_url=server.url, llm_model="petit"))
    with pytest.raises(EngineError, match="nobody answers"):
        probe(Settings(llm_url="http://127.0.0.1:9/v1"))
    with pytest.raises(EngineError, match="ASSISTANT_LLM_URL"):
        probe(Settings())
    with pytest.raises(EngineError):
        probe(Settings(llm_url="not an address"))


def test_a_model_file_runs_in_the_product_s_own_process(assistant: Assistant) -> None:
    model = model_file()
    if model is None:
        pytest.skip(MISSING)
    local = LocalModel(model)
    reply = probe(Settings(llm_url=local.url, llm_timeout=60.0))
    assert local.url in reply or "127.0.0.1" in reply


def test_a_model_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nowhere.gguf"):
        LocalModel(tmp_path / "nowhere.gguf")
