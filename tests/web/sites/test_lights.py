"""The example site: statements with evidence of another field, which use the parts of the product."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import UTSAGA
from tests.web.sites.conftest import Served, serve

pytestmark = pytest.mark.slow
EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "lights"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lights") / "site"
    shutil.copytree(EXAMPLE, place)
    return place


@pytest.fixture(scope="module")
def lights(folder: Path) -> Iterator[Served]:
    with serve(folder) as served:
        yield served


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", ("Skerry Lights", "300", "Lighthouses", "Who lights with what?", "Bress Harbour Board")),
        ("/lighthouse", ("<h1>Lighthouses</h1>", "Holm Tower", "1852", "Kept by")),
        ("/lighthouse/holm-tower", ("Holm Harbour Board", "1852", "58.366")),
        ("/organisation/holm-harbour-board", ("LED lantern", "in use", "Navigation Lights Act")),
        ("/product/led-lantern", ("declined", "discontinued", "Eddy Sound Harbour Board")),
        ("/law/navigation-lights-act", ("obstacle", "permitted with conditions")),
        ("/person/ragna-vik-holm", ("chair", "Holm Harbour Board")),
        ("/statement/holm-2014-chair", ("a keeper notices things", "paragraph 3", "SHA-256")),
        ("/source/holm-2014", ("Report of the Holm Harbour Board for 2014",)),
        ("/map", ("18 places", "Skua Rock")),
        ("/timeline", ("360 events", "Jarl Bank Harbour Board", 'href="/timeline?kind=lighthouse"')),
        ("/timeline?kind=lighthouse&sort=oldest", ("Holm Tower", "1852", "Everything", "Statements")),
        ("/queries/who-waits-for-whom", ("Aldra Harbour Board",)),
        ("/search?q=who+lights+with+what", ("Who lights with what?", "The whole answer")),
        ("/build?class=Lighthouse", ("Lighthouse",)),
        ("/dataset", ("Skerry Lights",)),
    ],
)
def test_pages_show_the_site_and_no_other_subject(lights: Served, path: str, words: tuple[str, ...]) -> None:
    page = lights.get(path)
    assert [each for each in words if each not in page] == []
    assert [each for each in ("Sweden", "Gothenburg", "municipalit", "Office 365") if each in page] == []


def test_lighthouses_on_the_timeline_are_not_those_of_an_organisation(lights: Served) -> None:
    path = "/timeline?kind=lighthouse&organisation=holm-harbour-board"
    assert "leave organisation= out" in lights.get(path, "application/json", 400)


def test_a_statement_brings_its_evidence_to_programs(lights: Served) -> None:
    document = json.loads(lights.get("/statement/holm-2014-chair.json", "application/json"))
    (envelope,) = document["evidence"]
    assert envelope["source"]["iri"] == "https://lights.example/id/source/holm-2014"
    assert envelope["passages"][0]["paragraph"] == 3


def test_a_spreadsheet_is_matched(lights: Served) -> None:
    found = json.loads(lights.get('/reconcile?queries={"q0":{"query":"Holm Towr"}}', "application/json"))
    assert found["q0"]["result"][0]["id"] == "https://lights.example/id/lighthouse/holm-tower"


@pytest.mark.parametrize("source", ["holm-2014", "jarl-bank-2022"])
def test_every_passage_is_in_the_report(folder: Path, source: str) -> None:
    file = folder / "facts" / "sources" / f"{source}.yaml"
    text = folder / "texts" / f"{source}.txt"
    command = [str(UTSAGA), "--site", str(folder), "verify", str(file), str(text)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10" in done.stdout


def test_the_vocabulary_has_the_terms_of_the_site_and_of_its_parts(lights: Served) -> None:
    page = lights.get("/ns")
    assert "<h1><bdi>The lights vocabulary</bdi></h1>" in page
    assert "kept by" in page
    assert "<https://lights.example/ns#keptBy>" in lights.get("/ns.nt", "application/n-triples")
    assert "lighthouse" in page
    assert "Statement" in page
