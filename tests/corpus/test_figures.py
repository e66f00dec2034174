"""The corpus in figures: what a count by hand of the manual gives."""

from __future__ import annotations

from collections import Counter

import pytest

from corpus.importer.__main__ import figures, report
from corpus.references import FICHE_IDS

EXPECTED = {
    "fiches": 41,
    "units": 5,
    "tables": 3,
    "links between fiches": 269,
    "index entries": 53,
    "index links": 481,
    "index links in bold": 63,
    "footnotes": 67,
    "footnotes tied": 67,
    "contacts": 36,
    "e-mails printed in fiches": 36,
    "e-mails distinct": 33,
}
TYPES = {"fondement": 2, "identite": 4, "mission": 3, "principe": 8, "methode": 4, "experience": 20}


@pytest.mark.parametrize(("key", "value"), EXPECTED.items())
def test_figures(manual, key, value):
    assert figures(manual)[key] == value


def test_links_by_kind(manual):
    """A link may be of several kinds, so the kinds sum to a little more than the links."""
    assert figures(manual)["links by kind"] == {
        "approfondir": 39,
        "dimension": 106,
        "illustration": 56,
        "texte": 73,
    }


def test_fiches_stand_in_printed_order(manual):
    assert tuple(f.id for f in manual.fiches) == FICHE_IDS
    assert Counter(f.type for f in manual.fiches) == TYPES
    assert [u.id for u in manual.units] == ["EDITO", "INTRO", "INDEX", "BIBLIO", "REMERCIEMENTS"]


def test_the_report_accounts_for_every_line(manual, source):
    text = report(manual)
    assert f"{len(source) - 1}" in text
    assert all(fiche.id in text for fiche in manual)


def test_references_and_cited_by_agree(manual):
    pairs = {(f.id, r.to) for f in manual.fiches for r in f.references}
    assert {(source, f.id) for f in manual.fiches for source in f.cited_by} == pairs
    assert all(source != to for source, to in pairs)


def test_a_reference_names_a_section_of_its_fiche(manual):
    for fiche in manual:
        for reference in fiche.references:
            assert reference.section in fiche.by_anchor
            assert manual.get(reference.to) is not None


def test_kinds_of_reference(manual):
    """One known link of each kind."""
    kinds = {(f.id, r.to, r.kind) for f in manual.fiches for r in f.references}
    assert ("I-A-1", "II-2", "texte") in kinds
    assert ("I-B-3", "III-3", "illustration") in kinds  # printed « FICHE III 3 »
    assert ("III-20", "I-B-1", "dimension") in kinds
    assert ("III-1", "III-19", "approfondir") in kinds
    assert ("I-C-1-c", "I-C-2-a", "texte") in kinds  # printed « FICHE I-C-2-A »
    assert ("II-4", "I-C-1-c", "texte") in kinds  # printed « FICHE I-C-1-C »


def test_other_guides_fiches_are_no_references(manual):
    """« Fiche N°14 » and « Fiche N°8 » are CEDRE's."""
    assert (
        "Fiche N°14"
        in manual.get("II-1").by_anchor["bibliographie-autres-ressources-mises-a-disposition"].text
    )
    assert {r.to for f in manual.fiches for r in f.references} <= set(FICHE_IDS)


def test_index_entries(manual):
    """An entry holds what its line prints, bold first, units apart."""
    entry = next(e for e in manual.index if e.term.startswith("Capitalisation"))
    assert entry.fiches == ("I-C-2-b", "I-C-2-f", "II-2", "III-2", "III-17")
    assert entry.main == ("I-C-2-f", "II-2")
    assert entry.units == ("INTRO",)
    governance = [e for e in manual.index if e.term.startswith("Gouvernance")]
    assert [e.term for e in governance] == [
        "Gouvernance (du territoire)",
        "Gouvernance (d'une entreprise / d'un collectif / d'une démarche)",
    ]
    assert not any("*" in e.term for e in manual.index)


def test_keywords_are_the_index_turned_round(manual):
    turned = {(k.term, f.id, k.main) for f in manual.fiches for k in f.keywords}
    assert turned == {(e.term, i, i in e.main) for e in manual.index for i in e.fiches}


def test_experiences_say_who_and_where(manual):
    for fiche in manual.fiches:
        if fiche.type == "experience":
            assert fiche.organisation
            assert fiche.contacts
            assert fiche.id == "III-19" or (fiche.territory and fiche.departement)
        else:
            assert fiche.organisation is None
    isactys = manual.get("III-20")
    assert (isactys.organisation, isactys.departement) == ("Groupe ISACTYS", "Isère")


def test_one_mail_spelt_two_ways_is_kept_two_ways(manual):
    """III-10 and III-15 print the same man's address differently; we do not know which is right."""
    both = {c.email for i in ("III-10", "III-15") for c in manual.get(i).contacts if "PARNAUDEAU" in c.name}
    assert both == {"parnaudeauul@cc-parthenay.fr", "parnaudeauol@cc-parthenay.fr"}


def test_titles_of_body_and_contents(manual):
    fiche = manual.get("I-B-3")
    assert fiche.title.endswith("liés aux finalités des démarches de Développement de territoires solidaires")
    assert fiche.toc_title == "Des modèles économiques spécifiques"
    assert manual.get("I-A-2").toc_title == ""
    assert manual.get("III-7").title.endswith("mutualisation")


def test_every_anchor_is_unique(manual):
    for fiche in manual:
        assert len(fiche.by_anchor) == len(fiche.sections)
    assert "les-groupes-economiques-solidaires-ges" in manual.get("I-C-2-a").by_anchor


def test_roles_follow_the_headings(manual):
    principle = {s.role for s in manual.get("I-C-2-a").sections}
    assert {"en_bref", "definition", "comment", "cles", "vigilance", "approfondir"} <= principle
    method = manual.get("II-1")
    assert [s.role for s in method.sections][-3:] == ["grille"] * 3
    assert {"temoignage", "dimensions", "contacts"} <= {s.role for s in method.sections}
    inherited = manual.get("I-C-2-e").by_anchor["2-proposer-sa-vision-pour-un-territoire-solidaire"]
    assert inherited.role == "comment"


def test_tables_keep_every_cell(manual):
    grids = [s for s in manual.get("II-1").sections if s.role == "grille"]
    tables = [b.text.split("\n") for s in grids for b in s.blocks if b.kind == "table"]
    assert [len(t) for t in tables] == [4, 5, 11]
    assert all(len({line.count("|") for line in t}) == 1 for t in tables)
    assert "Evolution ou tendances nouvelles observées" in tables[0][2]
    assert "E Ex. Entreprise Beta" in tables[2][0]


def test_a_list_stays_with_its_introduction(manual):
    block = manual.get("I-C-1-b").by_anchor["de-quoi-s-agit-il"].blocks[0]
    assert block.kind == "list"
    assert block.text.startswith("Le marché du travail est marqué par deux phénomènes :\n- **L'instabilité")


def test_an_illustration_is_a_quote_closed_by_its_fiche(manual):
    blocks = [b for f in manual for s in f.sections for b in s.blocks if b.kind == "illustration"]
    assert len(blocks) == 62
    assert all(b.text.split("\n")[-1].startswith("> FICHE III") for b in blocks)


def test_a_paragraph_cut_by_a_page_is_whole(manual):
    text = manual.get("III-9").by_anchor["les-questionnements-et-points-de-tension"].text
    assert "au moins en partie, au sein de COORACE ?" in text


def test_notes_are_out_of_the_sentences(manual):
    """Each note is tied to the section of its call, which keeps the printed figure."""
    for fiche in manual:
        for note in fiche.footnotes:
            assert note.section in fiche.by_anchor
            assert "¹²³⁴⁵⁶⁷"[note.n - 1] in fiche.by_anchor[note.section].text
    twice = [n for n in manual.get("INTRO").footnotes if n.n == 1]
    assert [n.text[:12] for n in twice] == ["En 2005, VIT", "avec le sout"]
    assert twice[0].section != twice[1].section
