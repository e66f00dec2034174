"""Learns which French words an English one stands for: ``python -m bench.english``.

From the written questions that have a translation: each English word is a mixture of the French ones beside it
(IBM model 1: Brown, Della Pietra, Della Pietra & Mercer, « The Mathematics of Statistical Machine Translation »,
Computational Linguistics 19(2), 1993), in both directions, of which the geometric mean is kept: one direction
alone pairs a rare word with whatever stands beside it. Writes ``index/english.json``; some seconds, before the
index is built.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from corpus.questions import load_bank
from index.english import TABLE, english_stems
from index.text import STOP_WORDS, stem, terms, words

ROUNDS = 12
LEAST_PAIRS = 2  # questions that an English word must be in
LEAST = 0.15  # mean probability under which a French word is not kept
LEAST_SURE = 0.22  # that of the surest, under which none is
MOST = 4  # French words kept of an English one

Pairs = Sequence[tuple[Sequence[str], Sequence[str]]]


def translation_model(pairs: Pairs) -> dict[str, dict[str, float]]:
    """P(target word | source word) of IBM model 1, by source word, then target word.

    Args:
        pairs: Words of each source text, with those of its translation.
    """
    sources = {w: i for i, w in enumerate(sorted({w for s, _ in pairs for w in s}), start=1)}  # 0: no word
    targets = {w: i for i, w in enumerate(sorted({w for _, t in pairs for w in t}))}
    cells = [
        (n, j, sources.get(s, 0), targets[t])
        for n, (source, target) in enumerate(pairs)
        for j, t in enumerate(target)
        for s in ("", *source)
    ]
    pair, place, source_of, target_of = np.array(cells).T
    _, slot = np.unique(pair * (place.max() + 1) + place, return_inverse=True)  # one target word of one text
    known, link = np.unique(source_of * len(targets) + target_of, return_inverse=True)
    link_source = known // len(targets)
    share = np.ones(len(known))
    for _ in range(ROUNDS):
        weight = share[link]
        weight /= np.bincount(slot, weight)[slot]
        counts = np.bincount(link, weight)
        share = counts / np.bincount(link_source, counts)[link_source]
    source_words, target_words = ["", *sources], list(targets)
    out: dict[str, dict[str, float]] = {}
    for key, p in zip(known.tolist(), share.tolist(), strict=True):
        out.setdefault(source_words[key // len(targets)], {})[target_words[key % len(targets)]] = p
    return out


def table_of(english: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """French words, in their commonest form, of each English stem, the surest first, with how surely.

    Args:
        english: Translations by the French question.
    """
    forms: dict[str, Counter[str]] = {}
    for question in english:
        for word in (w for w in words(question) if w not in STOP_WORDS):
            forms.setdefault(stem(word), Counter())[word] += 1
    pairs = [
        (english_stems(said), [t for t in terms(question) if not t.isdigit()]) for question, said in english.items()
    ]
    seen = Counter(w for source, _ in pairs for w in set(source))
    there = translation_model(pairs)
    back = translation_model([(t, s) for s, t in pairs])
    out: dict[str, dict[str, float]] = {}
    for word in sorted(w for w, n in seen.items() if n >= LEAST_PAIRS):
        means = {f: (p * back[f].get(word, 0.0)) ** 0.5 for f, p in there.get(word, {}).items()}
        kept = sorted(((m, f) for f, m in means.items() if m >= LEAST), reverse=True)[:MOST]
        if kept and kept[0][0] >= LEAST_SURE:
            out[word] = {forms[f].most_common(1)[0][0]: round(m, 2) for m, f in kept}
    return out


def main() -> None:
    """Learn the table and write it."""
    table = table_of(load_bank().english)
    lines = ",\n".join(f"{json.dumps(w)}: {json.dumps(french, ensure_ascii=False)}" for w, french in table.items())
    TABLE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(f"{len(table)} English words")


if __name__ == "__main__":
    main()
