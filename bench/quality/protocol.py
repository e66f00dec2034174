"""What the pipelines compared have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

__all__ = ["EmbeddingModel", "ModelPipeline", "Pipeline"]


class EmbeddingModel(Protocol):
    """An embedding model that says how much of a text it reads.

    Attributes:
        name: As shown in the table.
        spared: Processor seconds of passages whose vectors were remembered, since the last ``reset``.
    """

    name: str
    spared: float

    def reset(self) -> None:
        """Count what is spared from zero."""

    def queries(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Unit vectors of questions."""

    def passages(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Unit vectors of passages."""

    def kept(self, text: str) -> int:
        """How many of a passage's characters its vector is made of: fewer than all where the model cuts."""

    def tokens(self, text: str) -> int:
        """How many tokens a passage has for this model, nothing cut."""


class Pipeline(Protocol):
    """A way to search a text: one entry of the comparison.

    Attributes:
        name: The library.
        setting: How it is set, as shown in the table.
        model: Its embedding model; None for search by words only.
    """

    name: str
    setting: str
    model: EmbeddingModel | None

    def index(self, text: str) -> Sequence[str]:
        """Cut and index the manual.

        Returns:
            The chunks as embedded or counted, in reading order.
        """

    def search(self, query: str) -> Sequence[int]:
        """Rows of the chunks that it would hand on, best first."""


class ModelPipeline:
    """A library's way to search with an embedding model, as it comes or set well.

    Args:
        model: The embedding model.
        fitted: Set well; False for as it comes.
    """

    as_it_comes = ""

    def __init__(self, model: EmbeddingModel, *, fitted: bool) -> None:
        self.model = model
        self.fitted = fitted
        self.setting = self._set_well() if fitted else self.as_it_comes

    def _set_well(self) -> str:
        """How it is set when set well, as shown in the table."""
        raise NotImplementedError
