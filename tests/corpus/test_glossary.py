"""The glossary: every quote stands where it says, nothing ours is passed off as the manual's."""

from __future__ import annotations

import re

import pytest

from corpus.errors import GlossaryError
from corpus.glossary import build_glossary, quote_stands
from corpus.headings import fold

# « Vocabulary » of the domain notes: each must be found by its term.
VOCABULARY = {
    *("AI", "ACI", "EI", "ETTI", "ASP", "SAP", "SIAE", "IAE", "ESS", "DTS", "GES", "PTCE", "GPEC", "GTEC"),
    *("VAE", "SCIC", "SCOP", "CAE", "IRP", "CE", "CHSCT", "CIPI", "CDDUA", "CQP", "PLIE", "DLA", "CUCS"),
    *("CCAS", "CLIC", "DIRECCTE", "DDTEFP", "CEDRE", "VITA"),
}


@pytest.fixture(scope="module")
def glossary(manual):
    return build_glossary(manual)


def test_size_and_terms(glossary):
    terms = [e.term for e in glossary]
    assert len(glossary) >= 60
    assert len(terms) == len(set(terms))
    assert set(terms) >= VOCABULARY


def test_every_quote_stands_in_its_section(glossary, manual):
    for entry in glossary:
        fiche = manual.get(entry.fiche)
        assert entry.anchor in fiche.by_anchor
        if entry.quote is not None:
            assert quote_stands(fiche, entry.anchor, entry.quote), entry.term


def test_a_quoted_acronym_is_in_its_quote_or_a_note(glossary):
    """A quote that spells an acronym out names its words; a notion's quote names the notion."""
    for entry in glossary:
        if entry.quote is None:
            assert entry.common_knowledge and entry.expansion
        elif entry.kind != "notion":
            first = fold(re.split(r"[ ']", entry.expansion)[0])[:5]
            assert first in fold(entry.quote) or fold(entry.term) in fold(entry.quote), entry.term


def test_an_unquoted_acronym_is_used_and_never_spelt_out(glossary, manual):
    whole = "\n".join(
        text for f in manual for text in [*(s.text for s in f.sections), *(n.text for n in f.footnotes)]
    )
    for entry in glossary:
        if entry.common_knowledge:
            assert re.search(rf"\b{re.escape(entry.term)}(?![A-Za-z])", whole), entry.term
            assert fold(f"{entry.expansion} ({entry.term})") not in fold(whole), entry.term


@pytest.mark.parametrize(
    "text",
    [
        "- 3",
        "- {term: X, kind: sigle, fiche: III-1, anchor: en-bref, autre: 1}",
        "- {term: X, kind: poème, fiche: III-1, anchor: en-bref}",
        "- {term: X, kind: sigle, fiche: III-99, anchor: en-bref}",
        "- {term: X, kind: sigle, fiche: III-1, anchor: absente}",
        "- {term: X, kind: sigle, fiche: III-1, anchor: en-bref, quote: jamais écrit nulle part}",
        "- [",
    ],
)
def test_a_wrong_entry_is_refused(manual, tmp_path, text):
    path = tmp_path / "glossary.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(GlossaryError):
        build_glossary(manual, path)
