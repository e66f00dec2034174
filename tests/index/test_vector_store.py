"""The embedded vector store on the disk."""

from __future__ import annotations

import uuid

import numpy as np
import pytest

from index.store import VectorStore

ROWS = 1200  # Chroma writes a graph to the disk from a thousand rows on


def _filled(store, name):
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(ROWS, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store.create(name).add(ids=[str(i) for i in range(ROWS)], embeddings=vectors.astype(np.float32))
    return vectors


def _graphs(folder):
    return {p.name for p in folder.iterdir() if p.is_dir()}


def test_a_dropped_collection_leaves_nothing_behind(tmp_path):
    store = VectorStore(tmp_path)
    vectors = _filled(store, "kept-passages")
    kept = _graphs(tmp_path)
    _filled(store, "former-passages")
    assert len(_graphs(tmp_path)) == len(kept) + 1
    (tmp_path / "notes").mkdir()  # whatever else lies there is not ours to remove
    store.drop(["former-passages", "unknown"])
    assert _graphs(tmp_path) == {*kept, "notes"}
    assert store.open("kept-passages").search(vectors[7].astype(np.float32), 1)[0][0] == "7"


def test_nothing_is_removed_when_the_tables_cannot_be_read(tmp_path, monkeypatch):
    store = VectorStore(tmp_path)
    _filled(store, "one-passages")
    stray = tmp_path / str(uuid.uuid4())
    stray.mkdir()
    # A version of Chroma whose tables are others.
    monkeypatch.setattr("index.store.sqlite3.connect", _refuse)
    store.drop(["one-passages"])
    assert stray.exists()


def _refuse(*_args, **_kwargs):
    import sqlite3

    raise sqlite3.OperationalError("no such table: segments")


@pytest.mark.parametrize("rows", [1, 5])
def test_a_search_returns_no_more_than_there_is(tmp_path, rows):
    store = VectorStore(tmp_path)
    store.create("few-passages").add(
        ids=[str(i) for i in range(rows)], embeddings=np.eye(8, dtype=np.float32)[:rows]
    )
    assert len(store.open("few-passages").search(np.ones(8, dtype=np.float32), 50)) == rows
