"""The doors are tested on a real assistant over the real manual; only its embedding is a toy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import serve
from small_assistant import open_small
from starlette.testclient import TestClient

from assistant.http import create_api
from assistant.service import Assistant
from assistant.settings import Settings


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return open_small()


@pytest.fixture(scope="session")
def client(assistant: Assistant) -> Iterator[TestClient]:
    """The API without a limit of rate: limits have their own tests."""
    with TestClient(create_api(assistant, Settings(rate_limit=0))) as client:
        yield client


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    """Address of a real server with the API."""
    with serve(create_api(assistant, Settings(rate_limit=0))) as address:
        yield address
