"""What answers at the model's address, for ``assistant doctor``."""

from __future__ import annotations

import time

from assistant.errors import EngineError
from assistant.llm.client import ModelClient, ModelFailure, complete, models_of
from assistant.llm.prompt import Message
from assistant.settings import Settings

__all__ = ["probe"]

SECONDS = 15.0


def probe(settings: Settings) -> str:
    """Ask the model for a word.

    Args:
        settings: Address, model and key.

    Returns:
        One line: who answers, from where, how fast.

    Raises:
        EngineError: Nobody does, or not as an OpenAI-compatible server would.
    """
    import httpx

    if not settings.llm_url:
        raise EngineError(
            "no language model set: give ASSISTANT_LLM_URL its address, for instance http://127.0.0.1:8080/v1"
        )
    headers = {"Authorization": f"Bearer {settings.llm_key or 'none'}"}
    try:
        reply = httpx.get(f"{settings.llm_url.rstrip('/')}/models", headers=headers, timeout=SECONDS)
        offered = models_of(reply.text) if reply.is_success else []
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise EngineError(
            f"nobody answers at {settings.llm_url}: {error}. Start the server or mend ASSISTANT_LLM_URL."
        ) from error
    wanted = settings.llm_model
    if wanted and offered and wanted not in offered:
        raise EngineError(
            f"{settings.llm_url} has no model {wanted}: "
            f"set ASSISTANT_LLM_MODEL to one of {', '.join(offered[:8])}."
        )
    started = time.perf_counter()
    messages = [Message("user", "Réponds par un mot : bonjour.")]
    try:
        said = complete(
            ModelClient(settings), messages, max_tokens=8, timeout=min(SECONDS, settings.llm_timeout)
        )
    except ModelFailure as failure:
        raise EngineError(f"{settings.llm_url} answers, but gives no completion ({failure}).") from failure
    seconds = time.perf_counter() - started
    name = wanted or ", ".join(offered[:3]) or "unnamed"
    return f"{name} at {settings.llm_url} wrote {len(said)} characters in {seconds:.1f} s"
