"""A fiche's page: whole without scripts, safe, linked both ways; a missing fiche is said in French."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.answer import Citation
from assistant.ui.links import passage_url
from assistant.web.pages import fiche_router


class Tags(HTMLParser):
    """Every start tag with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [a for t, a in self.tags if t == tag]


@pytest.fixture(scope="module")
def client():
    from corpus.store import load_manual

    app = FastAPI()
    app.include_router(fiche_router(load_manual()))
    return TestClient(app, follow_redirects=False)


def ids_of(manual):
    return [f.id for f in manual]


def test_every_fiche_has_a_sound_page(client, manual):
    """Ids once each, anchors of all sections and blocks, headings in order, links inside lead somewhere."""
    for fiche in manual:
        tags = Tags(client.get(f"/fiche/{fiche.id}").text)
        ids = [a["id"] for _, a in tags.tags if "id" in a]
        assert len(ids) == len(set(ids)), fiche.id
        for section in fiche.sections:
            assert section.anchor in ids
            assert all(f"{section.anchor}-b{b.n}" in ids for b in section.blocks)
        levels = [int(t[1]) for t, _ in tags.tags if re.fullmatch("h[1-6]", t)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False)), (fiche.id, levels)
        inside = [a["href"][1:] for a in tags.all("a") if a.get("href", "").startswith("#")]
        missing = [i for i in inside if i not in ids and not i.startswith("appel-")]
        assert not missing, (fiche.id, missing)
        targets = {
            a["href"].split("?")[0].split("#")[0]
            for a in tags.all("a")
            if a.get("href", "").startswith("/fiche/")
        }
        assert targets <= {f"/fiche/{i}" for i in ids_of(manual)}


def test_cross_references_of_the_model_are_links_on_the_page(client, manual):
    for fiche in manual.fiches:
        html = client.get(f"/fiche/{fiche.id}").text
        for reference in fiche.references:
            assert f'href="/fiche/{reference.to}"' in html, (fiche.id, reference.to)


def test_cited_by_contacts_and_notes_are_shown(client, manual, fiche):
    tags = Tags(client.get("/fiche/III-20").text)
    hrefs = [a.get("href") for a in tags.all("a")]
    assert "mailto:info@isactys.com" in hrefs
    assert all(f"/fiche/{i}" in hrefs for i in fiche.cited_by)
    assert "#appel-1" in hrefs and 'popovertarget="en-place-1"' in client.get("/fiche/III-20").text
    assert tags.tags[0] == ("html", {"lang": "fr"})


def test_note_calls_and_notes_answer_each_other(client, manual):
    for fiche in manual:
        html = client.get(f"/fiche/{fiche.id}").text
        for rank in range(1, len(fiche.footnotes) + 1):
            assert f'id="note-{rank}"' in html
            if fiche.footnotes[rank - 1].section:
                assert f'id="appel-{rank}"' in html, (fiche.id, rank)
                assert html.count(f'popovertarget="en-place-{rank}"') >= 2, (fiche.id, rank)  # its call, its close
                assert html.count(f'id="en-place-{rank}"') == 1, (fiche.id, rank)


def test_a_citation_opens_its_passage_marked(client, manual, fiche):
    section = next(s for s in fiche.sections if s.role == "contexte")
    quote = section.blocks[0].text
    url = passage_url(Citation(1, fiche.id, fiche.title, section.heading, section.anchor, quote))
    assert url.startswith("/fiche/III-20?") and url.endswith(f"#{section.anchor}")
    html = client.get(url.split("#")[0]).text
    marked = re.findall(r'<mark class="passage"(?: id="passage")?>(.*?)</mark>', html, re.S)
    assert "regroupant quatre structures" in re.sub("<[^>]+>", "", "".join(marked))
    assert html.count('id="passage"') == 1


def test_a_block_or_a_note_can_be_marked_by_its_rank(client, fiche):
    anchor = fiche.sections[2].anchor
    assert client.get(f"/fiche/III-20?s={anchor}&b=0").text.count('id="passage"') == 1
    assert client.get("/fiche/III-20?note=1").text.count('id="passage"') == 1
    assert 'id="passage"' not in client.get("/fiche/III-20?b=999").text


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"]
)
def test_nothing_from_the_address_becomes_markup(client, evil):
    for path in (f"/fiche/{evil.replace('/', '')}", "/fiche/III-20"):
        html = client.get(path, params={"q": evil, "s": evil, "to": evil}).text
        assert "<script>alert" not in html and "<img" not in html
        assert all("javascript:" not in (a.get("href") or "") for a in Tags(html).all("a"))


def test_an_unknown_fiche_is_said_in_french_with_the_nearest(client):
    reply = client.get("/fiche/III-99")
    assert reply.status_code == 404
    assert "Cette fiche n'existe pas" in Tags(reply.text).text
    assert "/fiche/III-9" in reply.text


@pytest.mark.parametrize("asked, meant", [("iii-20", "III-20"), ("I-C-2-A", "I-C-2-a"), ("intro", "INTRO")])
def test_an_id_written_otherwise_leads_to_the_fiche(client, asked, meant):
    reply = client.get(f"/fiche/{asked}?q=x")
    assert (reply.status_code, reply.headers["location"]) == (308, f"/fiche/{meant}?q=x")


def test_the_frame_speaks_english_when_asked_and_the_fiche_stays_french(client):
    html = client.get("/fiche/III-20?lang=en").text
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert 'class="fiche-body" lang="fr"' in html and "Cited by" in html


def test_static_files_are_served_and_nothing_else(client):
    assert client.get("/static/site.css").headers["content-type"].startswith("text/css")
    assert client.get("/static/nope.css").status_code == 404
    assert client.get("/static/..%2Fcatalogue.py").status_code == 404


def test_pages_ask_for_local_files_only(client, manual):
    for fiche_id in ids_of(manual)[:5]:
        tags = Tags(client.get(f"/fiche/{fiche_id}").text)
        loads = [
            a.get("src") or a.get("href") for t, a in tags.tags if t in ("script", "link", "img", "iframe")
        ]
        assert loads and all(u.startswith("/static/") for u in loads)
