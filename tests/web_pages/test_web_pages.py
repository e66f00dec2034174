"""The pages through HTTP: they answer, their links lead somewhere, they are escaped, and each speaks one language."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ui.catalogue import LANGUAGES
from assistant.web.pages_about import QUALITY, read_quality
from assistant.web.pages_texts import load_page_texts, own_texts

WEB = Path("assistant/web")
PAGES = (
    "/fiches", "/fiches?vue=mots", "/fiches?type=principe", "/fiches?mot=Formation", "/fiches?q=mobiltie",
    "/experiences", "/experiences?projet=mobilité%20en%20milieu%20rural", "/experiences?structure=ai&region=Bretagne",
    "/experiences/comparer", "/experiences/comparer?ids=III-4,III-5",
    "/experiences/comparer?ids=III-4&ids=III-5&ids=III-20",
    "/decouverte", "/decouverte/direction", "/decouverte/direction/resume", "/decouverte/collectivite", "/glossaire",
    "/glossaire?q=insertion&sorte=sigle", "/carte", "/carte?fiche=I-C-2-a", "/carte?de=III-13&a=I-A-2&lien=texte",
    "/a-propos",
)  # fmt: skip


class _Reader(HTMLParser):
    """Links, ids, headings, and the text shown with the language it is marked as."""

    VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "line"}

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.texts: list[tuple[str, str]] = []
        self.stack: list[tuple[str, str, bool]] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if found.get("id"):
            self.ids.append(found["id"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        language = found.get("lang") or (self.stack[-1][1] if self.stack else "")
        quiet = tag in ("script", "style", "option") or (self.stack[-1][2] if self.stack else False)
        quiet = quiet or found.get("translate") == "no"
        for name in ("aria-label", "placeholder", "title"):
            if found.get(name) and not quiet:
                self.texts.append((language, found[name]))
        if tag not in self.VOID:
            self.stack.append((tag, language, quiet))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.stack and data.strip() and not self.stack[-1][2]:
            self.texts.append((self.stack[-1][1], data.strip()))


def read(client, address: str) -> _Reader:
    response = client.get(address)
    assert response.status_code == 200, address
    reader = _Reader()
    reader.feed(response.text)
    return reader


def english(address: str) -> str:
    return address + ("&" if "?" in address else "?") + "lang=en"


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_answers_in_each_language(client, address, language):
    response = client.get(english(address) if language == "en" else address)
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert "http://" not in re.sub(r'href="http[^"]*"|<text.*?</text>|<[^>]*>[^<]*', "", response.text)


@pytest.mark.parametrize("address", PAGES)
def test_links_lead_to_what_exists(client, manual, address):
    reader = read(client, address)
    assert len(reader.ids) == len(set(reader.ids)), "an id stands twice"
    own = set()
    for link in {unquote(x) for x in reader.links}:
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme in ("mailto", "https", "http")
        elif not parts.path:
            assert not parts.fragment or parts.fragment in reader.ids, link
        elif parts.path.startswith("/fiche/"):
            fiche = manual.get(parts.path.removeprefix("/fiche/"))
            assert fiche, link
            assert not parts.fragment or parts.fragment in fiche.by_anchor, link
        elif parts.path not in ("/", "/en"):
            own.add(parts.path)
    for path in own:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("address", PAGES)
def test_headings_skip_no_level(client, address):
    levels = read(client, address).levels
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False)), levels


_ENGLISH = re.compile(r"\b(the|and|with|from|search|read|back|sitting|whom|your|this|of|link|links)\b", re.I)
FR, EN = own_texts("fr"), own_texts("en")
_FRENCH = re.compile(r"\b(les?|des|une?|avec|dans|pour|votre|chercher|cette|et|aux?)\b", re.I)
OURS = {v for v in FR.values() if _FRENCH.search(str(v))}


@pytest.mark.parametrize("address", PAGES)
def test_no_english_in_french_pages(client, address):
    for language, text in read(client, address).texts:
        if language == "fr":
            assert not _ENGLISH.search(text), text


@pytest.mark.parametrize("address", [p for p in PAGES if "mot=" not in p and "q=" not in p])
def test_no_french_in_the_english_interface(client, address):
    """What is the manual's stands in elements marked as French; what is ours is English."""
    shown = {text for language, text in read(client, english(address)).texts if language == "en"}
    assert not shown & OURS


def test_no_text_was_left_untranslated():
    assert {k for k, v in FR.items() if v == EN[k] and _FRENCH.search(str(v))} == set()


def test_both_catalogues_have_the_same_keys_and_names():
    assert sorted(FR) == sorted(EN)
    for key in FR:
        assert FR[key] and EN[key], key
        assert sorted(set(re.findall(r"\{(\w+)\}", FR[key]))) == sorted(set(re.findall(r"\{(\w+)\}", EN[key]))), key


def test_templates_hold_no_words_and_name_only_texts_that_exist():
    entries = load_page_texts("fr").entries
    for template in (WEB / "templates").rglob("*.html"):
        source = template.read_text("utf-8")
        for key in re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", source):
            assert key in entries or f"{key}.one" in entries, (template.name, key)
        shown = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)
        assert not re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", shown)), template.name


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60))
@settings(max_examples=25)
def test_what_people_type_is_shown_as_text(client, typed):
    typed = typed + "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    for path, name in (("/fiches", "q"), ("/glossaire", "q"), ("/experiences", "projet"), ("/carte", "fiche")):
        text = client.get(path, params={name: typed}).text
        assert "<script>alert" not in text and "<img src=x" not in text, path


@pytest.mark.parametrize(
    "address", ["/carte?fiche=I-Z-9", "/fiches?mot=fusée", "/decouverte/astronaute", "/experiences/comparer?ids=III-99"]
)
def test_what_does_not_exist_is_said_with_a_way_on(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "<h1" in response.text and 'class="site-header"' in response.text


def test_static_files_are_served_and_nothing_else(client):
    assert client.get("/static/pages/pages.css?v=1").headers["cache-control"].endswith("immutable")
    for name in ("texts.fr.yaml", "..%2fpages.py", "pages.py", "nothing.css"):
        assert client.get(f"/static/pages/{name}").status_code == 404


def test_the_language_chosen_is_kept_but_never_turns_a_link_of_a_french_page(app):
    from fastapi.testclient import TestClient

    visitor = TestClient(app)
    assert '<html lang="en">' in visitor.get("/fiches?lang=en").text
    assert '<html lang="en">' in visitor.get("/fiches").text  # typed again, or a bookmark
    inside = {"sec-fetch-site": "same-origin"}
    assert '<html lang="fr">' in visitor.get("/fiches", headers=inside).text
    assert '<html lang="fr">' in visitor.get("/fiches", headers={"referer": "http://testserver/"}).text
    visitor.get("/fiches?lang=fr")
    assert '<html lang="fr">' in visitor.get("/fiches").text


def test_search_gives_a_fragment(client):
    fragment = client.get("/fiches/recherche?q=mobiltie&fragment=1").text
    assert "<html" not in fragment and "<mark>mobilité</mark>" in fragment and "III-4" in fragment
    assert "<html" in client.get("/fiches/recherche?q=mobiltie").text


def test_experiences_are_ranked_with_reasons_differences_and_contacts(client):
    text = client.get(
        "/experiences", params={"projet": "un chantier d'insertion veut lever les freins de mobilité"}
    ).text
    first = text[text.index("Les plus proches") : text.index("Les autres expériences")]
    assert first.index('id="exp-III-4"') < first.index('id="exp-III-3"')
    assert "association intermédiaire (AI)" in first and "Ce qui diffère" in first
    assert "vous parlez de\u00a0: chantier d&#39;insertion (ACI)\u00a0; ici" in first
    assert "Patricia GUIBOUX" in first and "mailto:" in first


def test_a_failing_engine_leaves_the_list(client):
    text = client.get("/experiences?projet=panne").text
    assert "n&#39;a pas abouti" in text and 'id="exp-III-1"' in text
    assert "Aucune expérience du manuel ne ressemble" in client.get("/experiences?projet=rien").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("departement=Jura", {"III-4", "III-17"}), ("region=Bretagne", {"III-1", "III-19"}),
        ("secteur=energie", {"III-13"}), ("structure=ges&stade=consolidation", {"III-5"}),
        ("mission=I-C-1-a&principe=I-C-2-c", {"III-1", "III-2"}), ("departement=Jura&secteur=energie", set()),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(client, query, expected):
    text = client.get(f"/experiences?{query}").text
    assert set(re.findall(r'id="exp-(III-\d+)"', text)) == expected


def test_comparison_keeps_order_and_three_at_most(client):
    text = client.get("/experiences/comparer?ids=III-5,iii-4,III-4,III-20,III-1").text
    assert re.findall(r'cell-name" lang="fr"><span class="badge-id">(III-\d+)', text)[:3] == [
        "III-5",
        "III-4",
        "III-20",
    ]
    assert "Trois expériences au plus" in text


def test_every_sentence_quoted_in_a_comparison_is_the_fiches(client, manual):
    text = client.get("/experiences/comparer?ids=III-4,III-10").text
    for address in re.findall(r'href="(/fiche/[^"]+q=[^"]+)"', text):
        assert "passage-missing" not in client.get(address.replace("&amp;", "&")).text
        assert 'id="passage"' in client.get(address.replace("&amp;", "&")).text, address


def test_paths_show_quotes_that_are_marked_in_the_fiche(client):
    text = client.get("/decouverte/permanents").text
    addresses = re.findall(r'href="(/fiche/[^"]+[?&;]q=[^"]+)"', text)
    assert len(addresses) > 20
    for address in addresses:
        assert 'id="passage"' in client.get(address.replace("&amp;", "&")).text, address


def test_glossary_tells_the_manuals_words_from_common_knowledge(client, manual):
    text = client.get("/glossaire").text
    assert text.count('class="entry"') == 130
    assert text.count("ce développé n&#39;est pas de lui") >= 30
    assert client.get("/glossaire?q=GES&fragment=1").text.count('class="entry"') >= 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_measured_figure_and_set_has_a_name(language):
    texts = load_page_texts(language)
    measured = json.loads(QUALITY.read_text("utf-8"))
    assert set(measured) <= set(texts.under("about.figure_set"))
    assert {name for figures in measured.values() for name in figures} <= set(texts.under("about.figure"))


def test_quality_is_read_or_said_to_be_unmeasured(tmp_path, client):
    fr, en = load_page_texts("fr"), load_page_texts("en")
    path = tmp_path / "quality.json"
    assert read_quality(fr, path) is None
    path.write_text(
        json.dumps({"held-out": {"gold fiche cited": 0.879, "questions": 95}, "dev": {"odd": 0.5}}), "utf-8"
    )
    read = read_quality(fr, path)
    assert read and read.sets == ("Questions tenues à l'écart", "Questions de mise au point")
    assert [(f.name, f.values) for f in read.main] == [
        ("Questions posées", ("95",)),
        ("Bonne fiche citée", ("87,9\u00a0%",)),
    ]
    assert [(f.name, f.values) for f in read.figures] == [
        ("Questions posées", ("95", "")), ("Bonne fiche citée", ("87,9\u00a0%", "")), ("odd", ("", "50,0\u00a0%")),
    ]  # fmt: skip
    path.write_text(json.dumps({"gold fiche cited": 0.5}), "utf-8")
    assert read_quality(en, path).figures[0].values == ("50.0%",)
    for broken in ("[not json", "[]", "{}"):
        path.write_text(broken, "utf-8")
        assert read_quality(fr, path) is None
    assert "Empreinte SHA-256" in client.get("/a-propos").text
