"""What every corpus test reads: the shipped manual, the source as received, and where its lines went."""

from __future__ import annotations

import pytest

from corpus.importer import Destination, account
from corpus.importer.source import read_source
from corpus.model import Manual
from corpus.store import load_manual


@pytest.fixture(scope="session")
def manual() -> Manual:
    return load_manual()


@pytest.fixture(scope="session")
def source() -> list[str]:
    return read_source()


@pytest.fixture(scope="session")
def places() -> list[Destination]:
    return account()
