"""The checker: silent on the shipped corpus, exact on every fault a person can make."""

from __future__ import annotations

import shutil

import pytest

from corpus.check import Fault, check_folder
from corpus.store import FICHES_FOLDER


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "fiches"
    shutil.copytree(FICHES_FOLDER, copy)
    return copy


def test_the_shipped_corpus_has_no_fault():
    assert check_folder() == []
    assert check_folder(FICHES_FOLDER / "III-20.md") == []


FAULTS = [
    ("III-20.md", "## EN BREF", "## EN VRAC", "rubrique absente : en_bref"),
    ("III-20.md", "FICHE I-B-1 L'ancrage", "FICHE I-B-9 L'ancrage", "n'existe pas : I-B-9"),
    ("III-20.md", "FICHE I-B-1 L'ancrage", "FICHE I-C-2 L'ancrage", "renvoi illisible"),
    ("III-20.md", "id: III-20", "id: III-21", "le fichier doit porter le nom"),
    ("III-20.md", "type: experience", "type: methode", "attendu « experience »"),
    ("III-20.md", "part: III", "part: II", "attendu « III »"),
    ("III-20.md", "organisation: Groupe ISACTYS\nterritory", "territory", "champ organisation absent"),
    ("III-20.md", "email: info@isactys.com", "email: info.isactys.com", "adresse mal formée"),
    ("III-20.md", "- info@isactys.com", "- info@@isactys.com", "adresse mal formée"),
    ("III-20.md", "- name: Lionel LAMBERT", "- name: ''", "contact sans nom"),
    ("III-20.md", "www.isactys.com", "www.isactys", "lien mal formé"),
    ("III-20.md", "www.isactys.com", "http://isactys", "lien mal formé"),
    ("III-20.md", "(GES)¹ regroupant", "(GES)⁹ regroupant", "appel de note 9 sans note"),
    ("III-20.md", "(GES)¹ regroupant", "(GES) regroupant", "note 1 que rien n'appelle"),
    (
        "III-20.md",
        "[^⁴]: Cf. à ce titre la loi « Hôpital, patients, santé et territoires »",
        "[^⁴]:",
        "note 4 vide",
    ),
    ("III-20.md", "## L'expérience", "## L'expérience {#en-bref}", "ancre en double : en-bref"),
    ("III-20.md", "## L'expérience", "## L'expérience {#En_Bref}", "ancre mal formée"),
    (
        "III-20.md",
        "## Organisation et territoire",
        "Perdu\n\n## Organisation et territoire",
        "avant la première",
    ),
    ("III-20.md", "---\nid", "id", "en-tête absent"),
    ("I-A-2.md", "section: iii-l-ouverture", "section: iv-l-ouverture", "rubrique inconnue"),
    ("INDEX.md", "Capitalisation : Introduction", "Capitalisation, Introduction", "entrée d'index illisible"),
    ("INDEX.md", "Capitalisation : Introduction", "Capitalisation : I-B-9", "n'existe pas : I-B-9"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), FAULTS, ids=[f[3][:30] for f in FAULTS])
def test_each_fault_is_said_at_its_line(folder, file, old, new, says):
    """One edit, one kind of fault, at the line of the edit or at the field it concerns."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    faults = check_folder(folder)
    found = [f for f in faults if says in f.message]
    assert found, [str(f) for f in faults]
    assert found[0].file == file
    lines = path.read_text("utf-8").split("\n")
    assert 1 <= found[0].line <= len(lines)
    assert str(found[0]) == f"{file}:{found[0].line}: {found[0].message}"


def test_the_line_is_the_edited_one(folder):
    path = folder / "III-20.md"
    text = path.read_text("utf-8").replace("FICHE I-B-1 L'ancrage", "FICHE I-B-9 L'ancrage")
    path.write_text(text, "utf-8")
    line = next(n for n, t in enumerate(text.split("\n"), 1) if "I-B-9" in t)
    assert [f.line for f in check_folder(folder)] == [line]


def test_a_removed_fiche_and_a_removed_folder_are_said(folder, tmp_path):
    (folder / "II-4.md").unlink()
    messages = [str(f) for f in check_folder(folder)]
    assert "II-4.md:1: fiche absente du dossier" in messages
    assert any("n'existe pas : II-4" in m for m in messages)
    assert "introuvable" in check_folder(tmp_path / "absent")[0].message
    (tmp_path / "vide").mkdir()
    assert "aucune fiche" in check_folder(tmp_path / "vide")[0].message


def test_one_file_is_checked_within_its_folder(folder):
    (folder / "III-1.md").write_text("rien", "utf-8")
    assert check_folder(folder / "III-2.md") == []
    assert check_folder(folder / "III-1.md") == [
        Fault("III-1.md", 1, "en-tête absent : la première ligne doit être « --- »")
    ]
