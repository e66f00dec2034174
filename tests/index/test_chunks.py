"""Chunks: nothing lost, never across sections, verbatim."""

from __future__ import annotations

from assistant.verifier import normalise
from corpus.questions import load_bank
from index.chunks import MAX_CHARS, chunk_manual
from index.entries import tie_questions


def test_ids_are_unique_and_stable_in_shape(manual):
    chunks = chunk_manual(manual)
    assert len({c.id for c in chunks}) == len(chunks)
    assert all(c.id.startswith(f"{c.fiche}#{c.anchor}:") for c in chunks)


def test_every_block_and_footnote_is_in_a_chunk_of_its_section(manual):
    by_section: dict[tuple[str, str], str] = {}
    for chunk in chunk_manual(manual):
        key = (chunk.fiche, chunk.anchor)
        by_section[key] = by_section.get(key, "") + " " + normalise(chunk.text)
    for fiche in manual:
        if fiche.id == "INDEX":
            continue
        for section in fiche.sections:
            for block in section.blocks:
                assert normalise(block.text) in by_section[fiche.id, section.anchor]
        for note in fiche.footnotes:
            assert normalise(note.text) in by_section[fiche.id, note.section]


def test_chunks_are_verbatim_and_of_a_size_that_can_be_quoted(manual):
    for chunk in chunk_manual(manual):
        fiche = manual.get(chunk.fiche)
        if chunk.note is None:
            assert chunk.text in fiche.by_anchor[chunk.anchor].text
        assert len(chunk.text) <= 2 * MAX_CHARS


def test_a_list_stays_with_its_introduction(manual):
    chunk = next(c for c in chunk_manual(manual) if "les PTCE présentent plusieurs spécificités" in c.text)
    assert "Un ancrage territorial des activités économiques" in chunk.text


def test_every_written_question_leads_somewhere(manual):
    bank = load_bank()
    chunks = chunk_manual(manual)
    entries = tie_questions(bank, chunks)
    written = sum(len(p.questions) + len(p.indirect) for f in bank.files for p in f.passages)
    written += sum(len(f.fiche_questions) + len(f.situations) for f in bank.files)
    written += sum(len(c.questions) for c in bank.cross)
    index_only = sum(len(p.questions) + len(p.indirect) for f in bank.files if f.fiche == "INDEX" for p in f.passages)
    assert len([e for e in entries if not e.translated]) == written - index_only
    ids = {c.id for c in chunks}
    assert all(set(e.chunks) <= ids for e in entries)
    assert len({e.id for e in entries}) == len(entries)


def test_a_translation_leads_where_its_question_does(manual):
    bank = load_bank()
    entries = {e.id: e for e in tie_questions(bank, chunk_manual(manual))}
    translated = [e for e in entries.values() if e.translated]
    assert len(translated) >= len(bank.english) > 1000
    for entry in translated[::25]:
        original = entries[entry.id.removesuffix(":en")]
        assert entry.text == bank.english[original.text] and not original.translated
        assert (entry.fiche, entry.chunks, entry.focus) == (original.fiche, original.chunks, original.focus)
