"""Haystack: the hybrid pipeline of its documentation, in memory: BM25 and embeddings, joined by reciprocal rank.

As it comes: ``DocumentSplitter()`` (200 words, no overlap), both retrievers with their ten.
Set well: ``RecursiveDocumentSplitter`` along paragraphs and lines, in words that fit the model (80 of French for an
English tokenizer, 140 for a multilingual one), overlap a fifth; the same retrievers.
Its documentation ends the pipeline in a cross-encoder; no multilingual one can be had without a model hub, so none
is measured here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bench.quality.protocol import ModelPipeline

__all__ = ["Haystack"]

WORDS = {"MiniLM, English": 80, "e5-small, multilingual": 140}


class Haystack(ModelPipeline):
    """See the module."""

    name = "Haystack, hybrid"
    as_it_comes = "defaults: 200 words, RRF"

    def _set_well(self) -> str:
        return f"{WORDS[self.model.name]} words by paragraph, RRF"

    def _split(self, text: str):
        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter, RecursiveDocumentSplitter

        words = WORDS[self.model.name]
        splitter = (
            RecursiveDocumentSplitter(
                split_length=words, split_overlap=words // 5, split_unit="word", separators=["\n\n", "\n", " "]
            )
            if self.fitted
            else DocumentSplitter()
        )
        splitter.warm_up()
        return splitter.run(documents=[Document(content=text)])["documents"]

    def index(self, text: str) -> Sequence[str]:
        """See ``Pipeline.index``."""
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        documents = [d for d in self._split(text) if d.content]
        vectors = self.model.passages([d.content for d in documents])
        documents = [
            replace(d, embedding=list(map(float, v))) for d, v in zip(documents, vectors, strict=True)
        ]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(documents)
        self._pipeline = Pipeline()
        self._pipeline.add_component("words", InMemoryBM25Retriever(store))
        self._pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store))
        self._pipeline.add_component("join", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self._pipeline.connect("words", "join")
        self._pipeline.connect("meaning", "join")
        self._row = {d.id: row for row, d in enumerate(documents)}
        return [d.content or "" for d in documents]

    def search(self, query: str) -> Sequence[int]:
        """See ``Pipeline.search``."""
        vector = list(map(float, self.model.queries([query])[0]))
        found = self._pipeline.run({"words": {"query": query}, "meaning": {"query_embedding": vector}})
        return [self._row[d.id] for d in found["join"]["documents"]]
