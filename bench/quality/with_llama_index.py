"""llama-index: a document, its splitter, a ``VectorStoreIndex``, a retriever.

As it comes: ``SentenceSplitter()`` (1,024 tokens of its own tokenizer, overlap 200), two chunks handed on.
Set well: chunks of 200 tokens by the model's own count, overlap 40, so that nothing is cut; eight handed on.
Its default model is OpenAI's, which needs a key and a network: it gets the same two models as the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.quality.protocol import EmbeddingModel, ModelPipeline

__all__ = ["LlamaIndex"]

FITTED, OVERLAP, FITTED_TOP_K = 200, 40, 8


class LlamaIndex(ModelPipeline):
    """See the module."""

    name = "llama-index"
    as_it_comes = "defaults: 1,024 tokens, top 2"

    def _set_well(self) -> str:
        return "200 tokens, top 8"

    def index(self, text: str) -> Sequence[str]:
        """See ``Pipeline.index``."""
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        model = self.model
        splitter = (
            SentenceSplitter(
                chunk_size=FITTED, chunk_overlap=OVERLAP, tokenizer=lambda s: list(range(model.tokens(s)))
            )
            if self.fitted
            else SentenceSplitter()
        )
        nodes = splitter.get_nodes_from_documents([Document(text=text)])
        index = VectorStoreIndex(nodes, embed_model=_embedding(model))
        self._retriever = index.as_retriever(similarity_top_k=FITTED_TOP_K) if self.fitted else index.as_retriever()
        self._row = {node.node_id: row for row, node in enumerate(nodes)}
        return [node.get_content() for node in nodes]

    def search(self, query: str) -> Sequence[int]:
        """See ``Pipeline.search``."""
        return [self._row[hit.node.node_id] for hit in self._retriever.retrieve(query)]


def _embedding(model: EmbeddingModel):
    """The model in llama-index's shape."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Embedding(BaseEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            return list(map(float, model.queries([query])[0]))

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, v)) for v in model.passages(texts)]

    return Embedding(model_name=model.name)
