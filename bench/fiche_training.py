"""Trains ``index.fiche_model`` on the written questions and the passages (needs the extra ``models``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from index.fiche_model import SCALE, FicheModel, tokens

EPOCHS = 60
RATE_DENSE, RATE_SPARSE = 0.2, 0.05
L2_DENSE, L2_SPARSE = 1e-4, 3e-5
SMOOTHING = 0.05
LEAST_DOCUMENTS = 2


def empty_model(texts: Sequence[str], query_vectors: np.ndarray, fiches: Sequence[str], embedder: str) -> FicheModel:
    """A model with its vocabulary and no weights yet."""
    frequency: Counter[str] = Counter()
    for text in texts:
        frequency.update(set(tokens(text)))
    kept = sorted(t for t, n in frequency.items() if n >= LEAST_DOCUMENTS)
    return FicheModel(
        embedder=embedder,
        fiches=tuple(fiches),
        vocabulary={t: i for i, t in enumerate(kept)},
        idf=np.array([np.log(len(texts) / frequency[t]) for t in kept], dtype=np.float32),
        mean=query_vectors.mean(axis=0),
        dense=np.zeros((query_vectors.shape[1], len(fiches)), dtype=np.float32),
        sparse=np.zeros((len(kept), len(fiches)), dtype=np.float32),
        bias=np.zeros(len(fiches), dtype=np.float32),
    )


def train(model: FicheModel, texts: Sequence[str], vectors: np.ndarray, labels: np.ndarray) -> FicheModel:
    """Fit the weights: full-batch Adam on the smoothed cross-entropy, deterministic.

    Args:
        model: Gives vocabulary and mean; its weights are not used.
        texts: Training texts.
        vectors: Their vectors, shape (len(texts), dimensions).
        labels: Row of each text's fiche among ``model.fiches``.
    """
    import torch

    torch.manual_seed(0)
    inputs = [model.inputs(t) for t in texts]
    pointers = np.concatenate([[0], np.cumsum([len(r) for r, _ in inputs])])
    sparse_x = torch.sparse_csr_tensor(
        torch.from_numpy(pointers.astype(np.int64)),
        torch.from_numpy(np.concatenate([r for r, _ in inputs])),
        torch.from_numpy(np.concatenate([v for _, v in inputs])),
        size=(len(texts), len(model.vocabulary)),
    )
    dense_x = torch.from_numpy(model.centred(vectors).astype(np.float32))
    target = torch.from_numpy(labels)
    dense = torch.zeros(model.dense.shape, requires_grad=True)
    sparse = torch.zeros(model.sparse.shape, requires_grad=True)
    bias = torch.zeros(model.bias.shape, requires_grad=True)
    optimiser = torch.optim.Adam([{"params": [dense], "lr": RATE_DENSE}, {"params": [sparse, bias], "lr": RATE_SPARSE}])
    for _ in range(EPOCHS):
        scores = SCALE * (dense_x @ dense + torch.sparse.mm(sparse_x, sparse)) + bias
        loss = torch.nn.functional.cross_entropy(scores, target, label_smoothing=SMOOTHING)
        loss = loss + L2_DENSE * (dense**2).sum() + L2_SPARSE * (sparse**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return FicheModel(
        model.embedder, model.fiches, model.vocabulary, model.idf, model.mean,
        dense.detach().numpy(), sparse.detach().numpy(), bias.detach().numpy(),
    )  # fmt: skip
