"""One question, every stage: so that a miss can be traced in a minute."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.gate import gate_features
from assistant.service import Assistant
from assistant.understanding import understand

__all__ = ["explain"]

SHOWN = 8


def _heaviest(weights: Mapping[str, float], signals: Mapping[str, float]) -> str:
    """The six signals that moved a score most."""
    parts = sorted(((weights.get(n, 0.0) * v, n) for n, v in signals.items()), key=lambda p: -abs(p[0]))
    return ", ".join(f"{n} {w:+.2f}" for w, n in parts[:6] if abs(w) > 0.01)


def explain(assistant: Assistant, asked: str) -> str:
    """How a question was read, what each stage found, what ranking weighed, and what was decided."""
    retriever = assistant.retriever
    question = understand(asked)
    result = retriever.search(question.search, question.intents, question.clauses, question.pieces, limit=200)
    gate = assistant.gate
    features = gate_features(question, result)
    out = [
        f"asked      {asked}",
        f"searched   {result.query.text}",
        f"language   {question.language}   form {question.form}   intents {question.intents}",
        f"changes    {result.query.changes}   unknown {result.query.unknown}",
        f"in French  { {t: round(w, 2) for t, w in result.query.translated.items()} }",
        f"terms      { {t: round(w, 2) for t, w in result.query.weights.items()} }",
        f"gate       p={gate.probability(features):.3f} threshold={gate.threshold:.3f} "
        + " ".join(f"{k}={v:.2f}" for k, v in features.items()),
        "",
    ]
    for signal in ("dense", "lexical", "question_dense", "question_lexical"):
        found = sorted(((h.signals[signal], h.chunk.id) for h in result.hits), reverse=True)[:SHOWN]
        out.append(f"{signal}: " + "  ".join(f"{chunk_id} {value:.2f}" for value, chunk_id in found))
    out += ["", "fiches: " + "  ".join(f"{f.id} {f.score:.2f} ({f.share:.2f})" for f in result.fiches[:SHOWN]), ""]
    for hit in result.hits[:SHOWN]:
        out.append(f"{hit.score:7.2f}  {hit.chunk.id}\n         {hit.chunk.text[:110]!r}")
        for name, weights in (("fiche", retriever.ranker.fiche), ("passage", retriever.ranker.passage)):
            out.append(f"         {name}: {_heaviest(weights, hit.signals)}")
        near = [(e.text, likeness) for e, likeness in result.questions if hit.chunk.id in e.chunks]
        out += [f"         ? {text} ({likeness:.2f})" for text, likeness in near[:2]]
    answer = assistant.ask(asked)
    out += ["", f"kind {answer.kind}; cites " + ", ".join(c.fiche for c in answer.citations)]
    return "\n".join(out)
