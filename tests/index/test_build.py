"""Builds: incremental, atomic, tied to corpus and model. A tiny embedder stands in: no model is under test."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from corpus.model import Manual
from corpus.questions import PassageQuestions, QuestionBank, QuestionFile
from index.build import build_index, read_manifest
from index.embedding import CosineRange
from index.errors import IndexMissing, IndexStale
from index.retriever import Retriever
from index.store import VectorStore


class CountingEmbedder:
    """Vectors from a hash of the text; counts what it embeds; fails on demand."""

    dimensions = 384
    cosines = CosineRange()

    def __init__(self, name="tiny", fail_after=None):
        self.name = self.passage_name = name
        self.embedded = 0
        self._fail_after = fail_after

    def _embed(self, texts):
        self.embedded += len(texts)
        if self._fail_after is not None and self.embedded > self._fail_after:
            raise KeyboardInterrupt
        rows = []
        for text in texts:
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
            vector = np.random.default_rng(seed).standard_normal(self.dimensions)
            rows.append(vector / np.linalg.norm(vector))
        return np.array(rows, dtype=np.float32)

    queries = passages = _embed


@pytest.fixture
def small(manual):
    fiches = tuple(f for f in manual.fiches if f.id in ("I-C-2-d", "III-4"))
    return Manual(manual.edition, manual.source_sha256, fiches)


@pytest.fixture
def bank():
    questions = PassageQuestions("en-bref", (0, 0), None, "", ("ouvrir à tous ?", "c koi le décloisonnement"))
    return QuestionBank((QuestionFile("I-C-2-d", (questions,)),))


def edited(small):
    fiche = small.fiches[0]
    section = replace(fiche.sections[0], text=fiche.sections[0].text + "\n\nUn paragraphe ajouté par un éditeur.")
    return replace(small, fiches=(replace(fiche, sections=(section, *fiche.sections[1:])), *small.fiches[1:]))


def test_a_second_build_does_nothing(small, bank, tmp_path):
    first = build_index(small, bank, CountingEmbedder(), tmp_path)
    again = CountingEmbedder()
    assert build_index(small, bank, again, tmp_path) == first
    assert again.embedded == 0


def test_an_edit_embeds_only_what_changed(small, bank, tmp_path):
    build_index(small, bank, CountingEmbedder(), tmp_path)
    again = CountingEmbedder()
    manifest = build_index(edited(small), bank, again, tmp_path)
    assert 1 <= again.embedded <= 2
    assert manifest.chunks >= 2


def test_a_build_that_dies_leaves_the_former_index_and_resumes(small, bank, tmp_path):
    former = build_index(small, bank, CountingEmbedder(), tmp_path)
    other = CountingEmbedder(name="other", fail_after=20)
    with pytest.raises(KeyboardInterrupt):
        build_index(small, bank, other, tmp_path)
    assert read_manifest(tmp_path) == former
    Retriever.open(small, bank, CountingEmbedder(), tmp_path, trained=False).search("mobilité")
    resumed = CountingEmbedder(name="other")
    manifest = build_index(small, bank, resumed, tmp_path)
    assert manifest.model == "other"
    assert resumed.embedded < manifest.chunks + manifest.questions


def test_an_index_of_another_corpus_or_model_is_refused(small, bank, tmp_path):
    build_index(small, bank, CountingEmbedder(), tmp_path)
    with pytest.raises(IndexStale):
        Retriever.open(edited(small), bank, CountingEmbedder(), tmp_path)
    with pytest.raises(IndexStale):
        Retriever.open(small, bank, CountingEmbedder(name="other"), tmp_path)


def test_no_index_is_said_so(small, bank, tmp_path):
    with pytest.raises(IndexMissing):
        Retriever.open(small, bank, CountingEmbedder(), tmp_path)


def test_older_builds_are_dropped_but_the_former_one(small, bank, tmp_path):
    for name in ("a", "b", "c"):
        manifest = build_index(small, bank, CountingEmbedder(name=name), tmp_path)
    names = VectorStore(tmp_path / "index" / "chroma").names()
    assert len(names) == 4
    assert manifest.passages_collection in names


def test_a_written_question_finds_its_passage(small, bank, tmp_path):
    build_index(small, bank, CountingEmbedder(), tmp_path)
    retriever = Retriever.open(small, bank, CountingEmbedder(), tmp_path, trained=False)
    hit = retriever.search("c koi le décloisonnement").hits[0]
    assert (hit.chunk.fiche, hit.chunk.anchor) == ("I-C-2-d", "en-bref")
