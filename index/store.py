"""Where vectors are kept: Chroma, embedded in the data folder or on a server.

One door for both, so that nothing else knows which. Collections carry the build's name: a new build fills
new ones beside those in use, and is switched to only when it is whole.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

__all__ = ["SearchableCollection", "VectorStore"]

_log = logging.getLogger(__name__)
_SEGMENT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class VectorStore:
    """Named collections of unit vectors.

    Args:
        folder: Folder of the embedded database; used when ``url`` is empty.
        url: Address of a Chroma server, for instance ``http://chroma:8000``.
    """

    def __init__(self, folder: Path, url: str = "") -> None:
        import chromadb

        self._folder = None if url else folder
        settings = chromadb.Settings(anonymized_telemetry=False)
        self.client: ClientAPI
        if url:
            parts = urlsplit(url)
            self.client = chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if parts.scheme == "https" else 80),
                ssl=parts.scheme == "https",
                settings=settings,
            )
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self.client = chromadb.PersistentClient(str(folder), settings=settings)

    def create(self, name: str) -> Collection:
        """An empty collection of this name, a former one dropped."""
        if name in self.names():
            self.client.delete_collection(name)
        # Inner product of unit vectors is their cosine. ef_search above the number of hits asked for:
        # below it, the graph search returns fewer hits than asked, without a word.
        return self.client.create_collection(
            name, configuration={"hnsw": {"space": "ip", "ef_search": 400, "ef_construction": 200}}
        )

    def open(self, name: str) -> SearchableCollection:
        """The collection of this name.

        Raises:
            chromadb.errors.NotFoundError: There is none.
        """
        return SearchableCollection(self.client.get_collection(name))

    def names(self) -> list[str]:
        """Names of all collections."""
        return [c.name for c in self.client.list_collections()]

    def drop(self, names: Sequence[str]) -> None:
        """Drop collections; unknown names are passed over."""
        present = set(self.names())
        for name in names:
            if name in present:
                self.client.delete_collection(name)
        if self._folder is not None:
            _sweep(self._folder)


def _sweep(folder: Path) -> None:
    """Remove the folders of graphs that no collection owns any more.

    Chroma forgets a dropped collection and leaves its graph on the disk (chroma-core/chroma#5259): some twenty
    megabytes for every build. Folders are named by segment, not by collection; when its own tables do not tell
    which are in use, nothing is removed.
    """
    database = folder / "chroma.sqlite3"
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            used = {str(row[0]) for row in opened.execute("SELECT id FROM segments")}
    except sqlite3.Error as error:
        _log.warning("Graphs of dropped collections stay in %s: %s", folder, error)
        return
    for path in folder.iterdir():
        if path.is_dir() and _SEGMENT.fullmatch(path.name) and path.name not in used:
            shutil.rmtree(path, ignore_errors=True)


class SearchableCollection:
    """One collection, as the retriever sees it."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.size = collection.count()

    def search(self, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        """Nearest ids and their cosines, best first.

        Args:
            vector: float32, shape (dimensions,), L2-normalised.
            limit: How many.
        """
        if not self.size:
            return []
        found: Any = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=min(limit, self.size), include=["distances"]
        )
        return [
            (id_, 1.0 - distance)
            for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]
