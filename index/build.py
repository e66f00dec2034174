"""From the corpus to an index, whole or not at all.

A build fills collections of its own, then writes ``current.json`` in one rename: whatever moment the
process dies at, readers see the former index or the new one. Vectors are kept as they are made
(``index.vector_cache``), so a build that was cut short resumes and an edit costs only what changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Manual
from corpus.questions import QuestionBank
from index.chunks import Chunk, chunk_manual
from index.embedding import Embedder
from index.entries import QuestionEntry, tie_questions
from index.errors import IndexMissing
from index.folder import IndexFolder
from index.shipped_vectors import ShippedVectors
from index.store import VectorStore
from index.vector_cache import VectorCache

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode

__all__ = ["Manifest", "build_index", "corpus_digest", "read_manifest"]

INSERT_BATCH = 1000  # Chroma refuses a larger insert than about 5,400, and llama-index does not cut it
FORMAT = 1  # raise when what is stored changes shape
_OURS = re.compile(r"b\d{20}-(?:passages|questions)")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made of.

    Attributes:
        build: Name of the build; prefix of its collections.
        corpus: Digest of the chunks and written questions it was made from.
        model: Embedding model.
        chunks: Number of chunks.
        questions: Number of written questions.
        format: Version of the stored shape.
        built_at: UTC, ISO 8601.
    """

    build: str
    corpus: str
    model: str
    chunks: int
    questions: int
    format: int
    built_at: str

    @property
    def passages_collection(self) -> str:
        """Collection of the passages' vectors."""
        return f"{self.build}-passages"

    @property
    def questions_collection(self) -> str:
        """Collection of the written questions' vectors."""
        return f"{self.build}-questions"


def corpus_digest(chunks: Sequence[Chunk], entries: Sequence[QuestionEntry]) -> str:
    """Digest of everything an index depends on, its model aside."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for chunk in chunks:
        digest.update(f"{chunk.id}\0{chunk.embedded_text}\0".encode())
    for entry in entries:
        digest.update(f"{entry.id}\0{entry.text}\0{','.join(entry.chunks)}\0".encode())
    return digest.hexdigest()[:16]


def read_manifest(data_dir: Path) -> Manifest:
    """The manifest of the index in use.

    Raises:
        IndexMissing: There is none, or it is of another format.
    """
    try:
        manifest = Manifest(**json.loads(IndexFolder(data_dir).manifest.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise IndexMissing(f"No index in {data_dir}: run 'assistant build'.") from error
    if manifest.format != FORMAT:
        raise IndexMissing(f"The index in {data_dir} is of an older format: run 'assistant build'.")
    return manifest


def _nodes(manual: Manual, chunks: Sequence[Chunk]) -> list[TextNode]:
    """Chunks as llama-index nodes, tied to their fiche and to their neighbours in reading order."""
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    nodes: list[TextNode] = []
    for place, chunk in enumerate(chunks):
        fiche = manual.get(chunk.fiche)
        assert fiche is not None
        node = TextNode(
            id_=chunk.id,
            text=chunk.embedded_text,
            metadata={
                "fiche": chunk.fiche,
                "type": chunk.type,
                "section": chunk.anchor,
                "role": chunk.role,
                "place": place,
                "references": ",".join(chunk.references),
                "cited_by": ",".join(fiche.cited_by),
                "keywords": ",".join(k.term for k in fiche.keywords),
            },
        )
        node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=chunk.fiche)
        if nodes and chunks[place - 1].fiche == chunk.fiche:
            node.relationships[NodeRelationship.PREVIOUS] = RelatedNodeInfo(node_id=nodes[-1].node_id)
            nodes[-1].relationships[NodeRelationship.NEXT] = RelatedNodeInfo(node_id=node.node_id)
        nodes.append(node)
    return nodes


def _question_nodes(entries: Sequence[QuestionEntry]) -> list[TextNode]:
    from llama_index.core.schema import TextNode

    return [
        TextNode(
            id_=e.id, text=e.text, metadata={"fiche": e.fiche, "kind": e.kind, "chunks": ",".join(e.chunks)}
        )
        for e in entries
    ]


def _ingest(
    store: VectorStore, collection: str, nodes: list[TextNode], embed: Callable[[list[str]], np.ndarray]
) -> None:
    """Run nodes through a llama-index pipeline into a collection."""
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.schema import BaseNode, TransformComponent
    from llama_index.vector_stores.chroma import ChromaVectorStore

    class Embed(TransformComponent):
        """Gives each node its vector, made or remembered by the vector cache."""

        def __call__(self, nodes: Sequence[BaseNode], **kwargs: object) -> list[BaseNode]:
            vectors = embed([node.get_content() for node in nodes])
            for node, vector in zip(nodes, vectors, strict=True):
                node.embedding = vector.tolist()
            return list(nodes)

    pipeline = IngestionPipeline(
        transformations=[Embed()],
        vector_store=ChromaVectorStore(chroma_collection=store.create(collection)),
        disable_cache=True,  # the vector cache remembers by text, across renames too
    )
    for start in range(0, len(nodes), INSERT_BATCH):
        pipeline.run(nodes=nodes[start : start + INSERT_BATCH])


def build_index(
    manual: Manual,
    bank: QuestionBank,
    embedder: Embedder,
    data_dir: Path,
    *,
    chroma_url: str = "",
    force: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Manifest:
    """Build the index of a manual, unless the one in use already fits.

    Args:
        manual: The corpus.
        bank: The written questions.
        embedder: The embedding model.
        data_dir: The data folder; the index lives in its folder ``index``.
        chroma_url: A Chroma server; empty for the embedded store.
        force: Build even if nothing changed, every vector made anew.
        progress: Called as (stage, done, total): texts embedded so far.

    Returns:
        The manifest of the index now in use.
    """
    chunks = chunk_manual(manual)
    entries = tie_questions(bank, chunks)
    digest = corpus_digest(chunks, entries)
    store = VectorStore(IndexFolder(data_dir).chroma, chroma_url)
    former = _usable_manifest(data_dir, store)
    if former and not force and former.corpus == digest and former.model == embedder.name:
        return former

    manifest = _fresh_manifest(digest, embedder.name, len(chunks), len(entries))
    advance = _counter(progress, len(chunks) + len(entries))
    with closing(_vector_cache(data_dir, embedder, force=force)) as cache:
        passages, questions = _nodes(manual, chunks), _question_nodes(entries)
        _ingest(store, manifest.passages_collection, passages, lambda texts: cache.embed("passage", texts, advance))
        _ingest(store, manifest.questions_collection, questions, lambda texts: cache.embed("query", texts, advance))
    _switch(data_dir, manifest)
    _drop_former(store, former, manifest)
    return manifest


def _fresh_manifest(digest: str, model: str, chunks: int, questions: int) -> Manifest:
    now = datetime.now(UTC)
    return Manifest(
        build=f"b{now:%Y%m%d%H%M%S%f}",
        corpus=digest,
        model=model,
        chunks=chunks,
        questions=questions,
        format=FORMAT,
        built_at=now.isoformat(timespec="seconds"),
    )


def _vector_cache(data_dir: Path, embedder: Embedder, *, force: bool) -> VectorCache:
    """The cache of the data folder, begun anew and without shipped vectors where the build is forced."""
    path = IndexFolder(data_dir).vectors
    if force:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return VectorCache(path, embedder, None if force else ShippedVectors())


def _counter(progress: Progress, total: int) -> Callable[[int], None]:
    """What tells ``progress`` of so many texts more."""
    done = 0

    def advance(n: int) -> None:
        nonlocal done
        done += n
        progress("embedding", done, total)

    return advance


def _usable_manifest(data_dir: Path, store: VectorStore) -> Manifest | None:
    try:
        manifest = read_manifest(data_dir)
    except IndexMissing:
        return None
    names = set(store.names())
    whole = {manifest.passages_collection, manifest.questions_collection} <= names
    return manifest if whole else None


def _switch(data_dir: Path, manifest: Manifest) -> None:
    path = IndexFolder(data_dir).manifest
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _drop_former(store: VectorStore, former: Manifest | None, current: Manifest) -> None:
    """Drop builds that were cut short and older ones; the former stays for processes that still read it."""
    keep = {current.passages_collection, current.questions_collection}
    if former:
        keep |= {former.passages_collection, former.questions_collection}
    # Names of our own form only: a server may hold collections of other programs.
    store.drop([name for name in store.names() if _OURS.fullmatch(name) and name not in keep])
