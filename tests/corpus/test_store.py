"""Files → manual → files: the fiches are the golden files, and they are stable."""

from __future__ import annotations

import time

import pytest

from corpus.check import check_folder
from corpus.errors import CorpusError, FicheFormatError, MissingCorpusError
from corpus.importer import import_fiches
from corpus.importer.__main__ import main
from corpus.store import FICHES_FOLDER, load_manual, make_manual, write_fiche


def test_regenerating_gives_no_difference(tmp_path, capsys):
    """The importer writes the very files that ship, and says what it did."""
    assert main(tmp_path) == 0
    shipped = {p.name: p.read_bytes() for p in FICHES_FOLDER.glob("*.md")}
    assert {p.name: p.read_bytes() for p in tmp_path.glob("*.md")} == shipped
    assert "5941" in capsys.readouterr().out


def test_importer_and_files_give_the_same_manual(manual):
    assert make_manual(import_fiches()) == manual


def test_writing_what_was_read_changes_nothing(manual):
    for fiche in manual:
        assert write_fiche(fiche) == (FICHES_FOLDER / f"{fiche.id}.md").read_text("utf-8")


def test_load_is_fast(manual):
    """Well under a second on any machine; 150 ms on an ordinary one."""
    best = min(_timed_load() for _ in range(3))
    assert best < 0.6


def _timed_load() -> float:
    start = time.perf_counter()
    load_manual()
    return time.perf_counter() - start


def test_an_edit_is_seen_everywhere(tmp_path):
    """References, cited_by and links follow from the text, so an edit cannot leave a stale copy."""
    for path in FICHES_FOLDER.glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    file = tmp_path / "III-20.md"
    text = file.read_text("utf-8").replace(
        "## EN BREF\n", "## EN BREF\n\nVoir FICHE III-4 et www.exemple.org/page.\n"
    )
    file.write_text(text, "utf-8")
    edited = load_manual(tmp_path)
    assert ("III-4", "texte", "en-bref") in [
        (r.to, r.kind, r.section) for r in edited.get("III-20").references
    ]
    assert "III-20" in edited.get("III-4").cited_by
    assert "http://www.exemple.org/page" in [link.url for link in edited.get("III-20").links]


def test_a_later_edition_s_fiche_takes_its_place(tmp_path):
    """The manual « sera actualisé et enrichi » : a new file is enough, the checker has nothing to say."""
    for path in FICHES_FOLDER.glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    new = (tmp_path / "III-20.md").read_text("utf-8").replace("id: III-20", "id: III-21")
    (tmp_path / "III-21.md").write_text(new, "utf-8")
    index = (
        (tmp_path / "INDEX.md").read_text("utf-8").replace("**II-2**, III-2, III-17.", "**II-2**, III-21.")
    )
    (tmp_path / "INDEX.md").write_text(index, "utf-8")
    method = (tmp_path / "II-4.md").read_text("utf-8").replace("- FICHE III-6 -", "- FICHE III-21 -")
    (tmp_path / "II-4.md").write_text(method, "utf-8")
    later = load_manual(tmp_path)
    assert [f.id for f in later.fiches][-2:] == ["III-20", "III-21"]
    assert later.get("III-21").cited_by == ("II-4",)
    assert later.get("III-21").keywords
    assert check_folder(tmp_path) == []


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(MissingCorpusError, match="aucune fiche"):
        load_manual(tmp_path / "absent")


def test_the_same_id_twice_is_said(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("---\nid: III-1\ntype: experience\ntitle: T\n---\n\n## A\n", "utf-8")
    with pytest.raises(FicheFormatError, match=r"b\.md:1.*III-1"):
        load_manual(tmp_path)


def test_a_file_in_another_encoding_is_said(tmp_path):
    (tmp_path / "a.md").write_bytes("---\nid: é\n---\n".encode("latin-1"))
    with pytest.raises(CorpusError, match=r"a\.md"):
        load_manual(tmp_path)


def test_a_changed_source_is_refused(tmp_path):
    """The tables are keyed to lines of one file; another file must not be read with them."""
    from corpus.errors import LayoutError
    from corpus.importer.source import read_source

    other = tmp_path / "manuel.txt"
    other.write_text("autre chose\n", "utf-8")
    with pytest.raises(LayoutError, match="a changé"):
        read_source(other)
    with pytest.raises(MissingCorpusError):
        read_source(tmp_path / "absent.txt")
