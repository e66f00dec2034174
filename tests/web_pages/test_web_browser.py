"""Journeys in a real Chromium: a newcomer, somebody who looks for an experience, a keyboard, a phone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

ADDRESSES = (
    "/fiches", "/fiches?vue=mots", "/fiches?mot=Formation", "/fiches?q=mobiltie", "/experiences",
    "/experiences?projet=mobilité rurale&departement=Jura", "/experiences/comparer?ids=III-4,III-5", "/decouverte",
    "/decouverte/direction", "/decouverte/direction/resume", "/glossaire", "/carte", "/carte?fiche=I-C-2-d",
    "/carte?de=III-13&a=I-A-2", "/a-propos", "/a-propos?lang=en",
)  # fmt: skip


def test_a_newcomers_first_path_is_kept(page):
    page.goto("/decouverte")
    page.get_by_role("link", name="Vous dirigez une structure").click()
    assert page.get_by_text("Étapes faites").first.inner_text().endswith("0 sur 9")
    page.get_by_text("Est-ce une norme à appliquer").click()
    assert page.get_by_text("dans une approche processus (non normative)").is_visible()
    page.get_by_role("checkbox", name="J'ai fait cette étape : Ouvrir le manuel par le bon bout").check()
    assert page.get_by_text("Étapes faites").first.inner_text().endswith("1 sur 9")
    page.reload()
    assert page.get_by_role("checkbox", name="J'ai fait cette étape : Ouvrir le manuel par le bon bout").is_checked()
    page.get_by_role("link", name="Aller à la première étape qui reste").click()
    assert page.url.endswith("#etape-constats")
    page.goto("/decouverte")
    assert page.locator('[data-path="direction"] [data-progress-text]').inner_text().endswith("1 sur 9")
    page.goto("/decouverte/direction/resume")
    assert page.locator('[data-step="manuel"] [data-state]').inner_text() == "faite"
    page.goto("/decouverte/direction")
    page.get_by_role("button", name="Effacer mon avancée").click()
    assert page.get_by_text("Étapes faites").first.inner_text().endswith("0 sur 9")


def test_find_an_experience_and_its_contact(page):
    page.goto("/experiences")
    page.get_by_label("Décrivez votre projet").fill("un chantier d'insertion veut lever les freins de mobilité")
    page.get_by_role("button", name="Trouver les plus proches").click()
    card = page.locator("#exp-III-4")
    page.get_by_role("heading", name="Les plus proches de votre projet").wait_for()
    assert "même type de structure" in card.inner_text() and "Ce qui diffère" in card.inner_text()
    card.get_by_text("Qui appeler").click()
    contact = card.get_by_role("link", name="jura-servicepatriciaguiboux@wanadoo.fr")
    assert contact.is_visible() and contact.get_attribute("href").startswith("mailto:")
    assert "projet=" in page.url  # can be kept and shared


def test_compare_two_after_filtering(page):
    page.goto("/experiences")
    page.get_by_role("checkbox", name="Comparer III-4,").check()
    page.get_by_text("Filtrer").click()
    page.get_by_label("Département", exact=True).select_option("Jura")
    page.get_by_text("2 expériences sur 20.").first.wait_for()
    assert page.get_by_role("checkbox", name="Comparer III-4,").is_checked()
    page.get_by_role("checkbox", name="Comparer III-17,").check()
    page.get_by_role("button", name="Comparer les expériences cochées").click()
    page.get_by_role("heading", name="Clefs de réussite").wait_for()
    assert page.locator(".compare-head h3").all_inner_texts() == ["Jura Service", "ALCG"]


def test_a_point_of_the_map_leads_to_its_card(page):
    page.goto("/experiences")
    page.get_by_role("link", name="Expérience III-13").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "exp-III-13"


def test_search_as_you_type_with_a_typo(page):
    page.goto("/fiches")
    page.get_by_label("Chercher dans le texte des fiches").press_sequentially("mobiltié")
    page.locator(".found").first.wait_for()
    assert "III-4" in page.locator(".found").first.inner_text()
    assert page.locator(".found mark").first.inner_text().lower() == "mobilité"
    page.get_by_text("fiches trouvées pour").first.wait_for()
    assert "fiches trouvées" in page.locator("[data-live-status]").inner_text()
    assert not page.locator("#parcourir").is_visible()
    page.locator(".found .snippet-head").first.click()
    assert page.locator("mark.passage").first.is_visible()
    page.go_back()
    page.get_by_role("link", name="Revenir à toutes les fiches").click()
    page.locator("#parcourir").wait_for(state="visible")
    assert page.evaluate("document.activeElement.id") == "q"


def test_neighbourhood_by_keyboard(page):
    page.goto("/carte")
    page.locator('.node[tabindex="0"]').focus()
    assert page.evaluate("document.activeElement.dataset.id") == "I-A-1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.id") == "I-B-1"
    assert page.locator(".edge.hot").count() > 5
    assert "I-B-1" in page.locator("[data-net-hover]").inner_text()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Voisinage de I-B-1").wait_for()
    assert page.get_by_role("heading", name="Elle cite 6 fiches").is_visible()


def test_kinds_of_links_filter_the_picture(page):
    page.goto("/carte")
    before = page.locator(".net .edge").count()
    page.get_by_label("sous une illustration").check()
    page.wait_for_function("n => document.querySelectorAll('.net .edge').length < n", arg=before)
    assert "lien=illustration" in page.url


def test_a_lost_connection_is_told_and_the_page_stays(page):
    page.goto("/glossaire")
    page.route("**/glossaire*", lambda route: route.abort())
    page.get_by_label("Chercher un sigle ou un mot").press_sequentially("GES")
    page.get_by_text("n'a pas pu se mettre à jour").first.wait_for()
    assert page.locator(".entry").count() == 130
    page.unroute("**/glossaire*")
    page.get_by_label("Chercher un sigle ou un mot").press_sequentially(" ")
    page.wait_for_function("document.querySelectorAll('.entry').length < 20")


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_javascript_pages_read_and_forms_work(browser, site, address):
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto(address)
    assert page.locator("h1").is_visible()
    assert not page.locator(".needs-script").filter(visible=True).count()
    context.close()


def test_search_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/fiches")
    page.get_by_label("Chercher dans le texte des fiches").fill("ressourcrie")
    page.get_by_role("button", name="Chercher").click()
    assert "III-5" in page.locator(".found").first.inner_text()
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_horizontal_scroll(browser, site, address, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
@pytest.mark.parametrize("address", ADDRESSES)
def test_accessibility(browser, site, address, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", base_url=site
    )
    page = context.new_page()
    page.goto(address)
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    found = axe.Axe().run(page).response["violations"]
    context.close()
    assert [
        (v["id"], v["impact"], [n["html"][:200] for n in v["nodes"][:3]])
        for v in found
        if v["impact"] in ("serious", "critical")
    ] == []


def test_pages_are_soon_interactive(page):
    """Under 1.5 s from the request to the end of the page's scripts, on a machine that does other things too."""
    for address in ADDRESSES:
        page.goto(address)
        done = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        assert done < 1500, (address, done)
