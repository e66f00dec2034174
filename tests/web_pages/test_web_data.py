"""The reviewed data says what the manual says, and nothing else."""

from __future__ import annotations

import pytest
import yaml

from assistant.discovery.errors import DiscoveryError
from assistant.discovery.evidence import find_anchor
from assistant.discovery.experiences import EXPERIENCES, FACETS, differences, load_experiences
from assistant.discovery.france import HEIGHT, WIDTH, load_places, spread
from assistant.discovery.paths import STEPS, load_paths
from assistant.web.pages_texts import load_page_texts
from corpus.glossary import quote_stands

TEXTS = load_page_texts("fr")


def test_every_fact_of_an_experience_is_quoted_from_its_fiche(manual):
    for experience in load_experiences(manual, strict=True):
        for fact in (*experience.structures, *experience.sectors, *filter(None, [experience.milieu])):
            assert quote_stands(experience.fiche, fact.anchor, fact.quote), (experience.fiche.id, fact)


def test_every_experience_is_described_and_every_value_has_a_label(manual):
    experiences = load_experiences(manual, strict=True)
    assert [e.fiche.id for e in experiences] == [f"III-{n}" for n in range(1, 21)]
    for e in experiences:
        assert e.structures and e.sectors, e.fiche.id
        assert e.regions and (e.place is not None) == (e.fiche.departement is not None)
        for prefix, values in (("structure", e.structures), ("sector", e.sectors)):
            assert all(TEXTS(f"{prefix}.{f.value}") for f in values)
        assert all(TEXTS(f"stage.{s}") for s in e.stages)
        assert not e.milieu or TEXTS(f"milieu.{e.milieu.value}")


def test_a_fact_that_the_fiche_does_not_say_is_found_out(manual, tmp_path):
    raw = yaml.safe_load(EXPERIENCES.read_text("utf-8"))
    raw["III-4"]["sectors"] = {"energie": "une centrale solaire sur le toit"}
    path = tmp_path / "experiences.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    with pytest.raises(DiscoveryError, match="III-4"):
        load_experiences(manual, path, strict=True)
    kept = next(e for e in load_experiences(manual, path) if e.fiche.id == "III-4")
    assert kept.sectors == () and kept.structures  # the page lives on without the fact


def test_missions_and_principles_are_the_fiches_own_links(manual):
    for e in load_experiences(manual):
        targets = {r.to for r in e.fiche.references if r.kind == "dimension"}
        assert set(e.missions + e.principles) <= targets


def test_each_facet_tells_experiences_apart(manual):
    experiences = load_experiences(manual)
    for facet in FACETS:
        values = {v for e in experiences for v in e.values(facet)}
        assert len(values) > 1, facet


def test_differences_name_what_is_asked_and_what_is_there(manual):
    by_id = {e.fiche.id: e for e in load_experiences(manual)}
    found = differences("Un chantier d'insertion en ville pour la mobilité", by_id["III-4"])
    assert [(d.kind, d.asked, d.here) for d in found] == [("structure", ("aci",), ("ai",))]
    assert [d.kind for d in differences("une AI en ville", by_id["III-10"])] == ["milieu"]
    assert differences("une AI en ville", by_id["III-10"], ["territoire proche : ville et campagne"]) == []
    assert differences("bonjour", by_id["III-4"]) == []
    assert [d.kind for d in differences("une ai rurale", by_id["III-13"])] == ["structure", "milieu"]
    assert differences("j'ai une idée, je n'ai rien, je les ai vus", by_id["III-13"]) == []  # a verb here
    # « ai » stands in « j'ai » and in « main »: an acronym is a word of its own, and that one is common.
    assert differences("de l'aide", by_id["III-5"]) == []


def test_map_points_are_on_the_map_and_apart(manual):
    places = load_places()
    assert {f.departement for f in manual.fiches if f.departement} == set(places)
    for place in places.values():
        assert 0 < place.x < WIDTH and 0 < place.y < HEIGHT
    spots = spread([(100.0, 100.0)] * 5, 27)
    assert all((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 > 26**2 for i, a in enumerate(spots) for b in spots[:i])
    assert spots == spread([(100.0, 100.0)] * 5, 27)


def test_every_quote_of_every_path_stands_in_its_fiche(manual):
    for path in load_paths(manual, strict=True):
        for step in path.steps:
            for passage in (step.keep, *(q.answer for q in step.questions)):
                assert quote_stands(passage.fiche, passage.anchor, passage.quote), (step.key, passage.quote)


def test_paths_keep_their_promise(manual):
    paths = load_paths(manual, strict=True)
    assert {"direction", "permanents", "administrateurs", "collectivite"} <= {p.key for p in paths}
    for path in paths:
        assert 3 <= len(path.sittings) <= 5
        for sitting in path.sittings:
            assert 10 <= sitting.minutes <= 15, (path.key, sitting.title["fr"], sitting.minutes)
        for step in path.steps:
            assert 2 <= len(step.questions) <= 3
            assert step.read and step.why["fr"] and step.why["en"] and step.title["en"]
        keys = [s.key for s in path.steps]
        assert len(keys) == len(set(keys))


def test_every_step_serves_somebody(manual):
    used = {s.key for p in load_paths(manual) for s in p.steps}
    assert used == set(yaml.safe_load(STEPS.read_text("utf-8")))


def test_an_invented_quote_is_refused(manual):
    with pytest.raises(DiscoveryError, match="I-A-1"):
        find_anchor(manual.get("I-A-1"), "le manuel promet la richesse", "test")
