"""Tables that a measurement writes into a page of ``docs/``: between two marks, so that the words around stay."""

from __future__ import annotations

from pathlib import Path

__all__ = ["replace_between"]


def replace_between(path: Path, name: str, text: str) -> None:
    """Replace what stands between ``<!-- name:begin -->`` and ``<!-- name:end -->``.

    Raises:
        ValueError: The page lacks the marks.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    page = path.read_text(encoding="utf-8")
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"{path}: needs exactly one {begin} and one {end}")
    head, _, rest = page.partition(begin)
    path.write_text(f"{head}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")
