"""An English question searched by the manual's own words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.english import asked_stems, english_stem, load_english
from index.lexicon import Lexicon
from index.query import GUESS_WEIGHT, QueryReader, Vocabulary
from index.text import STOP_WORDS, stem, words

QUESTIONS = Path(__file__).parents[2] / "bench" / "questions"
CORPUS = ["Les bénévoles du groupement ont peur des voisins."]
TABLE = {
    english_stem("volunteers"): {"benevoles": 0.8, "volontaires": 0.4},
    english_stem("neighbours"): {"voisins": 0.25},
    english_stem("kitty"): {"cagnotte": 0.5},
}


@pytest.fixture(scope="module")
def reader():
    known = {w for text in CORPUS for w in words(text)}
    return QueryReader(Vocabulary.load(), known, Lexicon(CORPUS), TABLE)


def test_an_english_word_is_searched_by_the_french_ones_it_stands_for(reader):
    query = reader.read("What should the volunteers tell the neighbours?")
    assert query.weights[stem("benevoles")] == 1.0
    assert query.weights[stem("volontaires")] == GUESS_WEIGHT / 2  # half as sure as the surest
    assert query.weights[stem("voisins")] == GUESS_WEIGHT  # the surest, and a guess
    assert stem("benevoles") in query.typed and stem("volunteers") not in query.typed
    assert stem("voisins") not in query.typed
    assert query.bilingual == "What should the volunteers tell the neighbours? benevoles"


def test_a_french_word_that_two_stand_for_has_the_weight_of_the_surer_one_in_either_order():
    known = {w for text in CORPUS for w in words(text)}
    table = {**TABLE, english_stem("helpers"): {"aides": 0.5, "benevoles": 0.2}}
    twice = QueryReader(Vocabulary.load(), known, Lexicon(CORPUS), table)
    for question in ("what should the volunteers tell the helpers?", "what should the helpers tell the volunteers?"):
        query = twice.read(question)
        assert query.weights[stem("benevoles")] == query.translated["benevoles"] == 1.0


def test_a_part_of_an_english_question_is_english_however_little_it_says(reader):
    part = "volunteers ?"
    assert not reader.is_english(part) and reader.read(part).translated == {}
    assert "benevoles" in reader.read(part, english=True).translated


def test_a_word_is_known_where_the_corpus_has_what_it_stands_for(reader):
    query = reader.read("where is the kitty of the volunteers, and the xylophone?")
    assert query.unknown == ("kitty", "xylophone")


def test_a_word_that_questions_are_asked_in_is_known_whatever_it_stands_for():
    asked = asked_stems(["what do people say?", "do people know?", "how many people?", "why the xylophone?"])
    assert asked == {english_stem("people")}
    known = {w for text in CORPUS for w in words(text)}
    reader = QueryReader(Vocabulary.load(), known, Lexicon(CORPUS), TABLE, asked)
    assert reader.read("where are the people with the xylophone?").unknown == ("xylophone",)
    assert reader.read("people").unknown == ("people",)  # a word of a French question, as far as can be told


def test_an_english_question_is_not_mended(reader):
    text = "How can we help the employees find a place?"
    query = reader.read(text)
    assert (query.text, query.changes) == (text, ())


def test_a_french_question_is_left_as_it_is(assistant):
    rows = [json.loads(line) for line in (QUESTIONS / "answerable.jsonl").open(encoding="utf-8")]
    french = [r["question"] for r in rows if r["lang"] == "fr"]
    assert len(french) > 400
    assert [q for q in french if assistant.retriever.reader.read(q).translated] == []


def test_nearly_every_english_question_is_seen_to_be(assistant):
    rows = [json.loads(line) for line in (QUESTIONS / "english.jsonl").open(encoding="utf-8")]
    seen = sum(assistant.retriever.reader.is_english(r["question"]) for r in rows)
    assert seen >= 0.97 * len(rows)


def test_the_shipped_table_says_words_that_are_searched():
    table = load_english()
    assert len(table) > 1000
    for french in table.values():
        assert not STOP_WORDS & set(french)
        assert list(french.values()) == sorted(french.values(), reverse=True) and max(french.values()) <= 1.0
