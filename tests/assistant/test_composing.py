"""What an answer is made of: nothing lost on the way, lists in order, room for what answers best."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.draft import Passage, Statement, write
from assistant.excerpts import headed, say_passage, statements_of
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


def _one_of(assistant, text, anchor, layout="paragraph"):
    chunk = next(c for c in assistant.retriever.chunks if c.fiche == "III-19" and c.anchor.startswith(anchor))
    return Statement(text, (Passage(chunk, chunk.text),), layout)


def test_a_heading_is_given_where_it_answers_and_what_is_said_does_not(assistant):
    """Which diploma is prepared stands in the heading alone."""
    result = assistant.retrieve(assistant.read("former des ouvriers à la restauration du patrimoine, quel diplôme ?"))
    said = _one_of(assistant, "La formation est engagée.", "2-formation-diplomante")
    again = _one_of(assistant, "Elle dure dix mois.", "2-formation-diplomante")
    first, second = headed([said, again], result, assistant.retriever)
    assert first.label.endswith("« Ouvrier Professionnel en Restauration du Patrimoine »")
    assert second.label == ""
    told = replace(said, text=f"{first.label} : former des ouvriers à la restauration du patrimoine, un diplôme.")
    assert headed([told], result, assistant.retriever) == [told]


def test_items_whose_list_began_elsewhere_stand_under_their_heading(assistant):
    result = assistant.retrieve(assistant.read("comment aller à la plage ?"))
    item = _one_of(assistant, "Elle dure dix mois.", "2-formation-diplomante", "item")
    (found,) = headed([item], result, assistant.retriever)
    assert found.label.startswith("Formation diplômante")
    usual = _one_of(assistant, "Elle dure dix mois.", "clefs-de-reussite", "item")
    assert headed([usual], result, assistant.retriever) == [usual]


def test_a_single_item_does_not_go_on_with_another_passage_s_list(assistant):
    lone, lists = [], 0
    for row in load_rows("answerable.jsonl")[::5]:
        if row["history"] or row["type"] == "experience":
            continue
        read = assistant.read(row["question"])
        told = compose(read, assistant.retrieve(read), assistant.retriever)
        groups: list[list[Statement]] = []
        for statement in told:
            same = groups and groups[-1][-1].layout == "item" and statement.layout == "item"
            if same:
                groups[-1].append(statement)
            else:
                groups.append([statement])
        for group in groups:
            lists += len(group) > 1
            chunks = [s.passages[0].chunk for s in group]
            places = [(c.fiche, c.anchor, c.blocks) for c in chunks]
            lone += [row["question"] for place in places[1:] if places.count(place) == 1]
    assert lists > 40
    assert lone == []


def test_a_list_that_was_cut_is_completed_in_its_place(assistant):
    """The seven features of a PTCE: two of them, then the others under « Pour compléter », is no list."""
    text = assistant.ask("différence entre GES et PTCE ?").text
    before, _, after = text.partition("les PTCE présentent plusieurs spécificités")
    assert before and len(after.split("\n\n")[1].splitlines()) == 7


def test_an_item_set_apart_from_a_list_keeps_the_heading_of_its_own(assistant):
    """« la valorisation des patrimoines… », a paragraph by now, began as an item of « L'utilité sociale… »."""
    rows = (r for r in load_rows("answerable.jsonl") if not r["history"])
    assert any(_set_apart_under_a_heading(assistant, row) for row in rows)


def _set_apart_under_a_heading(assistant, row):
    """Whether an item is told as a paragraph after a list, under a heading that a paragraph would not get."""
    read = assistant.read(row["question"])
    result = assistant.retrieve(read)
    told = compose(read, result, assistant.retriever)
    for before, statement in pairwise(told):
        passage = statement.passages[0]
        is_item = any(s.kind == "item" and plain(s.text) == statement.text for s in spans(passage.chunk.text))
        heading = statement.label.rpartition(" — ")[2]
        if before.layout == "item" and statement.layout == "paragraph" and is_item and heading in passage.chunk.section:
            (alone,) = headed([replace(statement, label="")], result, assistant.retriever)
            if heading and not alone.label:
                return True
    return False


def test_no_heading_ends_in_a_stop_before_its_colon(assistant):
    result = assistant.retrieve(assistant.read("quelle stratégie ?"))
    headings = 0
    for chunk in assistant.retriever.chunks:
        if chunk.section in assistant.retriever.telling_headings and chunk.note is None:
            (found,) = headed([Statement("Un.", (Passage(chunk, chunk.text),), "item")], result, assistant.retriever)
            assert not found.label.endswith((".", ":", " ")), found.label
            headings += bool(found.label)
    assert headings > 300


def test_what_to_read_on_is_not_told_as_an_experience(assistant):
    answer = assistant.ask(
        "Quelle expérience ressemble le plus à un groupe d'associations qui partagent une responsable RH ?"
    )
    chunks = {(c.fiche, c.anchor): c.role for c in assistant.retriever.chunks}
    assert answer.citations and all(chunks[c.fiche, c.anchor] != "approfondir" for c in answer.citations)


def test_items_of_another_passage_under_a_label_are_a_list_of_their_own(assistant):
    chunks = [c for c in assistant.retriever.chunks if c.fiche == "I-C-2-h" and c.role in ("cles", "vigilance")][:2]
    told = []
    for chunk in chunks:
        items = [plain(s.text) for s in spans(chunk.text) if s.kind == "item"][:2]
        passage = Passage(chunk, chunk.text)
        told += [Statement(item, (passage,), "item", "" if n else chunk.role) for n, item in enumerate(items)]
    assert len(told) == 4
    lists = write(told, assistant.manual).text.split("\n\n")
    assert [part.count("\n- ") + part.startswith("- ") for part in lists] == [2, 2]
    unlabelled = [replace(statement, label="") for statement in told]
    assert len(write(unlabelled, assistant.manual).text.split("\n\n")) == 1
