"""Vectors that come with the product, and the cache that asks for them first."""

import numpy as np

from index.shipped_vectors import ShippedVectors
from index.vector_cache import VectorCache


class Model:
    name, passage_name, dimensions = "asked", "told", 8

    def __init__(self):
        self.embedded = []

    def queries(self, texts):
        self.embedded += texts
        rows = np.array([[len(t), *map(ord, (t + "       ")[:7])] for t in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    passages = queries


def test_what_is_shipped_is_not_embedded_again(tmp_path):
    first = Model()
    cache = VectorCache(tmp_path / "first.sqlite", first)
    texts = ["un", "deux", "trois"]
    exact = cache.embed("query", texts)
    ShippedVectors.save([cache.key("query", t) for t in texts], exact, tmp_path / "shipped.npz")

    second = Model()
    shipped = ShippedVectors(tmp_path / "shipped.npz")
    found = VectorCache(tmp_path / "second.sqlite", second, shipped).embed("query", [*texts, "quatre"])
    assert second.embedded == ["quatre"]
    assert ((found[:3] * exact).sum(axis=1) > 0.9995).all()
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_a_passage_and_a_question_of_the_same_words_are_told_apart(tmp_path):
    cache = VectorCache(tmp_path / "cache.sqlite", Model())
    assert cache.key("query", "emploi") != cache.key("passage", "emploi")


def test_no_file_holds_nothing(tmp_path):
    assert ShippedVectors(tmp_path / "absent.npz").get("0" * 64) is None
