"""The source's lines, as received and as mended."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus.errors import LayoutError, MissingCorpusError
from corpus.importer.layout import SOURCE, SOURCE_SHA256, SourceMend

__all__ = ["apply_mends", "read_source"]


def read_source(path: Path = SOURCE) -> list[str]:
    """Lines of the manual as received; index 0 is empty so that line numbers count from 1.

    Raises:
        MissingCorpusError: The file is not there.
        LayoutError: It is not the file that the tables were written for.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingCorpusError(f"source du manuel introuvable : {path}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != SOURCE_SHA256:
        raise LayoutError(
            f"{path.name} a changé (sha256 {digest}, attendu {SOURCE_SHA256}) : les tables ne valent plus"
        )
    return ["", *data.decode("utf-8").removesuffix("\n").split("\n")]


def apply_mends(lines: list[str], mends: tuple[SourceMend, ...]) -> list[str]:
    """A mended copy of the lines.

    Raises:
        LayoutError: A mend does not stand exactly once on its line.
    """
    out = list(lines)
    for mend in mends:
        if out[mend.line].count(mend.before) != 1:
            raise LayoutError(f"correction introuvable ligne {mend.line} : « {mend.before} »")
        out[mend.line] = out[mend.line].replace(mend.before, mend.after)
    return out
