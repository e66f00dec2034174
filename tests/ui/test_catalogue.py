"""Both catalogues say the same things, and the French one says them in French."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.ui.catalogue import load_texts
from assistant.ui.navigation import PAGES

UI = Path("assistant/ui")
FR, EN = load_texts("fr"), load_texts("en")


def test_both_languages_have_the_same_keys():
    assert sorted(FR.entries) == sorted(EN.entries)


@pytest.mark.parametrize("key", sorted(FR.entries))
def test_both_languages_fill_in_the_same_names(key):
    fr, en = FR.entries[key], EN.entries[key]
    assert type(fr) is type(en) and fr and en
    if isinstance(fr, str):
        assert sorted(set(re.findall(r"\{(\w+)\}", fr))) == sorted(set(re.findall(r"\{(\w+)\}", en)))
    else:
        assert len(fr) == len(en)


def test_a_missing_text_is_an_error():
    with pytest.raises(KeyError):
        FR("no.such.text")


def test_plurals_follow_the_number():
    assert FR("turn.done", n=1) == "Réponse prête, 1 passage cité."
    assert FR("turn.done", n=3) == "Réponse prête, 3 passages cités."


def test_every_page_has_its_texts():
    for page in PAGES:
        assert FR(f"nav.{page.key}") and EN(f"title.{page.key}")


def test_templates_hold_no_words_of_their_own():
    """What a template shows comes from a catalogue: between tags, only marks and placeholders."""
    for template in (UI / "templates").glob("*.html"):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!doctype[^>]*>", "", template.read_text("utf-8"), flags=re.S
        )
        shown = re.sub(r"<[^>]*>", " ", text)
        assert not re.findall(r"[^\W\d_]{2,}", shown), (template.name, shown.split())


def test_templates_name_only_texts_that_exist():
    for template in (UI / "templates").glob("*.html"):
        for key in re.findall(r"""\bt\(["']([\w.]+)["'][,)]""", template.read_text("utf-8")):
            assert key in FR.entries or f"{key}.one" in FR.entries, (template.name, key)


def test_french_marks_keep_their_words():
    assert "\u00a0:" in FR("assistant.knows")


def test_a_page_that_gradio_does_not_serve_is_in_the_navigation_but_not_dressed(monkeypatch):
    from assistant.ui import navigation

    other = navigation.Page("assistant", {"fr": "/fiches", "en": "/fiches?lang=en"}, gradio=False)
    monkeypatch.setattr(navigation, "PAGES", (*navigation.PAGES, other))
    assert navigation.page_at("/fiches") is None
    assert navigation.page_at("/en/") == (navigation.PAGES[0], "en")
