"""Commands: exit codes, errors in one or two lines, JSON of the contract."""

from __future__ import annotations

import json

import pytest

from assistant.cli import main


@pytest.fixture
def run(capsys, monkeypatch, data_dir):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))

    def call(*args):
        code = main(args)
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_ask_as_json_has_the_shape_of_the_contract(run):
    code, out, _ = run("ask", "comment structurer un GES ?", "--json")
    answer = json.loads(out)
    assert code == 0
    assert {"question", "language", "kind", "text", "citations",
        "experiences", "fiches", "follow_ups", "engine"} <= set(answer)
    assert {"n", "fiche", "title", "section", "anchor", "quote", "url"} <= set(answer["citations"][0])
    assert answer["timings_ms"]["total"] > 0


def test_ask_as_text_numbers_its_sources(run):
    code, out, _ = run("ask", "comment structurer un GES ?")
    assert code == 0
    assert "[1] I-C-2-a" in out


def test_batch_answers_each_line_and_asks_experiences_of_the_similar_search(run, tmp_path):
    rows = [
        {"id": "a", "question": "C'est quoi un GES ?", "history": [], "type": "definition"},
        {"id": "b", "question": "on veut ouvrir une recyclerie", "type": "experience"},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    assert run("batch", str(source), str(target))[0] == 0
    answers = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [a["id"] for a in answers] == ["a", "b"]
    assert answers[1]["experiences"]


def test_a_bad_file_is_named_with_its_line(run, tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": 1}\n', encoding="utf-8")
    code, _, err = run("batch", str(bad), str(tmp_path / "out"))
    assert code == 1
    assert "bad.jsonl:1" in err
    assert "Traceback" not in err


def test_fiche_tolerates_spelling_and_names_neighbours(run):
    assert run("fiche", "iii 4", "--json")[0] == 0
    code, _, err = run("fiche", "III-44")
    assert code == 1
    assert "III-4" in err


def test_export_and_check(run):
    code, out, _ = run("export")
    assert code == 0
    assert len(json.loads(out)["fiches"]) == 41
    assert run("check")[0] == 0


def test_doctor_is_content(run):
    code, out, _ = run("doctor")
    assert code == 0, out
    assert "WRONG" not in out


def test_usage_errors_exit_2():
    with pytest.raises(SystemExit) as stop:
        main(["ask"])
    assert stop.value.code == 2


def test_an_unknown_setting_is_named(run, monkeypatch):
    monkeypatch.setenv("ASSISTANT_CHROMA_ULR", "x")
    code, _, err = run("fiche", "I-A-1")
    assert code == 1
    assert "ASSISTANT_CHROMA_ULR" in err


def test_explain_shows_every_stage(run):
    code, out, _ = run("ask", "comment structurer un GES ?", "--explain")
    assert code == 0
    for stage in ("searched", "gate", "dense:", "question_lexical:", "fiches:", "passage:", "kind answer"):
        assert stage in out


def test_eval_reads_rows_that_leave_fields_out(run, tmp_path):
    source = tmp_path / "q.jsonl"
    source.write_text('{"id": "a", "question": "C\'est quoi un GES ?", "gold_fiches": ["I-C-2-a"]}\n', encoding="utf-8")
    code, out, _ = run("eval", str(source), "--json")
    assert code == 0
    assert json.loads(out)["figures"]["gold fiche cited"] == 1.0
