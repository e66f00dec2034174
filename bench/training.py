"""Learns what comes after the encoder: ``python -m bench.training`` (needs the extra ``models``, for torch).

Writes ``index/models.npz``, ``index/ranking.json`` and ``assistant/gate.json``. Deterministic; some minutes
on two cores. ``make train`` runs it once the encoder is trained and the index built. What is learned from what, and how
good it is: ``docs/model-card.md``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant.gate import GATE_FEATURES, gate_features
from assistant.question_file import Row, history_of
from assistant.service import open_retriever
from assistant.settings import Settings
from assistant.understanding import understand
from bench.features import Examples, ExampleSets, FeatureMaker, is_held_out, load_rows
from bench.model_training import Samples, train_models, train_scope
from index.folder import IndexFolder
from index.inputs import InputReader
from index.models import LearnedModels, ScopeModel
from index.query import Query
from index.ranking import Ranker
from index.retriever import Retriever
from index.signals import SIGNALS

ROOT = Path(__file__).parents[1]
FOLDS = 3
L2 = 2e-4
EPOCHS = 400
BATCH = 256
RATE = 0.03
MOST_REFUSED = 0.035  # share of answerable training questions that the gate may decline
MOST_DOUBTED = 0.15  # share of them under whose probability an answer is given with a doubt


def _log_share_slope(scores: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Gradient, by the scores, of the log of the softmax mass on gold candidates."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    on_gold = np.where(gold, p, 0.0)
    mass = np.maximum(on_gold.sum(axis=1, keepdims=True), 1e-9)
    return on_gold / mass - p


def learn_weights(examples: Examples, *, between_fiches: bool) -> dict[str, float]:
    """Weights that put gold candidates first: listwise softmax loss, Adam.

    Args:
        examples: Candidates of questions whose passages are known.
        between_fiches: Whether any passage of a fiche that answers counts too, by half; the passage model,
            which compares within a fiche only, is then left out.
    """
    x, gold, home, valid = examples.signals, examples.gold, examples.home, examples.valid
    used = np.array([not (between_fiches and n.startswith("passage_model")) for n in SIGNALS])
    rng = np.random.default_rng(20101201)
    w = np.zeros(len(SIGNALS))
    first, second = np.zeros_like(w), np.zeros_like(w)
    step = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        rate = RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            scores = np.where(valid[part], x[part] @ w.astype(np.float32), -1e9)
            slope = _log_share_slope(scores, gold[part])
            if between_fiches:
                slope = 0.5 * slope + 0.5 * _log_share_slope(scores, home[part])
            gradient = -np.tensordot(slope, x[part], axes=([0, 1], [0, 1])) / len(part) + 2 * L2 * w
            gradient = np.where(used, gradient, 0.0)
            step += 1
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(v), 3) for name, v, u in zip(SIGNALS, w, used, strict=True) if u}


def first_right(examples: Examples, weights: Mapping[str, float], flag: str) -> float:
    """Share of questions whose best candidate has a flag: ``gold`` or ``home``."""
    w = np.array([weights.get(n, 0.0) for n in SIGNALS], dtype=np.float32)
    best = np.where(examples.valid, examples.signals @ w, -1e9).argmax(axis=1)
    return round(float(getattr(examples, flag)[np.arange(len(examples)), best].mean()), 3)


def _samples(retriever: Retriever, maker: FeatureMaker) -> tuple[Samples, np.ndarray]:
    """What the models learn from, and the passages' vectors."""
    chunks, entries = retriever.chunks, retriever.entries
    ids = list(retriever.signals.fiche_ids)
    chunk_row = {c.id: i for i, c in enumerate(chunks)}
    entries_kept = [e for e in entries if e.fiche in ids]
    read = [retriever.reader.read(e.text) for e in entries_kept]
    queries = maker.vectors("query", [q.text for q in read])
    passages = maker.vectors("passage", [c.embedded_text for c in chunks])
    gold = np.zeros((len(entries_kept) + len(chunks), len(chunks)), dtype=bool)
    fiches = np.zeros((len(gold), len(ids)), dtype=bool)
    for i, entry in enumerate(entries_kept):
        for chunk_id in entry.chunks:
            gold[i, chunk_row[chunk_id]] = True
            fiches[i, ids.index(chunks[chunk_row[chunk_id]].fiche)] = True
        fiches[i, ids.index(entry.fiche)] = True
    for i, chunk in enumerate(chunks):
        gold[len(entries_kept) + i, i] = True
        fiches[len(entries_kept) + i, ids.index(chunk.fiche)] = True
    samples = Samples(
        texts=[q.bilingual for q in read] + [c.embedded_text for c in chunks],
        vectors=np.concatenate([queries, passages]),
        gold=gold,
        fiches=fiches,
        is_passage=np.arange(len(gold)) >= len(entries_kept),
    )
    return samples, passages


def _scope_trainer(
    inputs: InputReader, questions: Samples, maker: FeatureMaker, outside: Sequence[Query]
) -> Callable[[np.ndarray], ScopeModel]:
    """Trains the scope model on all written questions and some of those that the manual does not answer."""
    vectors = maker.vectors("query", [q.text for q in outside])

    def fit(keep: np.ndarray) -> ScopeModel:
        kept = np.flatnonzero(keep).tolist()
        texts = [*questions.texts, *(outside[i].bilingual for i in kept)]
        answered = np.arange(len(texts)) < len(questions.texts)
        return train_scope(inputs, texts, np.concatenate([questions.vectors, vectors[kept]]), answered)

    return fit


def _models(retriever: Retriever, maker: FeatureMaker) -> tuple[LearnedModels, list[ScopeModel]]:
    """The models, and the scope model of each fold of the unanswerable questions, not trained on it.

    The gate must learn how far to trust the scope model on questions that it has not seen.
    """
    samples, passages = _samples(retriever, maker)
    questions = samples.of(~samples.is_passage)
    rows = load_rows("unanswerable.jsonl")
    outside = [retriever.reader.read(r["question"]) for r in rows]
    inputs = InputReader.fit([*samples.texts, *(q.bilingual for q in outside)], questions.vectors)
    scope_of = _scope_trainer(inputs, questions, maker, outside)
    folds = _folds(rows)
    models = train_models(
        retriever.embedder.name,
        inputs,
        samples,
        retriever.signals.fiche_ids,
        [c.key for c in retriever.chunks],
        retriever.signals.fiche_of,
        passages,
        scope_of(folds >= 0),
    )
    return models, [scope_of(folds != k) for k in tqdm(range(FOLDS), desc="scope")]


def _folds(rows: Sequence[Row]) -> np.ndarray:
    """Fold of each unanswerable question; one that says another (``of``) in English goes with it: shape (rows,)."""
    place = {r["id"]: n for n, r in enumerate(rows)}
    return np.array([place[r.get("of", r["id"])] % FOLDS for r in rows])


def _gate_matrix(
    retriever: Retriever, rows: Sequence[Row], models_of: Callable[[int], LearnedModels]
) -> np.ndarray:
    out = []
    for place, row in enumerate(tqdm(rows, desc="gate")):
        retriever.use(models_of(place))
        read = understand(row["question"], history_of(row))
        features = gate_features(read, retriever.search(read.search, read.intents, read.clauses, read.pieces))
        out.append([features[name] for name in GATE_FEATURES])
    return np.array(out)


def learn_gate(answerable: np.ndarray, unanswerable: np.ndarray) -> dict[str, Any]:
    """Logistic regression, classes weighed alike; from which probability to answer, and from which without a doubt."""
    x = np.concatenate([answerable, unanswerable])
    y = np.concatenate([np.ones(len(answerable)), np.zeros(len(unanswerable))])
    weight = np.where(y == 1, 0.5 / len(answerable), 0.5 / len(unanswerable))
    w = np.zeros(x.shape[1])
    for _ in range(20000):
        p = 1 / (1 + np.exp(-(x @ w)))
        w -= 2.0 * (x.T @ ((p - y) * weight) + 1e-4 * w)
    p = 1 / (1 + np.exp(-(answerable @ w)))
    threshold, sure = (float(np.quantile(p, share)) for share in (MOST_REFUSED, MOST_DOUBTED))
    outside = 1 / (1 + np.exp(-(unanswerable @ w)))
    return {
        "weights": {n: round(float(v), 3) for n, v in zip(GATE_FEATURES, w, strict=True)},
        "threshold": round(threshold, 4),
        "sure": round(sure, 4),
        "refused in training": round(float((outside < threshold).mean()), 3),
        "doubted in training": round(float(((outside >= threshold) & (outside < sure)).mean()), 3),
    }


def learn_ranker(examples: ExampleSets) -> Ranker:
    """Both sets of weights."""
    return Ranker(
        learn_weights(examples.fiche, between_fiches=True), learn_weights(examples.passage, between_fiches=False)
    )


def main() -> None:
    """Learn everything, print what it reaches, write the files."""
    settings = Settings.from_env()
    retriever = open_retriever(settings, trained=False)
    # The build's own cache, without the shipped vectors, which are rounded: what is learned here is learned exactly.
    maker = FeatureMaker(retriever, IndexFolder(settings.data_dir).vectors)
    models, scopes = _models(retriever, maker)
    models.save(ROOT / "index" / "models.npz")
    rows = load_rows("answerable.jsonl")
    train_rows = [*(r for r in rows if not is_held_out(r)), *load_rows("answerable-english.jsonl")]
    training = maker.examples(train_rows, models)
    held = maker.examples([r for r in rows if is_held_out(r)], models)
    ranker = learn_ranker(training)
    figures = {
        name: {
            "fiche": first_right(sets.fiche, ranker.fiche, "home"),
            "passage": first_right(sets.passage, ranker.passage, "gold"),
        }
        for name, sets in (("training", training), ("held out", held))
    }
    print(json.dumps(figures, indent=1))
    _write(ROOT / "index" / "ranking.json", {"fiche": ranker.fiche, "passage": ranker.passage, "first right": figures})
    retriever.ranker = ranker
    asked = [r for r in train_rows if r["type"] != "experience"]
    outside = load_rows("unanswerable.jsonl")
    unseen, folds = [replace(models, scope=scope) for scope in scopes], _folds(outside)
    gate = learn_gate(
        _gate_matrix(retriever, asked, lambda place: models),
        _gate_matrix(retriever, outside, lambda place: unseen[folds[place]]),
    )
    _write(ROOT / "assistant" / "gate.json", gate)
    print(json.dumps(gate, indent=1))


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
