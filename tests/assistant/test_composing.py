"""What an answer is made of: nothing lost on the way, lists in order, room for what answers best."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.draft import write
from assistant.excerpts import say_passage, statements_of
from assistant.extractive import compose
from assistant.sentences import plain, spans
from assistant.similar import FIRST
from assistant.understanding import understand
from bench.features import load_rows


def test_no_statement_of_the_default_engine_is_dropped(assistant):
    """Each is the manual's own words: one that verification drops is an answer lost."""
    asked = 0
    for row in load_rows("answerable.jsonl")[::6]:
        if row["history"] or row["type"] == "experience":
            continue
        read = assistant.read(row["question"])
        statements = compose(read, assistant.retrieve(read), assistant.retriever)
        assert write(statements, assistant.manual).dropped == (), row["question"]
        asked += 1
    assert asked > 60


@pytest.mark.parametrize("budget", [150, 300, 450])
def test_an_introduction_is_never_told_without_an_item(assistant, budget):
    hit = assistant.search("structure", limit=1)[0]
    result = assistant.retrieve(assistant.read("structure"))
    seen = 0
    for chunk in assistant.retriever.chunks:
        parts = spans(chunk.text)
        if not any(p.kind == "item" and p.sayable for p in parts):
            continue
        announcing = tuple(plain(p.text) for p in parts if p.kind == "intro")
        found = statements_of(replace(hit, chunk=chunk), budget, result, assistant.retriever, "fr", whole_lists=False)
        assert not found or not found[-1].text.endswith(announcing), chunk.id
        said = say_passage(replace(hit, chunk=chunk), budget, result, assistant.retriever)
        assert said is None or not said[0].endswith(announcing), chunk.id
        seen += bool(announcing)
    assert seen > 100


def test_a_list_that_was_cut_is_told_in_the_manual_s_order(assistant):
    """The paths by which AIR may pay for its advice are printed in one list, which two passages share."""
    text = assistant.ask("Quelles pistes de financement pour la fonction de conseil d'AIR auprès des élus ?").text
    paths = ["Pérenniser cette fonction", "Développer la vente de prestations", "Développer l'auto financement"]
    places = [text.find(path) for path in paths]
    assert -1 not in places and places == sorted(places)


def test_a_likely_fiche_is_not_left_out_for_unlikely_ones(assistant):
    """Of the fiches that a list draws on, the second is not passed over while less likely ones speak."""
    asked = 0
    for row in [*load_rows("answerable.jsonl"), *load_rows("unseen.jsonl")]:
        if row["history"] or understand(row["question"]).form != "list":
            continue
        read = assistant.read(row["question"])
        result = assistant.retrieve(read)
        first, second = result.fiches[:2]
        if second.share < 0.5 * first.share or len(result.sides) > 1:
            continue
        cited = {s.passages[0].chunk.fiche for s in compose(read, result, assistant.retriever)}
        assert second.id in cited or not cited - {first.id}, row["question"]
        asked += 1
    assert asked


def test_the_best_passage_of_the_nearest_experience_comes_whole(assistant):
    told = 0
    for row in load_rows("answerable.jsonl"):
        if row["type"] != "experience":
            continue
        answer = assistant.similar(row["question"])
        best = answer.citations[0].quote
        if len(best) <= FIRST and answer.experiences:
            opening = answer.text.split("[1]")[0]
            assert len(opening) >= 0.75 * len(best), row["question"]
            told += 1
    assert told > 20
