"""Tests of the diagram of the model: what is in it, that nothing lies on anything else, and its SVG."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from graph.core.namespaces import UTS
from graph.query.store import ReleaseStore
from graph.rdf import ontology_files
from graph.read.entities import Entities
from graph.vocabulary.vocabulary_model import VocabularyModel, model_of, read_model
from tests.grown_ontology import grown_model
from web.html.i18n import LANGUAGES
from web.views.model_diagram import ModelDiagram, TextArea, draw, model_diagram

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def grown() -> VocabularyModel:
    return grown_model()


@pytest.fixture(params=LANGUAGES)
def diagram(request: pytest.FixtureRequest) -> ModelDiagram:
    return model_diagram(request.param)


def areas(drawing: ModelDiagram) -> Iterator[TextArea]:
    yield from (box.area for box in drawing.boxes)
    yield from (arrow.area for arrow in drawing.arrows)


def texts(area: TextArea) -> list[str]:
    return [each.line.text for each in area.lines]


def shown(drawing: ModelDiagram) -> set[str]:
    return {text for area in areas(drawing) for text in texts(area)}


def test_a_new_class_and_a_new_relation_appear_by_themselves(grown: VocabularyModel) -> None:
    drawing = draw(grown, "sv")
    assert {"Team", "Panel", "Ruling", "Clause", "Number", "Plan", "Contract"} <= shown(drawing)
    assert {"speaksFor", "applies", "waits", "planned", "follows"} <= shown(drawing)


def test_every_class_and_relation_is_drawn_with_its_name(diagram: ModelDiagram) -> None:
    model = read_model()
    assert [each.iri for each in diagram.boxes] == [each.ref.iri for each in model.classes]
    between = [each for each in model.relations if each.source != each.target]
    assert sorted(each.ref.iri for arrow in diagram.arrows for each in arrow.relations) == sorted(
        each.ref.iri for each in between
    )
    for arrow in diagram.arrows:
        backwards = sum(1 for each in arrow.relations if each.inverse)
        assert len(arrow.area.lines) == len(arrow.relations) + backwards


def test_names_are_in_the_language_of_the_drawing() -> None:
    swedish, english = shown(model_diagram("sv")), shown(model_diagram("en"))
    assert {"Utsaga", "typ (kod)", "handlar om (vad som helst)", "← har utsaga", "↻ svarar på"} <= swedish
    assert {"Statement", "kind (code)", "about (anything)", "← has statement", "↻ answers"} <= english
    assert "org:FormalOrganization" in swedish & english


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_box_or_name_lies_on_another(grown: VocabularyModel, language: str) -> None:
    for drawing in (model_diagram(language), draw(grown, language)):
        for one, other in combinations(areas(drawing), 2):
            assert not one.overlaps(other), (texts(one), texts(other))
        for area in areas(drawing):
            assert 0 <= area.x <= area.x + area.width <= drawing.width
            assert 0 <= area.y <= area.y + area.height <= drawing.height


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_runs_through_a_box_or_a_name(grown: VocabularyModel, language: str) -> None:
    for drawing in (model_diagram(language), draw(grown, language)):
        for arrow in drawing.arrows:
            for points in (arrow.before, arrow.after):
                for start, end in pairwise(points):
                    line = stretch(start, end)
                    crossed = [
                        texts(each)
                        for each in areas(drawing)
                        if each is not arrow.area and each.overlaps(line)
                    ]
                    assert not crossed, texts(arrow.area)


def stretch(start: tuple[float, float], end: tuple[float, float]) -> TextArea:
    """Return the line from `start` to `end` less a pixel on each side, since it may touch an edge."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return TextArea(left + 1, top + 1, right - left - 2, bottom - top - 2, ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_is_the_same_whenever_it_is_drawn(language: str) -> None:
    entities = Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True))
    assert draw(model_of(entities), language) == model_diagram(language)


def test_the_diagram_by_itself_is_svg_in_both_languages(pages: FlaskClient) -> None:
    names = {}
    for language in LANGUAGES:
        answer = pages.get(f"/ns/diagram.svg?lang={language}")
        assert answer.mimetype == "image/svg+xml"
        root = ElementTree.fromstring(answer.data)  # noqa: S314 (our own)
        assert root.tag == SVG + "svg"
        assert [element.tag for element in root][:2] == [SVG + "title", SVG + "desc"]
        assert "style" not in answer.text, "the policy refuses it"
        links = [each.attrib["href"] for each in root.iter(SVG + "a")]
        assert UTS + "Statement" in links
        names[language] = "".join(root.itertext())
    assert "Utsaga" in names["sv"]
    assert "Statement" in names["en"]
    swedish = pages.get("/ns/diagram.svg")
    assert "Utsaga" in swedish.text
    assert "Accept-Language" in swedish.vary


def test_texts_stay_within_their_boxes_in_a_browser(browser: Browser, server: str) -> None:
    with browser.new_context(base_url=server) as context:
        page = context.new_page()
        for language in LANGUAGES:
            page.goto(f"/ns?lang={language}")
            outside: list[str] = page.evaluate(OUTSIDE)
            assert outside == []


OUTSIDE = """() => [...document.querySelectorAll('.model-diagram a')].flatMap(link => {
  const box = link.querySelector('rect').getBBox()
  return [...link.querySelectorAll('text')].filter(text => {
    const {x, y, width, height} = text.getBBox()
    return x < box.x || y < box.y || x + width > box.x + box.width || y + height > box.y + box.height
  }).map(text => text.textContent)
})"""
