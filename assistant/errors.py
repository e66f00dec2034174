"""What can go wrong for a user of the assistant, as one tree; each message says what to do."""

from __future__ import annotations

__all__ = ["AssistantError", "EngineError", "InvalidInput", "SettingsError"]


class AssistantError(Exception):
    """Base: its message is one or two lines for the person who asked."""


class SettingsError(AssistantError):
    """A setting is unknown or wrong."""


class InvalidInput(AssistantError):
    """What was given is not what the command or route takes."""


class EngineError(AssistantError):
    """An answer engine cannot answer."""
