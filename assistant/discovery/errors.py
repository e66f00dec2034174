"""What can be wrong with the reviewed data of this package."""

from __future__ import annotations

from assistant.errors import AssistantError

__all__ = ["DiscoveryError"]


class DiscoveryError(AssistantError):
    """A data file is malformed, or says what the manual does not."""
