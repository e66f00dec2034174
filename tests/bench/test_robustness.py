"""The same questions typed less carefully."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from bench.robustness import LONG_WORD, slipped

ASKED = "Quels arguments pour convaincre des élus de s'engager avec notre association intermédiaire ?"


def test_long_words_slip_and_short_ones_do_not():
    typed = slipped(ASKED, random.Random(7))
    pairs = list(zip(ASKED.split(), typed.split(), strict=True))
    changed = [(a, b) for a, b in pairs if a != b]
    assert changed and all(len(a) >= 6 for a, _ in changed)
    assert slipped(ASKED, random.Random(7)) == typed


@given(text=st.text(), seed=st.integers(0, 99))
def test_a_long_word_has_one_slip_at_most(text, seed):
    typed = slipped(text, random.Random(seed))
    assert DamerauLevenshtein.distance(text, typed) <= len(LONG_WORD.findall(text))
