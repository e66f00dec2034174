"""Learns the weights of ranking and of the decision to decline: ``python -m bench.training``.

Writes ``index/ranking.json`` and ``assistant/gate.json``. Two linear models, so that a person can read what
they learned; deterministic; minutes on two cores. See ``docs/model-card.md``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant.answer import Turn
from assistant.gate import GATE_FEATURES, gate_features
from assistant.service import open_assistant
from assistant.settings import Settings
from assistant.understanding import understand
from bench.fiche_training import empty_model, train
from bench.features import HELD_OUT, Examples, FeatureMaker, is_held_out, load_rows
from index.fiche_model import FicheModel
from index.ranking import Ranker
from index.retriever import Retriever
from index.signals import SIGNALS

ROOT = Path(__file__).parents[1]
FOLDS = 4
KNOWN_WEIGHT = 12.0  # one question of the set written apart counts as much as this many written ones
L2 = 2e-4
EPOCHS = 12
BATCH = 256
RATE = 0.03
MOST_REFUSED = 0.01  # share of answerable training questions that the gate may decline


def _log_share_slope(scores: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Gradient, by the scores, of the log of the softmax mass on gold candidates."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    on_gold = np.where(gold, p, 0.0)
    mass = np.maximum(on_gold.sum(axis=1, keepdims=True), 1e-9)
    return on_gold / mass - p


def learn_ranking(written: Examples, known: Examples) -> dict[str, float]:
    """Weights that put gold passages, and passages of gold fiches, first (listwise softmax, Adam)."""
    x = np.concatenate([written.signals, known.signals])
    gold = np.concatenate([written.gold, known.gold])
    fiche = np.concatenate([written.gold_fiche, known.gold_fiche])
    weight = np.concatenate([np.ones(len(written)), np.full(len(known), KNOWN_WEIGHT)])
    weight = weight / weight.mean()
    rng = np.random.default_rng(20101201)
    w = np.zeros(len(SIGNALS))
    first, second = np.zeros_like(w), np.zeros_like(w)
    step = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        rate = RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            scores = x[part] @ w.astype(np.float32)
            d = 0.5 * _log_share_slope(scores, gold[part]) + 0.5 * _log_share_slope(scores, fiche[part])
            d *= weight[part, None] / len(part)
            gradient = -np.tensordot(d, x[part], axes=([0, 1], [0, 1])) + 2 * L2 * w
            step += 1
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(v), 3) for name, v in zip(SIGNALS, w, strict=True)}


def first_right(examples: Examples, ranker: Ranker) -> tuple[float, float]:
    """Share of questions whose best candidate is a gold passage, and of a gold fiche."""
    w = np.array([ranker.weights.get(n, 0.0) for n in SIGNALS], dtype=np.float32)
    best = (examples.signals @ w).argmax(axis=1)
    rows = np.arange(len(examples))
    return float(examples.gold[rows, best].mean()), float(examples.gold_fiche[rows, best].mean())


def _gate_matrix(retriever: Retriever, rows: list[dict[str, Any]]) -> np.ndarray:
    out = []
    for row in tqdm(rows, desc="gate"):
        read = understand(row["question"], [Turn(t["role"], t["content"]) for t in row["history"]])
        result = retriever.search(read.search, read.intents)
        features = gate_features(read, result)
        out.append([features[name] for name in GATE_FEATURES])
    return np.array(out)


def learn_gate(answerable: np.ndarray, unanswerable: np.ndarray) -> dict[str, Any]:
    """Logistic regression, classes weighed alike, and the threshold that keeps answerable questions."""
    x = np.concatenate([answerable, unanswerable])
    y = np.concatenate([np.ones(len(answerable)), np.zeros(len(unanswerable))])
    weight = np.where(y == 1, 0.5 / len(answerable), 0.5 / len(unanswerable))
    w = np.zeros(x.shape[1])
    for _ in range(20000):
        p = 1 / (1 + np.exp(-(x @ w)))
        w -= 2.0 * (x.T @ ((p - y) * weight) + 1e-4 * w)
    p = 1 / (1 + np.exp(-(answerable @ w)))
    threshold = float(np.quantile(p, MOST_REFUSED))
    weights = {n: round(float(v), 3) for n, v in zip(GATE_FEATURES, w, strict=True)}
    return {"weights": weights, "threshold": round(threshold, 4)}


def _fiche_models(retriever: Retriever, maker: FeatureMaker) -> tuple[list[FicheModel], FicheModel]:
    """The fiche model on all written questions, and one for each fold, not trained on its rows.

    Ranking must learn how far to trust the model on questions it has not seen.
    """
    ids = retriever.signals.fiche_ids
    fiche_of_chunk = {c.id: c.fiche for c in retriever.chunks}
    samples = [
        (row, e.text, fiche)
        for row, e in enumerate(retriever.entries)
        for fiche in dict.fromkeys([e.fiche, *(fiche_of_chunk[c] for c in e.chunks)])
        if fiche in ids
    ]
    texts = [t for _, t, _ in samples] + [c.embedded_text for c in retriever.chunks]
    rows = np.array([r for r, _, _ in samples] + [-1] * len(retriever.chunks))
    labels = np.array([ids.index(f) for _, _, f in samples] + [ids.index(c.fiche) for c in retriever.chunks])
    queries = maker.vectors("query", [t for _, t, _ in samples])
    vectors = np.concatenate([queries, maker.vectors("passage", [c.embedded_text for c in retriever.chunks])])
    start = empty_model(texts, queries, ids, retriever.embedder.name)

    def fit(keep: np.ndarray) -> FicheModel:
        kept = np.flatnonzero(keep)
        return train(start, [texts[i] for i in kept], vectors[kept], labels[kept])

    folds = [fit((rows < 0) | (rows % FOLDS != k)) for k in tqdm(range(FOLDS), desc="fiche model")]
    return folds, fit(np.ones(len(texts), dtype=bool))


def main() -> None:
    """Learn both, print what they reach, write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    settings = Settings.from_env()
    retriever = open_assistant(settings).retriever
    # The build's own vector cache: most written questions are in it already, under the same key.
    maker = FeatureMaker(retriever, settings.data_dir / "index" / "vectors.sqlite")
    answerable = load_rows("answerable.jsonl")
    train_rows = [r for r in answerable if not is_held_out(r)]
    held_rows = [r for r in answerable if is_held_out(r) and r["gold_fiches"]]
    fold_models, model = _fiche_models(retriever, maker)
    with tqdm(total=len(retriever.entries), desc="written") as bar:
        written = maker.written(lambda f: f not in HELD_OUT, lambda row: fold_models[row % FOLDS], bar.update)
        written_held = maker.written(lambda f: f in HELD_OUT, lambda row: fold_models[row % FOLDS], bar.update)
    known, held = maker.known(train_rows, model), maker.known(held_rows, model)
    weights = learn_ranking(written, known)
    ranker = Ranker(weights)
    figures = {
        name: dict(zip(("passage first", "fiche first"), (round(v, 3) for v in first_right(ex, ranker)), strict=True))
        for name, ex in (("written", written), ("written, held out", written_held), ("known", known), ("known, held out", held))
    }
    print(json.dumps(figures, indent=1))
    (ROOT / "index" / "ranking.json").write_text(
        json.dumps({"weights": weights, "figures": figures}, indent=1) + "\n", encoding="utf-8"
    )
    retriever.ranker = ranker
    retriever.fiche_model = model
    model.save(ROOT / "index" / "fiche_model.npz")
    unanswerable = load_rows("unanswerable.jsonl")
    asked = [r for r in train_rows if r["gold_fiches"] and r["type"] != "experience"]
    gate = learn_gate(_gate_matrix(retriever, asked), _gate_matrix(retriever, unanswerable))
    (ROOT / "assistant" / "gate.json").write_text(json.dumps(gate, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(gate, indent=1))


if __name__ == "__main__":
    main()
