"""Fine-tunes the question encoder on the written questions: the last layers, against passages that stay put.

Three losses, each a softmax cross-entropy over cosines: the question must find a passage that answers it
among all passages; the fiche of one among all fiches; and another question of that passage among all written
questions, whose vectors are kept from when they were last encoded (a memory bank: Wu et al., arXiv
1805.01978). Passages keep the vectors of the untuned model, so that an edited fiche needs no training.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from bench.encoder.model import Encoder, Layer, TokenReader
from index.weights_file import WeightsFile, quantise

__all__ = ["Lessons", "train_encoder"]

LAYERS = 6
EPOCHS = 6
BATCH = 64
POOL = 16  # batches that are sorted by length together: padding is a third of the time otherwise
RATE = 2e-4
WARM_UP = 100  # steps
DECAY = 0.01
DROPOUT = 0.1
PASSAGE_TEMPERATURE = 0.02
QUESTION_TEMPERATURE = 0.03
FICHE_WEIGHT = 0.5
OUT = -1e9


@dataclass(frozen=True)
class Lessons:
    """What the encoder learns from.

    Attributes:
        texts: Questions.
        gold: bool, shape (questions, passages): the passages that answer; at least one in each row.
        passages: Vectors of all passages, shape (passages, dimensions).
        fiche_of: Row of each passage's fiche, shape (passages,).
    """

    texts: Sequence[str]
    gold: np.ndarray
    passages: np.ndarray
    fiche_of: np.ndarray


def _batches(lengths: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    order = rng.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), BATCH * POOL):
        pool = order[start : start + BATCH * POOL]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[k : k + BATCH] for k in range(0, len(pool), BATCH)]
    for i in rng.permutation(len(batches)):
        if len(batches[i]) > 1:
            yield batches[i]


def _mass_on(log_shares: Tensor, wanted: Tensor) -> Tensor:
    """Mean over rows of minus the log of the probability that falls on wanted columns."""
    return -torch.logsumexp(log_shares.masked_fill(~wanted, OUT), dim=1).mean()


class _Loss:
    def __init__(self, lessons: Lessons, bank: Tensor) -> None:
        self.gold = torch.from_numpy(lessons.gold)
        self.passages = torch.from_numpy(np.asarray(lessons.passages, dtype=np.float32))
        fiches = torch.from_numpy(lessons.fiche_of)
        self.pool = functional.one_hot(fiches).float()
        self.home = (self.gold.float() @ self.pool) > 0
        self.kin = (self.gold.float() @ self.gold.float().T) > 0
        self.kin.fill_diagonal_(False)
        self.bank = bank

    def __call__(self, vectors: Tensor, rows: Tensor) -> Tensor:
        to_passages = functional.log_softmax(vectors @ self.passages.T / PASSAGE_TEMPERATURE, dim=1)
        to_fiches = torch.log(torch.exp(to_passages) @ self.pool + 1e-9)
        loss = _mass_on(to_passages, self.gold[rows]) + FICHE_WEIGHT * _mass_on(to_fiches, self.home[rows])
        self.bank[rows] = vectors.detach()
        likeness = vectors @ self.bank.T / QUESTION_TEMPERATURE
        likeness[torch.arange(len(rows)), rows] = OUT
        has_kin = self.kin[rows].any(dim=1)
        if has_kin.any():
            to_questions = functional.log_softmax(likeness[has_kin], dim=1)
            loss = loss + _mass_on(to_questions, self.kin[rows][has_kin])
        return loss


def train_encoder(weights: WeightsFile, lessons: Lessons) -> dict[str, np.ndarray]:
    """Fine-tune the last layers.

    Args:
        weights: The weights to start from.
        lessons: What to learn from.

    Returns:
        The changed tensors by name, as bytes of the weights file (uint8).
    """
    torch.manual_seed(20101201)
    rng = np.random.default_rng(20101201)
    encoder, reader = Encoder(weights, LAYERS), TokenReader(weights)
    states = encoder.read([reader.ids(f"query: {text}") for text in tqdm(lessons.texts, desc="tokens")])
    encoder.eval()
    loss_of = _Loss(lessons, encoder.vectors(states))
    optimiser = torch.optim.AdamW(encoder.last.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(states) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / WARM_UP, 1.0) * max(0.02, 1.0 - step / steps)
    )
    encoder.train()
    with tqdm(total=steps, desc="encoder") as bar:
        for _ in range(EPOCHS):
            for rows in _batches(states.lengths, rng):
                loss = loss_of(encoder(*states.batch(rows), DROPOUT), torch.from_numpy(rows))
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(encoder.last.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                bar.set_postfix(loss=f"{loss.item():.2f}", refresh=False)
                bar.update()
    return {name: raw for layer in cast(Iterable[Layer], encoder.last) for name, raw in _tensors(layer)}


def _tensors(layer: Layer) -> Iterator[tuple[str, np.ndarray]]:
    for key, parameter in layer.values.items():
        name, _, part = key.rpartition("_")
        values = np.ascontiguousarray(parameter.detach().numpy().reshape(-1), dtype="<f4")
        is_matrix = part == "w" and name in Layer.NAMES
        yield f"l{layer.number}.{name}.{part}", quantise(values) if is_matrix else values.view(np.uint8)
