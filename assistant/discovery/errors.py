"""What can be wrong with the reviewed data of this package."""

from __future__ import annotations

__all__ = ["DiscoveryError"]


class DiscoveryError(Exception):
    """A data file is malformed, or says what the manual does not."""
