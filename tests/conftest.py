"""Shared by all tests: no setting leaks in, no network beyond this machine, one index for the session."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]

# Derandomised: a test run must give the same result every time; no deadline: machines are noisy.
settings.register_profile(
    "fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("fixed")

_LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}
_connect = socket.socket.connect


def _local_only(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _LOCAL:
        raise OSError(f"tests may not reach {address[0]}")
    return _connect(self, address)


_skipped: list[str] = []


def pytest_runtest_logreport(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(f"{report.nodeid}: {report.longrepr[2] if report.longrepr else ''}")


def pytest_collectreport(report):
    if report.skipped:
        _skipped.append(f"{report.nodeid}: {report.longrepr[2] if report.longrepr else ''}")


def pytest_sessionfinish(session):
    """With ``NO_SKIPS`` set, as CI sets it, a skipped test fails the run: a browser or model that is missing is told.

    The questions with known answers lie beside the repository, and may be absent.
    """
    untold = [s for s in _skipped if "dev.jsonl" not in s]
    if os.environ.get("NO_SKIPS") and untold:
        print("\nSkipped, though nothing may be here:", *untold, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Any connection to another machine is an error: the product must work with none."""
    socket.socket.connect = _local_only
    yield
    socket.socket.connect = _connect


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No setting of the developer's own shell changes a result."""
    for name in [n for n in os.environ if n.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def manual():
    """The shipped manual."""
    from corpus.store import load_manual

    return load_manual()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """A data folder with a current index, the project's own: built once, reused by later runs."""
    from assistant.service import build
    from assistant.settings import Settings

    folder = ROOT / "data"
    build(Settings(data_dir=folder))
    return folder


@pytest.fixture(scope="session")
def product_settings(data_dir):
    """Settings of the product as shipped, on the session's index."""
    from assistant.settings import Settings

    return Settings(data_dir=data_dir)


@pytest.fixture(scope="session")
def assistant(product_settings):
    """The real assistant."""
    from assistant.service import open_assistant

    return open_assistant(product_settings)
