"""The JSON of ``assistant export``, field by field as the contract gives it."""

from __future__ import annotations

import json

import pytest

from corpus.export import export_manual, fiche_to_dict
from corpus.references import FICHE_IDS

FICHE = {
    "id": str,
    "type": str,
    "part": str,
    "title": str,
    "subtitle": str,
    "sections": ["role", "heading", "anchor", "text"],
    "references": ["to", "kind", "section"],
    "cited_by": str,
    "keywords": ["term", "main"],
    "contacts": ["name", "role", "organisation", "email"],
    "links": ["label", "url"],
    "footnotes": ["n", "text"],
    "organisation": (str, type(None)),
    "territory": (str, type(None)),
    "departement": (str, type(None)),
    "mends": ["from", "to", "section"],
}
TYPES = {"fondement", "identite", "mission", "principe", "methode", "experience"}
KINDS = {"texte", "illustration", "dimension", "approfondir"}


@pytest.fixture(scope="module")
def exported(manual):
    return json.loads(json.dumps(export_manual(manual), ensure_ascii=False))


def test_top_level(exported):
    assert exported["edition"] == "décembre 2010"
    assert exported["source_sha256"] == "c7111d983672bb2dbad68d239a8ad46550948add22bc0b06b7c5db9de31502ea"
    assert [f["id"] for f in exported["fiches"]] == list(FICHE_IDS)
    assert {u["id"] for u in exported["units"]} == {"EDITO", "INTRO", "INDEX", "BIBLIO", "REMERCIEMENTS"}
    assert all(u["title"] and u["sections"] for u in exported["units"])
    assert len(exported["index"]) == 53
    assert sum(len(e["fiches"]) for e in exported["index"]) == 481
    assert sum(len(e["main"]) for e in exported["index"]) == 63


def test_each_fiche_has_the_contract_s_fields(exported):
    for fiche in exported["fiches"]:
        assert fiche["type"] in TYPES
        for key, shape in FICHE.items():
            value = fiche[key]
            if isinstance(shape, list):
                assert all(set(shape) <= set(item) for item in value), (fiche["id"], key)
            elif key == "cited_by":
                assert all(isinstance(item, str) for item in value)
            else:
                assert isinstance(value, shape)


def test_references_are_of_the_contract_s_kinds(exported):
    pairs = {(f["id"], r["to"]) for f in exported["fiches"] for r in f["references"]}
    assert {r["kind"] for f in exported["fiches"] for r in f["references"]} == KINDS
    assert len(pairs) == 269


def test_a_mend_says_what_was_printed(manual):
    mends = fiche_to_dict(manual.get("I-A-2"))["mends"]
    assert [(m["from"], m["to"]) for m in mends] == [("décroisement", "décloisonnement")]
