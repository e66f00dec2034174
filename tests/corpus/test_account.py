"""Nothing of the source is lost, and nothing in the fiches comes from elsewhere."""

from __future__ import annotations

import re

import pytest

from corpus.headings import HEAD_BLOCK, fold
from corpus.importer.layout import load_layout, load_mends
from corpus.importer.source import apply_mends

DROPS = {
    "ligne vide": 2617,
    "libellé de navigation": 90,
    "table des matières": 55,
    "« Retour au sommaire »": 46,
    "table des matières répétée": 20,
    "titre courant de partie": 13,
    "couverture": 4,
    "liste imprimée deux fois": 4,
}
NOTE = re.compile(r"^[⁰¹²³⁴⁵⁶⁷⁸⁹]+\s")


def test_every_line_has_exactly_one_destination(places, source):
    """The account holds each line of the source once, as kept or as dropped, never both."""
    assert [p.line for p in places] == list(range(1, len(source)))
    assert all(bool(p.unit) != bool(p.drop) for p in places)


def test_drops_are_the_reviewed_ones(places):
    """Lines left out are few and of known kinds; a new kind or number asks for a review."""
    counted: dict[str, int] = {}
    for place in places:
        if place.drop:
            counted[place.drop] = counted.get(place.drop, 0) + 1
    assert counted == DROPS


def test_blank_drops_are_blank_and_others_hold_no_sentence(places, source):
    """What is dropped is no content: no dropped line but the doubled list ends a sentence."""
    for place in places:
        text = source[place.line].strip()
        if place.drop == "ligne vide":
            assert not text
        elif place.drop and place.drop not in ("liste imprimée deux fois", "table des matières"):
            assert not re.search(r"[a-zé]{4}\.$", text), text


def test_the_doubled_list_is_kept_once(manual):
    """III-17 prints four points of vigilance twice; each stands once in the fiche."""
    text = manual.get("III-17").by_anchor["points-de-vigilance"].text
    assert text.count("Viser à qualifier le territoire") == 1
    assert text.count("Intégrer le coût financier du projet") == 1


def test_anchors_of_the_account_exist(places, manual):
    """A tool may map any kept line to a section of the loaded manual."""
    for place in places:
        if place.unit and place.anchor:
            assert place.anchor in manual.get(place.unit).by_anchor


def test_each_kept_line_stands_in_its_section(places, source, manual):
    """Read forwards: the words of each kept line are in the section that the account names."""
    layout = load_layout()
    mended = apply_mends(source, load_mends())
    for place in places:
        if place.drop:
            continue
        fiche = manual.get(place.unit)
        notes = [n.text for n in fiche.footnotes if n.section == place.anchor]
        if place.anchor:
            section = fiche.by_anchor[place.anchor]
            whole = fold("\n".join([section.heading, section.text, *notes]))
        else:
            whole = fold(f"{fiche.title} {fiche.subtitle}")
        if place.line in layout.glued:  # its headings are sections of their own
            whole = fold("".join([fiche.title, *(f"{s.heading}{s.text}" for s in fiche.sections)]))
            parts = re.split(r"\*\*+|(?<=mutualisation) ", mended[place.line])
        else:
            parts = re.split(r"\t", NOTE.sub("", mended[place.line].strip()))
        for part in parts:
            assert fold(part) in whole, (place, part)


def _kept(unit: str, places, source) -> str:
    """A unit's own words in printed order, footnotes apart, the listed mends made."""
    layout = load_layout()
    mended = apply_mends(source, load_mends())
    lines = [
        mended[p.line]
        for p in places
        if p.unit == unit and p.line not in layout.note_lines and not NOTE.match(source[p.line].strip())
    ]
    return fold("".join(lines))


def test_each_block_is_verbatim(places, source, manual):
    """Read backwards: every block stands in the source word for word, but for the listed mends.

    The one item read before the box that interrupts its list is the only block that is not one stretch.
    """
    moved = {"**Engager une mutualisation**"}
    for fiche in manual:
        whole = _kept(fiche.id, places, source)
        for section in fiche.sections:
            for block in section.blocks:
                text = block.text
                if block.kind == "table":
                    text = re.sub(r"\|(?: --- \|)+", "", text)
                if any(item in block.text for item in moved):
                    assert all(fold(line) in whole for line in text.split("\n"))
                else:
                    assert fold(text) in whole, (fiche.id, section.anchor, block.n, block.text)


def test_each_heading_is_printed(places, source, manual):
    """Headings are the manual's own, but for the one that names an experience's organisation."""
    for fiche in manual:
        whole = _kept(fiche.id, places, source)
        for section in fiche.sections:
            assert section.heading == HEAD_BLOCK or fold(section.heading) in whole


def test_each_footnote_is_verbatim(source, manual):
    """Notes too are the manual's own words."""
    whole = fold("".join(apply_mends(source, load_mends())))
    for fiche in manual:
        for note in fiche.footnotes:
            for line in note.text.split("\n"):
                assert fold(line) in whole


def test_every_mend_is_listed_and_stands(manual, source):
    """A mend names what was printed on its line and what the fiche says now."""
    listed = sum(len(fiche.mends) for fiche in manual)
    assert listed == len(load_mends()) <= 20
    for mend in load_mends():
        assert mend.before in source[mend.line]
        assert mend.why
    for fiche in manual:
        for mend in fiche.mends:
            section = fiche.by_anchor[mend.section]
            notes = [n.text for n in fiche.footnotes if n.section == mend.section]
            assert any(mend.after.removeprefix("- ") in text for text in [section.text, *notes])


@pytest.mark.parametrize("name", ["DALICHOX", "Dalichoux", "Rhys Emplois", "www.copea.fr", "Anenis"])
def test_names_and_addresses_are_never_guessed(manual, name):
    """Names that look misspelt stay as printed; a table of contents' fault is not carried into a fiche."""
    whole = "\n".join(s.text for f in manual for s in f.sections) + "".join(
        n.text for f in manual for n in f.footnotes
    )
    assert (name in whole) == (name != "Anenis")
