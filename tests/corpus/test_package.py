"""The package's own rules: what it exports, its one error tree, what it depends on."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import corpus
from corpus import errors
from corpus.importer.contacts import read_contacts
from corpus.model import Section

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(corpus.__path__, "corpus.") if "__main__" not in m.name
)


@pytest.mark.parametrize("name", MODULES)
def test_exports_are_sorted_and_exist(name):
    """Constants, then classes, then functions, each by name."""
    module = importlib.import_module(name)
    exported = list(module.__all__)
    rank = [(0 if n.isupper() else 1 if n[0].isupper() else 2, n) for n in exported]
    assert rank == sorted(rank)
    assert all(hasattr(module, item) for item in exported)


def test_every_error_is_a_corpus_error():
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), errors.CorpusError)


def test_the_corpus_depends_on_nothing_but_yaml():
    """The layers above import the corpus, never the reverse."""
    allowed = set(sys.stdlib_module_names) | {"corpus", "yaml"}
    for path in Path(corpus.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            assert {n.split(".")[0] for n in names} <= allowed, path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Issma BENKHALED, Directrice adjointe - i.b@adpei.org", ("Issma BENKHALED", "Directrice adjointe")),
        (
            "- Chantal LEMPEREUR, Directrice de SMS - sms5@wanadoo.fr",
            ("Chantal LEMPEREUR", "Directrice de SMS"),
        ),
        ("Paul SANS-RÔLE - p.s@free.fr", ("Paul SANS-RÔLE", "")),
    ],
)
def test_contacts_are_read(line, expected):
    section = Section("contacts", "Pour en savoir plus", "contacts", f"**L'association (Nord)**\n\n{line}")
    (contact,) = read_contacts([section])
    assert (contact.name, contact.role) == expected
    assert contact.organisation == "L'association (Nord)"
