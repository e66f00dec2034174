"""Search as you type, and the network."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.discovery.network import KINDS, Network
from assistant.discovery.searching import TextSearch
from corpus.store import load_manual
from index.text import fold

SEARCH = TextSearch(load_manual())


def ids(query: str) -> list[str]:
    return [f.fiche.id for f in SEARCH.search(query)[0]]


@pytest.mark.parametrize(
    "query",
    ["mobilité", "mobilite", "MOBILITÉ", "mobiltié", "mobilté", "plateforme mobilit"],
)
def test_accents_case_faults_and_beginnings_do_not_matter(query):
    assert ids(query)[0] == "III-4"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ressourcrie", "III-5"), ("gouvernence", "I-B-1"), ("GES", "I-C-2-a"), ("iii 3", "III-3"),
        ("i-c-2-A", "I-C-2-a"), ("intro", "INTRO"), ("convaincre les élus", "III-11"), ("energie", "III-13"),
    ],
)  # fmt: skip
def test_what_people_look_for_comes_first(query, first):
    assert ids(query)[0] == first


def test_a_corrected_word_is_told():
    assert SEARCH.search("mobiltié")[1] == {"mobiltie": "mobilite"}
    assert SEARCH.search("mobilité")[1] == {}


def test_nothing_is_found_for_what_is_not_there():
    for query in ("", "   ", "zzzzqq", "l", "de la", "!!!"):
        assert ids(query) == []


def test_marks_stand_on_the_words_that_matched():
    found = SEARCH.search("mobilité")[0][0]
    marked = {fold(p.text) for s in found.snippets for p in s.pieces if p.marked}
    assert marked == {"mobilite"}
    for snippet in found.snippets:
        assert snippet.anchor in found.fiche.by_anchor


@given(st.text(max_size=80))
def test_any_text_can_be_searched(query):
    for found in SEARCH.search(query)[0]:
        assert "".join(p.text for p in found.title) == found.fiche.title


@pytest.fixture(scope="module")
def network(manual):
    return Network(manual)


def test_the_network_is_the_manuals(network, manual):
    assert len(network.nodes) == 41
    assert len(network.edges) == 269
    for edge in network.edges:
        source = manual.get(edge.source)
        assert {r.kind for r in source.references if r.to == edge.target} == set(edge.kinds)
        assert edge.anchor in source.by_anchor


def test_kinds_filter_edges(network):
    assert network.kept(()) == list(network.edges)
    parts = [network.kept((kind,)) for kind in KINDS]
    assert all(parts) and sum(map(len, parts)) >= len(network.edges)


def test_paths_are_chains_and_as_short_both_ways(network):
    for start, end in (("III-13", "I-A-2"), ("III-14", "III-9"), ("I-A-1", "III-20")):
        hops = network.path(start, end)
        at = start
        for hop in hops:
            assert at == (hop.edge.target if hop.backward else hop.edge.source)
            at = hop.edge.source if hop.backward else hop.edge.target
        assert at == end
        assert len(network.path(end, start)) == len(hops)
    assert network.path("I-A-1", "I-A-1") == []


def test_a_direct_reference_is_followed_forward(network):
    (hop,) = network.path("I-A-1", "I-C-1-b")
    assert not hop.backward


def test_the_picture_is_the_same_each_time(network, manual):
    assert Network(manual).nodes == network.nodes
