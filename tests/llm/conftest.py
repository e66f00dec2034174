"""The language-model engine over the same small assistant as the HTTP tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "http"))  # small_assistant

from small_assistant import open_small

from assistant.service import Assistant


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return open_small()
