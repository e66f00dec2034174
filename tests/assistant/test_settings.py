"""Settings: read once, each wrong one named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings


def test_defaults_need_nothing():
    settings = Settings.from_env({})
    assert settings.engine == "extractive"
    assert settings.data_dir == Path("data")


def test_values_are_read_in_their_kind():
    settings = Settings.from_env(
        {"ASSISTANT_DATA_DIR": "/x", "ASSISTANT_RATE_LIMIT": "5", "ASSISTANT_FEEDBACK": "0", "OTHER": "y"}
    )
    assert (settings.data_dir, settings.rate_limit, settings.feedback) == (Path("/x"), 5, False)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"ASSISTANT_ENGIN": "llm"}, "ASSISTANT_ENGIN"),
        ({"ASSISTANT_ENGINE": "magic"}, "extractive, llm"),
        ({"ASSISTANT_RATE_LIMIT": "many"}, "ASSISTANT_RATE_LIMIT"),
        ({"ASSISTANT_LLM_TIMEOUT": "-1"}, "ASSISTANT_LLM_TIMEOUT"),
        ({"ASSISTANT_FEEDBACK": "maybe"}, "ASSISTANT_FEEDBACK"),
        ({"ASSISTANT_ENGINE": "llm"}, "ASSISTANT_LLM_URL"),
    ],
)
def test_a_wrong_setting_is_named(env, named):
    with pytest.raises(SettingsError, match=named):
        Settings.from_env(env)


@pytest.mark.parametrize(
    ("env", "leave"),
    [
        ({}, False),
        ({"ASSISTANT_LLM_URL": "http://x/v1"}, False),
        ({"ASSISTANT_ENGINE": "llm", "ASSISTANT_LLM_URL": "http://x/v1"}, True),
        ({"ASSISTANT_ENGINE": "llm", "ASSISTANT_LLM_FILE": "model.gguf"}, False),
    ],
)
def test_questions_leave_only_for_a_model_at_an_address(env, leave):
    assert Settings.from_env(env).questions_leave is leave
