"""Trains ``index.models`` on the written questions and the passages (needs the extra ``models``, for torch)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from index.inputs import SCALE, InputReader
from index.models import FicheModel, LearnedModels, PassageModel, ScopeModel

FICHE_EPOCHS = 60
PASSAGE_EPOCHS = 40
SCOPE_EPOCHS = 150
WIDTH = 96
SMOOTHING = 0.05


@dataclass(frozen=True)
class Samples:
    """Texts whose passages are known.

    Attributes:
        texts: Questions, and the passages themselves.
        vectors: Their embeddings, shape (texts, dimensions).
        gold: bool, shape (texts, chunks): the passages that answer; none in a row that only knows its fiche.
        fiches: bool, shape (texts, fiches).
        is_passage: bool, shape (texts,): the text is a passage, not a question.
    """

    texts: Sequence[str]
    vectors: np.ndarray
    gold: np.ndarray
    fiches: np.ndarray
    is_passage: np.ndarray

    def of(self, kept: np.ndarray) -> Samples:
        """Some of the samples."""
        rows = np.flatnonzero(kept).tolist()
        return Samples(
            [self.texts[r] for r in rows], self.vectors[rows], self.gold[rows], self.fiches[rows], self.is_passage[rows]
        )


def _sparse(inputs: InputReader, texts: Sequence[str]) -> torch.Tensor:
    read = [inputs.sparse(t) for t in texts]
    pointers = np.concatenate([[0], np.cumsum([len(r) for r, _ in read])]).astype(np.int64)
    return torch.sparse_csr_tensor(
        torch.from_numpy(pointers),
        torch.from_numpy(np.concatenate([r for r, _ in read])),
        torch.from_numpy(np.concatenate([v for _, v in read])),
        size=(len(texts), len(inputs.vocabulary)),
    )


def _dense(inputs: InputReader, samples: Samples) -> torch.Tensor:
    """Centred vectors; passages are centred on their own mean, for they lie elsewhere than questions."""
    out = inputs.dense(samples.vectors)
    if samples.is_passage.any():
        own = samples.vectors[samples.is_passage]
        own = own - own.mean(axis=0)
        out[samples.is_passage] = own / np.linalg.norm(own, axis=1, keepdims=True)
    return torch.from_numpy(out.astype(np.float32))


def _targets(gold: np.ndarray) -> torch.Tensor:
    return torch.from_numpy((gold / np.maximum(gold.sum(axis=1, keepdims=True), 1)).astype(np.float32))


def train_fiche(inputs: InputReader, samples: Samples, fiche_ids: Sequence[str]) -> FicheModel:
    """Fit the fiche model: full-batch Adam on the smoothed cross-entropy, deterministic."""
    torch.manual_seed(0)
    sparse_x, dense_x = _sparse(inputs, samples.texts), _dense(inputs, samples)
    target = _targets(samples.fiches)
    dense = torch.zeros(dense_x.shape[1], len(fiche_ids), requires_grad=True)
    sparse = torch.zeros(len(inputs.vocabulary), len(fiche_ids), requires_grad=True)
    bias = torch.zeros(len(fiche_ids), requires_grad=True)
    optimiser = torch.optim.Adam([{"params": [dense], "lr": 0.2}, {"params": [sparse, bias], "lr": 0.05}])
    for _ in range(FICHE_EPOCHS):
        scores = SCALE * (dense_x @ dense + torch.sparse.mm(sparse_x, sparse)) + bias
        loss = torch.nn.functional.cross_entropy(scores, target, label_smoothing=SMOOTHING)
        loss = loss + 1e-4 * (dense**2).sum() + 3e-5 * (sparse**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return FicheModel(tuple(fiche_ids), *(t.detach().numpy() for t in (dense, sparse, bias)))


def _by_fiche(gold: np.ndarray, fiche_of: np.ndarray) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """For each fiche: rows of the samples it answers, its chunks, and the share of each that is right.

    The softmax is taken within a fiche, so only that block of the full score matrix is ever needed.
    """
    out = []
    for fiche in range(int(fiche_of.max()) + 1):
        columns = np.flatnonzero(fiche_of == fiche)
        rows = np.flatnonzero(gold[:, columns].any(axis=1))
        if len(rows):
            block = gold[np.ix_(rows, columns)]
            out.append((torch.from_numpy(rows), torch.from_numpy(columns), _targets(block)))
    return out


def train_passage(
    inputs: InputReader, samples: Samples, chunk_keys: Sequence[str], fiche_of: np.ndarray, passages: np.ndarray
) -> PassageModel:
    """Fit the passage model within the fiches that answer, so that it learns nothing of which fiche.

    Args:
        inputs: How texts are read.
        samples: What to learn from; rows without gold passages are left out.
        chunk_keys: Keys of all chunks.
        fiche_of: Row of each chunk's fiche.
        passages: Embeddings of all chunks: the dense part starts as likeness to them.
    """
    torch.manual_seed(0)
    samples = samples.of(np.asarray(samples.gold.any(axis=1)))
    sparse_x, dense_x = _sparse(inputs, samples.texts), _dense(inputs, samples)
    groups = _by_fiche(samples.gold, fiche_of)
    own = passages - passages.mean(axis=0)
    prior = torch.from_numpy((own / np.linalg.norm(own, axis=1, keepdims=True)).T.astype(np.float32).copy())
    turn = torch.eye(len(prior)).clone().requires_grad_(True)
    free = torch.zeros(len(prior), len(chunk_keys), requires_grad=True)
    narrow = (torch.randn(len(inputs.vocabulary), WIDTH) * 0.05).requires_grad_(True)
    wide = (torch.randn(WIDTH, len(chunk_keys)) * 0.05).requires_grad_(True)
    gain = torch.tensor(8.0, requires_grad=True)
    optimiser = torch.optim.Adam(
        [
            {"params": [turn], "lr": 0.003},
            {"params": [free, gain], "lr": 0.05},
            {"params": [narrow, wide], "lr": 0.02},
        ]
    )
    for _ in range(PASSAGE_EPOCHS):
        turned, squeezed = gain * (dense_x @ turn), SCALE * torch.sparse.mm(sparse_x, narrow)
        loss = torch.zeros(())
        for rows, columns, target in groups:
            scores = turned[rows] @ prior[:, columns] + SCALE * dense_x[rows] @ free[:, columns]
            scores = scores + squeezed[rows] @ wide[:, columns]
            loss = loss - (target * torch.log_softmax(scores, dim=1)).sum() / len(samples.texts)
        loss = loss + 1e-4 * ((turn - torch.eye(len(prior))) ** 2).sum() + 3e-5 * (free**2).sum()
        loss = loss + 1e-4 * ((narrow**2).sum() + (wide**2).sum())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        dense = (gain * (turn @ prior) + SCALE * free).numpy()
    return PassageModel(tuple(chunk_keys), dense, narrow.detach().numpy(), wide.detach().numpy())


def train_scope(inputs: InputReader, texts: Sequence[str], vectors: np.ndarray, answered: np.ndarray) -> ScopeModel:
    """Fit the scope model: logistic regression, both classes weighing alike.

    Args:
        inputs: How texts are read.
        texts: Questions.
        vectors: Their embeddings.
        answered: bool, shape (texts,): the manual answers it.
    """
    torch.manual_seed(0)
    sparse_x = _sparse(inputs, texts)
    dense_x = torch.from_numpy(inputs.dense(vectors).astype(np.float32))
    target = torch.from_numpy(answered.astype(np.float32))
    weight = torch.from_numpy(np.where(answered, 0.5 / answered.sum(), 0.5 / (~answered).sum()).astype(np.float32))
    dense = torch.zeros(dense_x.shape[1], requires_grad=True)
    sparse = torch.zeros(len(inputs.vocabulary), requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([dense, sparse, bias], lr=0.05)
    for _ in range(SCOPE_EPOCHS):
        scores = SCALE * (dense_x @ dense + torch.mv(sparse_x, sparse)) + bias
        loss = (torch.nn.functional.binary_cross_entropy_with_logits(scores, target, reduction="none") * weight).sum()
        loss = loss + 3e-4 * (dense**2).sum() + 3e-4 * (sparse**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return ScopeModel(*(t.detach().numpy() for t in (dense, sparse, bias)))


def train_models(
    embedder: str,
    inputs: InputReader,
    samples: Samples,
    fiche_ids: Sequence[str],
    chunk_keys: Sequence[str],
    fiche_of: np.ndarray,
    passages: np.ndarray,
    scope: ScopeModel,
) -> LearnedModels:
    """Fit the models of fiche and passage, and put them together with that of scope."""
    return LearnedModels(
        embedder,
        inputs,
        train_fiche(inputs, samples, fiche_ids),
        train_passage(inputs, samples, chunk_keys, fiche_of, passages),
        scope,
    )
