"""Both catalogues say the same things, and the French one says them in French."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from assistant.ui.catalogue import load_texts
from assistant.ui.navigation import PAGES
from assistant.web.pages_texts import load_page_texts

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


# Keys put together from a beginning and a value, which no search for the whole key finds.
COMPOSED = (
    "about.figure.", "about.figure_set.", "about.limit_", "badge.", "compare.", "detail_", "error.", "facet.",
    "feedback.reason_", "feedback.reasons_", "fiches.part_", "glossary.", "map.kind_", "milieu.", "nav.", "reason_",
    "sector.", "stage.", "structure.", "title.", "type.",
)  # fmt: skip
VALUES = {
    "turn.": ("refusal", "clarification", "refusal_ready", "clarification_ready", "greeting_ready"),
    "assistant.": ("knows", "knows_not", "privacy", "privacy_llm"),
    "provenance.": ("extractive", "llm"),
    "fiche.": ("organisation", "territory", "departement", "previous", "next"),
}


def test_every_text_is_shown_somewhere():
    """A text that nothing names is translated and reviewed for nobody."""
    sources = [p for ending in ("py", "html", "js") for p in Path("assistant").rglob(f"*.{ending}")]
    named = set(re.findall(r"""["'`]([\w.-]+)["'`]""", "\n".join(p.read_text("utf-8") for p in sources)))
    named |= {start + value for start, values in VALUES.items() for value in values}
    phrases = yaml.safe_load(Path("assistant/phrases.yaml").read_text("utf-8"))["fr"]
    keys = {*FR.entries, *load_page_texts("fr").entries, *phrases}
    left = {k for k in keys if not {k, re.sub(r"\.(one|other)$", "", k)} & named and not k.startswith(COMPOSED)}
    assert not left


def test_french_marks_keep_their_words():
    assert "\u00a0:" in FR("assistant.knows")


def test_a_page_that_gradio_does_not_serve_is_in_the_navigation_but_not_dressed(monkeypatch):
    from assistant.ui import navigation

    other = navigation.Page("assistant", {"fr": "/fiches", "en": "/fiches?lang=en"}, gradio=False)
    monkeypatch.setattr(navigation, "PAGES", (*navigation.PAGES, other))
    assert navigation.page_at("/fiches") is None
    assert navigation.page_at("/en/") == (navigation.PAGES[0], "en")
