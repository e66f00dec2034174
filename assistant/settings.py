"""Every setting, read once from the environment, in one place.

A setting that is unknown or wrong is an error that names it: a typo in ``ASSISTANT_CHROMA_ULR`` must not
silently run the embedded store.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError

__all__ = ["PREFIX", "Settings"]

PREFIX = "ASSISTANT_"


def _setting(default: Any, doc: str, **checks: Any) -> Any:
    return field(default=default, metadata={"doc": doc, **checks})


@dataclass(frozen=True, slots=True)
class Settings:
    """The product's settings; each is ``ASSISTANT_`` + its name in capitals in the environment."""

    engine: str = _setting("extractive", "Answer engine.", choices=("extractive", "llm"))
    llm_url: str = _setting("", "Address of an OpenAI-compatible server, for instance http://127.0.0.1:8080/v1.")
    llm_model: str = _setting("", "Name of the model the server is asked for.")
    llm_file: str = _setting(
        "", "A GGUF file: the model runs in this process. Used when no address is given; needs the extra local-llm."
    )
    llm_key: str = _setting("", "Key the server wants; empty when it wants none.")
    llm_timeout: float = _setting(30.0, "Seconds a language model may take before the default engine answers.")
    embedding_model: str = _setting(
        "", "sentence-transformers model, by name or folder; empty for the built-in multilingual-e5-small."
    )
    chroma_url: str = _setting("", "Address of a Chroma server; empty for the embedded store.")
    data_dir: Path = _setting(Path("data"), "Folder of everything that is built or kept: index, feedback.")
    corpus_dir: str = _setting("", "Folder of the fiches; empty for the manual that comes with the product.")
    auth_file: str = _setting("", "File of users allowed in, a line each, name:password-hash; empty: open.")
    rate_limit: int = _setting(60, "Requests a minute one address may make of the HTTP API; 0: no limit.")
    widget_origins: str = _setting("", "Origins of the sites that may frame the widget, parted by commas.")
    feedback: bool = _setting(True, "Whether thumbs and their reasons are kept in the data folder.")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Args:
            env: The environment; None for the process's own.

        Raises:
            SettingsError: One is unknown, or its value is not allowed.
        """
        env = os.environ if env is None else env
        by_name = {PREFIX + f.name.upper(): f for f in fields(cls)}
        given = {k: v for k, v in env.items() if k.startswith(PREFIX)}
        unknown = sorted(set(given) - set(by_name))
        if unknown:
            raise SettingsError(
                f"Unknown setting {', '.join(unknown)}. Known ones: {', '.join(sorted(by_name))}."
            )
        settings = cls(**{by_name[k].name: _read(k, v, by_name[k]) for k, v in given.items() if v != ""})
        if settings.engine == "llm" and not (settings.llm_url or settings.llm_file):
            raise SettingsError(
                "ASSISTANT_ENGINE=llm needs ASSISTANT_LLM_URL, the address of a model's server, "
                "or ASSISTANT_LLM_FILE, a GGUF file."
            )
        return settings

    @property
    def questions_leave(self) -> bool:
        """Whether questions are sent to a language model elsewhere; one from a file runs on this machine."""
        return self.engine == "llm" and bool(self.llm_url)


def _read(name: str, text: str, spec: Any) -> Any:
    choices = spec.metadata.get("choices")
    if choices and text not in choices:
        raise SettingsError(f"{name}={text}: not one of {', '.join(choices)}.")
    kind = type(spec.default)
    if kind is bool:
        if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise SettingsError(f"{name}={text}: give 1 or 0.")
        return text.lower() in ("1", "true", "yes")
    if kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            raise SettingsError(f"{name}={text}: not a number.") from None
        if value < 0:
            raise SettingsError(f"{name}={text}: must not be negative.")
        return value
    return Path(text) if isinstance(spec.default, Path) else text
