"""axe-core on every page, in both themes and on a phone: no serious or critical finding."""

from __future__ import annotations

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")


def findings(page) -> list[tuple[str, str, list]]:
    results = axe.Axe().run(page).response
    return [
        (v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]])
        for v in results["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "path", ["/fiche/III-20?q=contrats&s=en-bref", "/fiche/II-1", "/fiche/INDEX", "/fiche/III-99"]
)
def test_fiche_pages(open_page, path, width, scheme):
    page = open_page(path, width=width, color_scheme=scheme, reduced_motion="reduce")
    assert findings(page) == []
    if page.locator(".note-call").count():
        page.locator(".note-call button").first.click()
        assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/en"])
def test_first_visit(open_page, path, width, scheme):
    page = open_page(path, width=width, color_scheme=scheme, reduced_motion="reduce")
    page.locator("#question textarea").wait_for()
    page.locator("#premier").wait_for(state="detached")  # until then, Gradio's welcome stands beside the first one
    page.locator(".welcome").wait_for()
    page.locator(".shelf summary").click()
    assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_answer_refusal_and_open_panels(open_page, ask, width, scheme):
    page = open_page("/", width=width, color_scheme=scheme, reduced_motion="reduce")
    ask(page, "Quels arguments pour convaincre des élus de s'engager avec nous ?")
    exchange = ask(page, "Qu'est-ce qu'un groupe économique solidaire ?")
    exchange.locator("[data-chip]").first.click()
    exchange.get_by_label("Non, à revoir").check()
    page.locator("details").evaluate_all("all => all.forEach(d => d.open = true)")
    assert findings(page) == []
    ask(page, "Quel temps fera-t-il demain à Lyon ?")
    assert findings(page) == []
