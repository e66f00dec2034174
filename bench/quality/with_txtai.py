"""txtai: ``Embeddings`` with ``hybrid=True``: vectors and BM25, its own mix of both.

As it comes: one entry a paragraph (``Segmentation(paragraphs=True)``), three handed on.
Set well: its recursive chunker, in characters that fit the model; eight handed on.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.quality.protocol import ModelPipeline

__all__ = ["Txtai"]

CHARACTERS = {"MiniLM, English": 500, "e5-small, multilingual": 900}
TOP_K, FITTED_TOP_K = 3, 8
PREFIXES = {"query": "query: ", "data": "passage: "}


class Txtai(ModelPipeline):
    """See the module."""

    name = "txtai, hybrid"
    as_it_comes = "defaults: paragraphs, top 3"

    def _set_well(self) -> str:
        return f"{CHARACTERS[self.model.name]} characters, top 8"

    def index(self, text: str) -> Sequence[str]:
        """See ``Pipeline.index``."""
        from txtai import Embeddings
        from txtai.pipeline import Segmentation

        model = self.model
        segment = (
            Segmentation(chunker="recursive", tokenizer="character", chunk_size=CHARACTERS[model.name])
            if self.fitted
            else Segmentation(paragraphs=True)
        )
        chunks = [c for c in segment(text) if c and c.strip()]

        def transform(texts: list[str]):
            # txtai tells questions from passages by prefix only; the models here add their own.
            query, passage = PREFIXES.values()
            if texts[0].startswith(query):
                return model.queries([t.removeprefix(query) for t in texts])
            return model.passages([t.removeprefix(passage) for t in texts])

        self._embeddings = Embeddings(method="external", transform=transform, instructions=PREFIXES, hybrid=True)
        self._embeddings.index(list(enumerate(chunks)))
        return chunks

    def search(self, query: str) -> Sequence[int]:
        """See ``Pipeline.search``."""
        limit = FITTED_TOP_K if self.fitted else TOP_K
        return [int(row) for row, _ in self._embeddings.search(query, limit=limit)]
