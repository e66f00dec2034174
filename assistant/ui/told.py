"""Where a project and an experience part, in the catalogue's words."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from assistant.discovery.experiences import Experience, differences, likenesses
from assistant.ui.catalogue import Texts

__all__ = ["told_differences", "told_likenesses"]


def told_likenesses(description: str, experience: Experience, texts: Texts) -> tuple[str, ...]:
    """What a project, or a question, names and an experience is: a kind of structure, a sector, a setting."""
    return tuple(texts(f"{kind}.{value}") for kind, value in likenesses(description, experience))


def told_differences(
    description: str, experience: Experience, alike: Iterable[str], texts: Texts,
    kinds: Collection[str] = ("structure", "sector", "milieu"),
) -> tuple[str, ...]:  # fmt: skip
    """What differs, a line each.

    Args:
        description: The project, or the question, as typed.
        experience: What it is compared with.
        alike: What is said beside to be alike: never told as a difference.
        texts: The pages' catalogue.
        kinds: In what they are compared.
    """

    def named(kind: str, values: Iterable[str]) -> str:
        return texts("told.list_sep").join(texts(f"{kind}.{value}") for value in values)

    return tuple(
        texts("told.differs", asked=named(d.kind, d.asked), here=named(d.kind, d.here))
        for d in differences(description, experience, alike)
        if d.kind in kinds
    )
