"""Which French words an English one stands for, learned from the questions written in both languages.

A question in English shares no word with the manual: without its words, search has its vector alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import Stemmer

from index.text import STOP_WORDS, words

__all__ = ["TABLE", "English", "asked_stems", "english_stem", "english_stems", "load_english"]

_stemmer = Stemmer.Stemmer("english")
TABLE = Path(__file__).with_name("english.json")
ASKED = 3  # written questions that a word must be in to be one that questions on the manual are asked in


# French words, folded, that the stem of an English one stands for, with how surely, 0-1, the surest first.
English = Mapping[str, Mapping[str, float]]


def load_english(path: Path = TABLE) -> English:
    """Read the table; how it is learned: ``bench.english``."""
    table: English = json.loads(path.read_text(encoding="utf-8"))
    return table


def english_stem(word: str) -> str:
    """Stem of a folded English word."""
    return str(_stemmer.stemWord(word))


def english_stems(text: str) -> list[str]:
    """English stems of the words of ``text`` that carry a subject."""
    return [english_stem(w) for w in words(text) if w not in STOP_WORDS and len(w) > 1 and not w.isdigit()]


def asked_stems(questions: Iterable[str]) -> frozenset[str]:
    """English stems that questions on the manual are asked in: « people », in many, stands for no French word."""
    counts = Counter(s for question in questions for s in set(english_stems(question)))
    return frozenset(s for s, n in counts.items() if n >= ASKED)
