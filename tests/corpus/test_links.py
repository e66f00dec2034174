"""Web addresses: where one ends, what introduces it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.links import URL_SHAPE, find_links


@pytest.mark.parametrize(
    ("text", "label", "url"),
    [
        ("- Le site SCIC : www.scic.coop", "Le site SCIC", "http://www.scic.coop"),
        ("- Guide CEDRE\n  www.coorace.org/x?id=7015", "Guide CEDRE", "http://www.coorace.org/x?id=7015"),
        ("Labo de l'ESS (www.lelabo-ess.org)¹.", "Labo de l'ESS", "http://www.lelabo-ess.org"),
        ("Internet : <http://adress-hn.org/>", "Internet", "http://adress-hn.org/"),
        (
            "Focus : [www.p.com/Focus/\\(focus\\)/24377](http://www.p.com/Focus/(focus)/24377)",
            "Focus",
            "http://www.p.com/Focus/(focus)/24377",
        ),
        ("sur www.coorace.org.", "sur", "http://www.coorace.org"),
        ("www.la-bdis.org", "www.la-bdis.org", "http://www.la-bdis.org"),
    ],
)
def test_addresses(text, label, url):
    link = next(find_links(text, "ici"))
    assert (link.label, link.url, link.section) == (label, url, "ici")


def test_an_address_alone_takes_its_heading():
    assert next(find_links("www.la-bdis.org", "bdis", "Banque (BDIS)")).label == "Banque (BDIS)"


def test_mail_addresses_are_no_links():
    assert list(find_links("jean@www.orange.fr, info@isactys.com")) == []


@given(st.text(), st.text())
def test_any_text_is_read_and_links_have_the_shape_of_one(before, after):
    for link in find_links(f"{before}www.exemple.fr{after}"):
        assert URL_SHAPE.match(link.url)
        assert link.label


def test_the_manual_s_links(manual):
    links = [link for f in manual for link in f.links]
    assert len(links) == 112
    assert all(URL_SHAPE.fullmatch(link.url) for link in links)
    assert not any("llelabo" in link.url for link in links)
    for fiche in manual:
        assert len({link.url for link in fiche.links}) == len(fiche.links)
        assert {link.section for link in fiche.links} <= set(fiche.by_anchor)
