"""The conversation in a terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.chat import Chat, run_chat
from assistant.service import Assistant


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def converse(assistant: Assistant, *lines: str) -> str:
    out = io.StringIO()
    run_chat(assistant, io.StringIO("\n".join(lines) + "\n"), out)
    return out.getvalue()


def test_an_answer_comes_with_its_sources(assistant: Assistant) -> None:
    said = converse(assistant, "comment structurer un GES ?")
    assert "[1]" in said and "Sources" in said and said.endswith("Au revoir.\n\n")


def test_the_conversation_is_remembered_and_forgotten(assistant: Assistant) -> None:
    chat = Chat(assistant, io.StringIO(), {})
    assert chat.take("comment structurer un GES ?") and chat.take("et les points de vigilance ?")
    assert [t.role for t in chat.turns] == ["user", "assistant"] * 2
    for _ in range(12):
        chat.take("et ensuite ?")
    assert len(chat.turns) == 20
    chat.take("/oublier")
    assert chat.turns == ()


def test_commands(assistant: Assistant) -> None:
    said = converse(
        assistant, "/aide", "/fiche iii 20", "/fiche", "/fiche IX-9", "/similaires une conciergerie",
        "/similaires",
        "/sources", "/moteur", "/moteur gpt", "/rien",
    )  # fmt: skip
    for expected in (
        "/quitter", "III-20  Initiatives", "Laquelle ?", "Pas de fiche « IX-9 »", "Expériences",
        "Décrivez votre projet",
        "Moteur : extractive", "Pas de moteur « gpt »", "Commande inconnue : /rien",
    ):  # fmt: skip
        assert expected in said


@pytest.mark.parametrize("leave", ["/quitter", "/q"])
def test_leaving(assistant: Assistant, leave: str) -> None:
    assert "Sources" not in converse(assistant, leave, "comment structurer un GES ?")


def test_a_question_over_several_lines(assistant: Assistant) -> None:
    chat_out = converse(assistant, "comment \\", "structurer un GES ?")
    assert "Sources" in chat_out


def test_a_question_too_long_does_not_end_the_conversation(assistant: Assistant) -> None:
    said = converse(assistant, "x" * 4001, "/aide")
    assert "4000" in said and "/quitter" in said


def test_colours_only_where_wanted(assistant: Assistant) -> None:
    def shown(env: dict[str, str], out: io.StringIO) -> str:
        Chat(assistant, out, env).take("comment structurer un GES ?")
        return out.getvalue()

    coloured = shown({"TERM": "xterm"}, Terminal())
    assert "\x1b[36m[1]\x1b[0m" in coloured
    for env, out in (({"NO_COLOR": "1"}, Terminal()), ({"TERM": "dumb"}, Terminal()), ({}, io.StringIO())):
        assert "\x1b" not in shown(env, out)
    import re

    # Bold, cyan and magenta read on dark and light; never black, white, yellow or a background.
    assert set(re.findall(r"\x1b\[(\d+)m", coloured)) <= {"0", "1", "35", "36"}


@given(st.lists(st.text(max_size=60), max_size=3))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_the_terminal_is_not_driven(assistant: Assistant, lines: list[str]) -> None:
    said = converse(assistant, *lines)
    assert not any(c in said for c in "\x1b\x07\x08\x9b")
