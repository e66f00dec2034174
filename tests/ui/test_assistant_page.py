"""The conversation: what each event yields, what the browser keeps, and that no text becomes markup."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, ExperienceLink
from assistant.ui.catalogue import load_texts
from assistant.ui.conversation import MAX_EXCHANGES, Conversation, answer_from_dict
from assistant.ui.exchange_view import render_exchange
from assistant.ui.reports import markdown_of, report_of
from assistant.web.shell import dress
from corpus.store import load_manual

FR = load_texts("fr")
MANUAL = load_manual()


def test_an_answer_grows_then_stands_whole(page):
    steps = list(page.ask("Comment ?", Conversation.new()))
    assert [whole is None for _, whole in steps] == [True, True, False]
    assert 'aria-busy="true"' in steps[0][0] and 'aria-busy="true"' in steps[1][0]
    final, conversation = steps[-1]
    assert "aria-busy" not in final and 'href="#e0-c1"' in final and 'id="e0-c2"' in final
    assert conversation.title == "Comment ?" and len(conversation.exchanges) == 1


def test_follow_up_questions_bring_the_conversation_along(page):
    *_, (_, first) = page.ask("Une ?", Conversation.new())
    list(page.ask("Deux ?", first))
    assert [(t.role, t.content[:5]) for t in page.assistant.histories[-1]] == [
        ("user", "Une ?"),
        ("assistant", "Une p"),
    ]


@pytest.mark.parametrize(
    "kind, label", [("refusal", "Hors du manuel"), ("clarification", "Une précision, s'il vous plaît")]
)
def test_what_is_no_answer_says_so_calmly(page, answer, kind, label):
    page.assistant.replies = [answer.with_(kind=kind, citations=(), experiences=(), text="Rien.")]
    *_, (html, conversation) = page.ask("Quelle heure ?", Conversation.new())
    assert label in unescape(html) and f"kind-{kind}" in html and "data-feedback" not in html and conversation


@pytest.mark.parametrize("error", [RuntimeError("secret detail"), ValueError("x")])
def test_a_failure_keeps_the_question_and_tells_no_detail(page, error):
    page.assistant.replies = [error]
    *_, (html, conversation) = page.ask("Ma question ?", Conversation.new())
    assert conversation is None and "secret" not in html
    assert 'data-ask="Ma question ?"' in html and FR("error.title") in unescape(html)


def test_a_question_too_long_is_told_its_length(page):
    *_, (html, _) = page.ask("a" * 4001, Conversation.new())
    assert "4001 caractères" in html


def test_the_welcome_offers_four_questions(page):
    html = page.past(Conversation.new(), latest=True)
    assert html.count("data-ask=") == 4 and html.count("<h1") == 1


def test_a_conversation_survives_the_browser(page):
    *_, (_, conversation) = page.ask("Comment ?", Conversation.new())
    again = Conversation.from_json(json.loads(json.dumps(conversation.to_json())))
    assert again.exchanges[0].answer.citations == conversation.exchanges[0].answer.citations
    assert again.to_json() == conversation.to_json()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda v: st.lists(v, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "turns", "answer", "question", "kind", "citations", "n", "timings_ms"]),
        v,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300)
@given(JSON)
def test_whatever_the_browser_sends_is_read_without_failing(value):
    conversation = Conversation.from_json(value)
    assert conversation.id and len(conversation.exchanges) <= MAX_EXCHANGES
    assert answer_from_dict(value) is None or isinstance(answer_from_dict(value), Answer)


EVIL = st.sampled_from(
    [
        "<script>x</script>",
        "<img src=x onerror=x>",
        '" onclick="x',
        "'><svg onload=x>",
        "</template><b>",
        "[x](javascript:alert)",
        "**<i>**",
        "{{7*7}}",
        "${7*7}",
        "&lt;b&gt;",
    ]
)


@settings(max_examples=80, deadline=None)
@given(EVIL, EVIL, EVIL)
def test_no_text_of_a_question_answer_or_quote_becomes_markup(question, text, quote):
    """Whatever an engine or a person writes is shown as text."""
    citation = Citation(1, "III-20", quote, text, question, quote)
    answer = Answer(
        question, "fr", "answer", f"{text} [1]", (citation,), follow_ups=(question,), notice=quote
    )
    html = render_exchange(FR, MANUAL, 0, question, answer)
    assert not re.search(r"<(script|img|svg|i|b)\b", html)
    assert not re.search(r"<[^>]*\son(click|error|load)=", re.sub(r'"[^"]*"', '""', html))
    assert 'href="javascript:' not in html


def test_who_stands_in_two_experiences_with_one_address_is_shown_once(answer):
    """AIR is told of in two fiches: its director has one address, its president two."""
    links = tuple(ExperienceLink(i, MANUAL.get(i).title, "AIR", "") for i in ("III-10", "III-15"))
    shown_so = answer.with_(experiences=links, citations=(), text="Rien.")
    html = unescape(render_exchange(FR, MANUAL, 0, "Qui ?", shown_so))
    shown = re.findall(r'class="contact-name">([^<]+)<', html)
    assert shown == ["Rémy LE STUM", "Olivier PARNAUDEAU", "Olivier PARNAUDEAU", "Jannick VERGNAULT"]


def test_copy_and_export_carry_every_reference(answer):
    report, markdown = report_of(FR, answer), markdown_of(FR, "Comment ?", answer)
    for text in (report, markdown):
        assert "COORACE, Manuel de référence" in text and "fiche III-20" in text and "[1]" in text
    assert "**" not in report and markdown.startswith("## Comment ?")


def test_feedback_is_kept_with_question_answer_and_index(page, answer):
    kept = page.on_feedback(
        {
            "verdict": "down",
            "reason": "Incomplet",
            "comment": None,
            "question": "Q",
            "answer": answer.to_dict(),
        }
    )
    assert kept
    with sqlite3.connect(page.store.path) as connection:
        row = connection.execute(
            "SELECT verdict, reason, comment, question, answer, index_version FROM feedback"
        ).fetchone()
    assert (
        row[:4] == ("down", "Incomplet", "", "Q")
        and json.loads(row[4])["text"] == answer.text
        and row[5] == "v1"
    )
    assert page.store.count() == {"down": 1}


@pytest.mark.parametrize(
    "payload", [None, {}, {"verdict": "up"}, {"verdict": "x", "answer": {"kind": "answer"}}, [1]]
)
def test_feedback_that_makes_no_sense_is_not_kept(page, payload):
    assert not page.on_feedback(payload)
    assert page.store.count() == {}


def test_an_operator_can_opt_out_of_feedback(page, answer):
    silent = replace(page, store=None)
    assert not silent.on_feedback({"verdict": "up", "answer": answer.to_dict()})
    *_, (html, _) = silent.ask("Comment ?", Conversation.new())
    assert "data-feedback" not in html


@pytest.mark.parametrize(
    "search, expected",
    [
        ("?q=Un%20GES%20%3F", "Un GES ?"),
        ("?fiche=III-20", "Dans la fiche III-20"),
        ("?fiche=nope", ""),
        ("", ""),
    ],
)
def test_an_address_can_bring_a_question(page, search, expected):
    found = page.prefill(search)
    assert found.startswith(expected) and bool(found) == bool(expected)


GRADIO = """<!doctype html><html
 lang="en" style=""><head><meta property="og:title" content="Gradio" />
<link rel="manifest" href="/m" /></head>
<body style=""><gradio-app control_page_title="true"></gradio-app></body></html>"""


@pytest.mark.parametrize("language, skip", [("fr", "Aller au contenu"), ("en", "Skip to content")])
def test_gradios_page_is_dressed_in_its_language(language, skip):
    from assistant.ui.navigation import PAGES

    html = dress(GRADIO, PAGES[0], language)
    assert (
        f'<html lang="{language}"' in html
        and skip in html
        and 'Gradio"' not in html
        and "manifest" not in html
    )
    assert html.index("site-header") < html.index("<gradio-app") < html.index("site-footer")


def test_gradios_own_template_still_has_what_the_frame_replaces():
    """A new version of Gradio that moves these would leave English or an outside address on the page."""
    from pathlib import Path

    import gradio

    from assistant.ui.navigation import PAGES

    raw = (Path(gradio.__file__).parent / "templates/frontend/index.html").read_text("utf-8")
    html = dress(raw, PAGES[0], "fr")
    assert 'lang="fr"' in html and "site-header" in html and "og:" not in html and "manifest.json" not in html
