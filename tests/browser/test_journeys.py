"""What people do: ask and verify, read on, come back, take away, on any screen, without a mouse."""

from __future__ import annotations

import re
import sqlite3
from urllib.parse import quote

import pytest

GES = "Qu'est-ce qu'un groupe économique solidaire ?"
ELUS = "Quels arguments pour convaincre des élus de s'engager avec nous ?"


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_ask_verify_read_on_and_come_back(open_page, ask):
    """Question, chip, passage marked in its fiche, cross-reference, and back to the conversation."""
    page = open_page("/")
    exchange = ask(page, ELUS)
    assert page.get_by_role("status").first.inner_text().startswith("Réponse prête")
    exchange.locator("[data-chip]").first.click()
    card = exchange.locator(".source.is-shown")
    assert card.count() == 1
    quote = card.locator(".quote").first.inner_text()
    card.get_by_role("link", name="Ouvrir la fiche au bon passage").click()
    page.wait_for_url(re.compile(r"/fiche/.+\?.*q=.+#.+"))
    marks = " ".join(page.locator("mark.passage").all_inner_texts())
    assert marks and quote.split()[0] in marks
    page.wait_for_function("(() => { const b = document.getElementById('passage').getBoundingClientRect();"
                           " return b.top >= 0 && b.top < innerHeight })()")  # fmt: skip
    page.locator(".fiche-body a.fiche-ref").first.click()
    page.wait_for_url(re.compile(r"/fiche/[^?]+$"))
    assert page.locator("h1").count() == 1
    page.get_by_role("link", name="Assistant", exact=True).click()
    page.locator(".exchange .reply").wait_for()
    assert ELUS in page.locator(".asked").inner_text()


def test_an_experience_says_what_differs_beside_what_is_alike(open_page, ask):
    exchange = ask(open_page("/"), "Un chantier d'insertion a-t-il déjà monté un service de mobilité ?")
    card = exchange.locator(".experiences > li", has=exchange.page.get_by_text("III-4", exact=True))
    told = card.inner_text().replace("\u00a0", " ")
    assert re.search(r"Ce qui rapproche\s+mobilité", told)
    assert re.search(r"Ce qui diffère\s+vous parlez de : chantier d'insertion \(ACI\) ; ici : association interm", told)


def test_a_first_visit_offers_questions_to_click(open_page):
    page = open_page("/")
    page.locator(".example").nth(3).click()
    page.locator("#direct .exchange:not([data-busy]) .reply").wait_for()


@pytest.fixture
def unfinished(open_page):
    """The Assistant page before Gradio's components have come, as on a slow line; and what lets them come."""
    held, page = [], open_page("/fiches")
    page.route("**/assets/Blocks-*.js", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    page.wait_for_function("performance.getEntriesByName('dts:interactive').length")
    assert page.locator("#question textarea").count() == 0
    return page, lambda: [route.continue_() for route in held]


@pytest.mark.parametrize("how", ["Enter", "button", "example"])
def test_a_question_asked_before_the_page_is_whole_is_answered(unfinished, how):
    page, finish = unfinished
    if how == "example":
        page.locator("#premier .example").first.click()
    else:
        page.locator("#premiere-question").fill(GES)
        page.keyboard.press("Enter") if how == "Enter" else page.locator("#premier .button").click()
    finish()
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()
    assert page.locator("#premier").count() == 0


def test_a_click_that_gradio_does_not_take_is_tried_again(browser, site):
    """Its button can be there before it answers: a question must not be lost, nor asked twice."""
    page = browser.new_page(base_url=site)
    page.add_init_script("""window.lost = 0; addEventListener("click", (event) => {
        if (window.lost === 2 || !event.target.closest?.("#envoyer")) return;
        window.lost += 1;
        event.stopImmediatePropagation();
    }, true)""")
    page.goto(f"/?q={quote(GES)}")
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()
    page.wait_for_timeout(2000)
    assert page.evaluate("window.lost") == 2
    assert page.locator(".exchange").count() == 1
    page.close()


def test_a_question_is_sent_although_the_field_was_emptied_under_its_writer(open_page):
    """Gradio may not hear what is typed as it starts, and put its own empty text back."""
    page = open_page("/")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    page.evaluate("document.addEventListener('input', (event) => event.stopImmediatePropagation(), true)")
    page.get_by_role("textbox", name="Votre question").fill(GES)
    page.evaluate("document.querySelector('#question textarea').value = ''")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()


def test_a_question_lost_on_its_way_to_the_server_is_asked_anew(open_page):
    """Gradio's client would wait for ever; the page asks again by itself, once."""
    page = open_page("/")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    lost = []

    def lose_the_first(route):
        if lost:
            route.continue_()
            return
        lost.append(route.request.post_data)
        route.fulfill(json={"event_id": "never-heard-of"})

    page.route("**/queue/join*", lose_the_first)
    page.get_by_role("textbox", name="Votre question").fill(GES)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()
    assert GES in lost[0]
    assert page.locator(".exchange").count() == 1
    assert "?q=" not in page.url


def test_a_click_lost_on_a_page_that_stands_is_tried_again(open_page):
    page = open_page("/")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    page.evaluate("""() => { window.lost = 0; document.querySelector("#envoyer").addEventListener("click", (event) => {
        if (window.lost) return;
        window.lost += 1;
        event.stopImmediatePropagation();
    }, true) }""")
    page.get_by_role("textbox", name="Votre question").fill(GES)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()
    page.wait_for_timeout(2000)
    assert page.evaluate("window.lost") == 1
    assert page.locator(".exchange").count() == 1


def test_a_question_sent_twice_in_a_hurry_is_asked_once(open_page):
    page = open_page("/")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    page.route("**/queue/join*", lambda route: None)  # the field keeps the question until the server has it
    field = page.get_by_role("textbox", name="Votre question")
    field.fill(GES)
    field.press("Enter")
    page.wait_for_function("performance.getEntriesByName('dts:asked').length")
    field.press("Enter")
    page.unroute("**/queue/join*")  # lets go of what was held
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()
    page.wait_for_timeout(4000)
    assert page.locator(".exchange").count() == 1


def test_what_is_typed_before_the_page_is_whole_stays_and_nothing_moves(unfinished):
    page, finish = unfinished
    page.locator("#premiere-question").press_sequentially("Qu'est-ce qu'un")
    page.evaluate("""() => { window.moved = 0; new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.moved += entry.value;
    }).observe({ type: "layout-shift" }) }""")
    finish()
    page.locator("#question textarea").wait_for()
    page.keyboard.type(" GES ?")
    page.wait_for_function("performance.getEntriesByName('dts:answering').length")
    assert page.get_by_role("textbox", name="Votre question").input_value() == "Qu'est-ce qu'un GES ?"
    assert page.evaluate("window.moved") < 0.1
    page.keyboard.press("Enter")
    page.locator("#direct .exchange:not([data-busy]) [data-chip]").first.wait_for()


def test_no_english_word_is_left(open_page, ask):
    page = open_page("/")
    ask(page, GES)
    assert page.locator("html").get_attribute("lang") == "fr"
    words = page.locator("body").inner_text() + " ".join(
        page.eval_on_selector_all("[aria-label], [title], [placeholder]",
            "all => all.map(e => [e.ariaLabel, e.title, e.placeholder].join(' '))"))  # fmt: skip
    english = r"\b(Textbox|Submit|Loading|Use via API|Settings|Built with|Home|Send|Share|Stop|Error)\b"
    assert re.findall(english, words) == []


def test_english_is_one_click_away(open_page):
    page = open_page("/")
    page.get_by_role("link", name="English").click()
    page.get_by_role("textbox", name="Your question").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "DTS manual" in page.title()


def test_what_the_manual_does_not_hold_is_declined_calmly(open_page, ask):
    exchange = ask(open_page("/"), "Quel temps fera-t-il demain à Lyon ?")
    assert "kind-refusal" in exchange.get_attribute("class")
    assert exchange.locator("[data-chip]").count() == 0


def test_conversations_are_kept_opened_renamed_and_erased(open_page, ask):
    page = open_page("/")
    ask(page, GES)
    page.reload()
    page.locator(".exchange .reply").wait_for()
    page.locator(".shelf summary").click()
    page.get_by_role("button", name="Nouvelle conversation").click()
    page.locator(".welcome").wait_for()
    ask(page, ELUS)
    page.locator(".shelf summary").click()
    assert page.locator(".shelf-list > li").count() == 2
    item = page.locator(".shelf-list > li").nth(1)
    item.get_by_role("button", name="Renommer").click()
    item.get_by_label("Nouveau nom").fill("Mon dossier GES")
    item.get_by_role("button", name="Valider").click()
    page.get_by_role("button", name="Mon dossier GES").click()
    page.locator(".asked", has_text="groupe économique").wait_for()
    page.on("dialog", lambda d: d.accept())
    page.locator(".shelf summary").click()
    page.get_by_role("button", name="Tout effacer").click()
    page.locator(".welcome").wait_for()
    assert page.evaluate("JSON.parse(localStorage['dts.conversations']).length") == 0


def test_a_question_can_be_edited_and_asked_anew(open_page, ask):
    page = open_page("/")
    ask(page, GES)
    ask(page, ELUS)
    page.locator(".exchange").first.get_by_role("button", name="Modifier la question").click()
    page.get_by_role("textbox", name="Votre question").fill("Qu'est-ce que l'ancrage territorial ?")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.wait_for_function(
        "document.querySelectorAll('.exchange').length === 1 && !document.querySelector('[data-busy]')"
    )
    assert "ancrage" in page.locator(".asked").inner_text()


def test_a_question_can_be_shared_by_its_address(open_page):
    page = open_page("/?q=Qu%27est-ce%20qu%27un%20GES%20%3F")
    page.locator(".exchange:not([data-busy]) .reply").wait_for()
    assert "GES" in page.locator(".asked").inner_text()
    assert page.url.endswith("/")


def test_a_fiche_leads_to_a_question_about_it(open_page):
    page = open_page("/fiche/III-4")
    page.get_by_role("link", name="Poser une question sur cette fiche").click()
    page.wait_for_function("document.querySelector('#question textarea')?.value.includes('III-4')")


def test_an_answer_is_copied_with_its_references(open_page, ask):
    page = open_page("/", permissions=["clipboard-read", "clipboard-write"])
    exchange = ask(page, GES)
    exchange.get_by_role("button", name="Copier avec les références").click()
    page.get_by_role("button", name="Copié").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert "Références" in text and "COORACE, Manuel de référence" in text
    with page.expect_download() as download:
        exchange.get_by_role("button", name="Exporter").click()
    assert download.value.suggested_filename.endswith(".md")


def test_a_thumb_with_a_reason_is_kept(open_page, ask, kept_in):
    page = open_page("/")
    exchange = ask(page, GES)
    exchange.get_by_label("Non, à revoir").check()
    exchange.get_by_label("Qu'est-ce qui ne va pas").select_option("Incomplet")
    exchange.get_by_role("button", name="Envoyer l'avis").click()
    page.locator("#direct").get_by_text("Merci, votre avis est enregistré").wait_for()
    with sqlite3.connect(kept_in / "feedback.sqlite") as connection:
        rows = connection.execute("SELECT verdict, reason, question FROM feedback").fetchall()
    assert ("down", "Incomplet", GES) in rows


def test_stop_gives_the_question_back(open_page, paced):
    paced.delay = 3.0
    page = open_page("/")
    page.get_by_role("textbox", name="Votre question").fill(GES)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.get_by_role("button", name="Arrêter").click()
    page.locator(".stopped:visible").wait_for()
    assert page.get_by_role("textbox", name="Votre question").input_value() == GES
    page.get_by_role("button", name="Envoyer", exact=True).wait_for()


def test_a_server_error_keeps_the_question_and_can_be_retried(open_page, paced):
    paced.error = RuntimeError("boom")
    page = open_page("/")
    page.get_by_role("textbox", name="Votre question").fill(GES)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.get_by_text("La réponse n'est pas venue").last.wait_for()
    paced.error = None
    page.get_by_role("button", name="Reposer la question").click()
    page.locator(".exchange:not([data-busy]) [data-chip]").first.wait_for()


def test_a_lost_connection_is_said_and_the_question_kept(open_page, paced):
    paced.delay = 30.0
    page = open_page("/")
    page.get_by_role("textbox", name="Votre question").fill(GES)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.locator("[data-busy]").wait_for()
    page.context.set_offline(True)
    page.get_by_text("La connexion est interrompue").wait_for()
    assert page.get_by_role("textbox", name="Votre question").input_value() == GES
    paced.delay = 0.0
    page.context.set_offline(False)
    page.get_by_role("button", name="Reposer la question").click()
    page.locator(".exchange:not([data-busy]) [data-chip]").first.wait_for()


def test_everything_by_keyboard(open_page):
    """Skip link, question and chip with Enter, passage reached, all with a visible focus."""
    page = open_page("/")
    page.get_by_role("textbox", name="Votre question").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.get_by_role("textbox", name="Votre question").focus()
    page.keyboard.type(GES)
    page.keyboard.press("Enter")
    page.locator(".exchange:not([data-busy]) [data-chip]").first.wait_for()
    page.locator("[data-chip]").first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('source')")
    page.keyboard.press("Tab")
    href = page.evaluate("document.activeElement.closest('.source') !== null")
    assert href


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_scrolls_sideways(open_page, ask, width, scheme):
    page = open_page("/", width=width, color_scheme=scheme)
    ask(page, ELUS)
    assert overflow(page) <= 0
    for path in ("/fiche/III-11", "/fiche/II-1", "/fiche/INDEX", "/fiche/BIBLIO", "/fiche/nope"):
        page.goto(path)
        assert overflow(page) <= 0, path


def test_the_fiche_is_whole_without_scripts(open_page):
    page = open_page("/fiche/III-20?q=Fiche&s=en-bref", java_script_enabled=False)
    assert "ISACTYS" in page.locator("article").inner_text()
    assert page.locator(".toc a").count() > 5


@pytest.mark.parametrize("scripts", [True, False])
def test_a_footnote_opens_where_it_is_called(open_page, scripts):
    """By keyboard, with or without scripts: opened, read, put away, and back at its call."""
    page = open_page("/fiche/I-A-1", java_script_enabled=scripts, reduced_motion="reduce")
    call = page.get_by_role("button", name="Note 2", exact=True)
    note = page.get_by_role("note", name="Note 2")
    call.focus()
    assert not note.is_visible()
    page.keyboard.press("Enter")
    assert "Claude ALPHANDERY" in note.inner_text()
    box, at = note.bounding_box(), call.bounding_box()
    assert abs(box["y"] - at["y"]) < 60 and box["x"] >= 0
    page.keyboard.press("Escape")
    assert not note.is_visible()
    page.keyboard.press("Enter")  # the focus came back to the call
    note.get_by_role("button", name="Fermer la note 2").click()
    assert not note.is_visible()


def test_footnotes_are_printed_at_the_end(open_page):
    page = open_page("/fiche/I-A-1", width=360)
    page.get_by_role("button", name="Note 2", exact=True).click()
    page.emulate_media(media="print")
    assert not page.get_by_role("note", name="Note 2").is_visible()
    assert page.locator("#note-2").is_visible()


def test_the_chosen_theme_is_kept_from_page_to_page(open_page):
    page = open_page("/fiche/III-20", color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Changer de thème").click()
    page.goto("/")
    page.get_by_role("textbox", name="Votre question").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
