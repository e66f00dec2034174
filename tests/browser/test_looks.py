"""Pages look as they did: small pictures compared with those kept in ``baselines/``.

When a page was meant to change, ``python -m bench.baselines`` makes them anew; look at the difference first.
"""

from __future__ import annotations

import pytest

Image = pytest.importorskip("PIL.Image")
baselines = pytest.importorskip("bench.baselines", reason="playwright is not installed: pip install playwright")

# Another font moves lines about: up to 0.12 of the cells on a phone and 0.04 on a desk, as measured with three fonts.
ALLOWED = {360: 0.16, 1440: 0.06}


@pytest.mark.parametrize(("name", "width", "height", "scheme"), baselines.LOOKS)
def test_a_page_looks_as_it_did(open_page, site, name, width, height, scheme):
    page = open_page("/healthz", width=width, height=height, color_scheme=scheme, reduced_motion="reduce")
    now = baselines.look(page, site + baselines.PAGES[name])
    kept = Image.open(baselines.BASELINES / f"{name}-{width}-{scheme}.png").convert("RGB")
    assert baselines.apart(now, kept) <= ALLOWED[width]


@pytest.mark.parametrize(("width", "height", "scheme"), [(360, 720, "dark"), (1440, 880, "light")])
def test_a_page_without_its_styles_is_noticed(open_page, site, width, height, scheme):
    page = open_page("/healthz", width=width, height=height, color_scheme=scheme, reduced_motion="reduce")
    page.route("**/static/*.css*", lambda route: route.fulfill(body="", content_type="text/css"))
    now = baselines.look(page, site + baselines.PAGES["fiche"])
    kept = Image.open(baselines.BASELINES / f"fiche-{width}-{scheme}.png").convert("RGB")
    assert baselines.apart(now, kept) > ALLOWED[width]
