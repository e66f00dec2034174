"""A language model in this process, from a GGUF file: no server to run, no key, nothing leaves the machine.

llama.cpp's own OpenAI-compatible server is started on a free loopback port inside the process, so that the
rest of the language-model path is the same for a local file as for any server.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from assistant.errors import EngineError

__all__ = ["LocalModel"]

CONTEXT_TOKENS = 8192
OUTPUT_TOKENS = 700


class LocalModel:
    """A running model; it stops with the object.

    Args:
        path: The GGUF file.

    Attributes:
        url: Address of its OpenAI-compatible interface.

    Raises:
        EngineError: The file is not there, or the package ``xllamacpp`` is not installed.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise EngineError(f"ASSISTANT_LLM_FILE={path}: no such file. Give the path of a GGUF file.")
        try:
            import xllamacpp
        except ImportError as error:
            raise EngineError(
                "ASSISTANT_LLM_FILE needs the package xllamacpp: pip install '.[local-llm]', "
                "or give a server's address as ASSISTANT_LLM_URL."
            ) from error
        params: Any = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx, params.n_predict, params.n_parallel = CONTEXT_TOKENS, OUTPUT_TOKENS, 1
        # Half the cores: the other half keeps embedding questions and serving pages.
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) // 2)
        params.hostnames, params.port = ["127.0.0.1"], 0
        self._server: Any = xllamacpp.Server(params)
        self.url = f"{self._server.listening_address}/v1"
