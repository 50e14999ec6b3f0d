"""A person who was removed on request is nowhere in a release: not in its pages, search, queries or files."""

import gzip
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.build import pipeline
from graph.build.removal import remove
from graph.core.errors import BadInput
from graph.core.namespaces import ID
from graph.ingest.removals import Removal
from graph.release.content_statistics import collect_unordered
from graph.release.manifest import content_digest, describe
from graph.release.publication import Publication
from graph.release.release import Release, removal_digest
from graph.release.releases import Releases
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState

PERSON = f"{ID}person/patrik-kron-malmo-kommun"
RETIRED = f"{ID}person/patrik-kron"
STATEMENT = "ny-teknik-office-365-malmo-samtal"
ARTICLE = "sources/ny-teknik-office-365.yaml"
NAMED = re.compile(r"patrik[ -]kron|\bKron\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(pipeline.FACTS, tmp_path_factory.mktemp("removal") / "facts"))
    (folder / "removed.yaml").write_text("- id: person/patrik-kron-malmo-kommun\n  removed: 2026-12-31\n")
    return folder


@pytest.fixture(scope="module")
def removed(facts: Path, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release without the person, built after one with the person."""
    releases = Releases(tmp_path_factory.mktemp("releases"))
    shutil.copytree(release.path, releases.home / release.path.name)
    releases.activate(releases.get(release.manifest.id))
    return pipeline.build(releases, facts)


@pytest.fixture(scope="module")
def client(removed: Release) -> FlaskClient:
    state = AppState.of(
        InProcess.open(removed.store),
        release=removed.manifest,
        text_index=TextIndex.open_beside(removed.store),
        publication=Publication.of(removed),
    )
    return create_app(state).test_client()


@pytest.mark.slow
def test_no_file_of_the_release_names_the_person(removed: Release, release: Release) -> None:
    def named(one: Release) -> set[str]:
        dumps = [one.path / "utsaga.nq.gz", *(one.path / "dumps").glob("*.gz")]
        texts = {path.name: gzip.decompress(path.read_bytes()).decode() for path in dumps}
        others = [path for path in one.path.glob("*.*") if path.suffix in {".nt", ".json"}]
        texts |= {path.name: path.read_text() for path in others}
        texts["utsaga.sqlite"] = (one.path / "dumps/utsaga.sqlite").read_bytes().decode(errors="replace")
        for packed in ("csv.zip", "xlsx"):
            with zipfile.ZipFile(one.path / f"dumps/utsaga.{packed}") as archive:
                texts[packed] = "".join(archive.read(name).decode() for name in archive.namelist())
        return {name for name, text in texts.items() if NAMED.search(text)}

    assert {"utsaga.nq.gz", "utsaga.sqlite", "csv.zip", "xlsx"} <= named(release)
    assert named(removed) == set()
    assert removed.manifest.id != release.manifest.id
    assert set(removed.manifest.removed) == {removal_digest(PERSON), removal_digest(RETIRED)}


@pytest.mark.slow
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/json"])
@pytest.mark.parametrize(
    "path",
    [
        "/id/person/patrik-kron-malmo-kommun",
        "/person/patrik-kron-malmo-kommun",
        "/person/patrik-kron-malmo-kommun.ttl",
        "/person/patrik-kron-malmo-kommun.json",
        "/id/person/patrik-kron",
        "/person/patrik-kron",
        f"/resource?iri={PERSON}",
        f"/resource?iri={PERSON}%23it-chef",
    ],
)
def test_the_addresses_of_the_person_say_that_the_entry_is_gone(
    client: FlaskClient, path: str, accept: str
) -> None:
    answer = client.get(path, headers={"Accept": accept, "Accept-Language": "sv"})
    assert answer.status_code == 410
    if accept == "text/html":
        assert "<h1>Uppgiften är borttagen</h1>" in answer.text
    assert client.get("/person/nobody-at-all").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/person",
        "/person.csv",
        "/organisation/malmo-kommun",
        "/organisation/malmo-kommun.atom",
        "/organisation/malmo-kommun.json",
        "/source/ny-teknik-office-365",
        f"/statement/{STATEMENT}",
        f"/statement/{STATEMENT}.json",
        f"/statement/{STATEMENT}.ttl",
        f"/statement/{STATEMENT}.bib",
        f"/statement/{STATEMENT}.csl.json",
        "/feed.atom",
        "/queries/people-and-offices.csv",
        "/queries/statements-by-organisation.csv",
        "/search.json?q=patrik",
        "/suggest.json?prefix=patrik",
        "/reconcile?queries=%7B%22q%22:%7B%22query%22:%22Patrik%20Kron%22%7D%7D",
        "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20FILTER(CONTAINS(STR(%3Fs),'patrik-kron'))%7D",
        "/releases",
        "/dataset.nt",
        "/sitemap.xml",
    ],
)
def test_nothing_that_is_served_names_the_person(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "sv"})
    assert answer.status_code == 200
    asked = re.compile(r'"query": "[^"]*"')  # a response may repeat what was asked
    assert not NAMED.search(asked.sub("", answer.text))


@pytest.mark.slow
def test_the_release_page_and_its_differences_name_nobody(client: FlaskClient, removed: Release) -> None:
    for path in (f"/releases/{removed.manifest.id}", f"/releases/{removed.manifest.id}.json"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not NAMED.search(answer.text)


@pytest.mark.slow
def test_statements_stay_and_say_that_the_name_was_removed(client: FlaskClient) -> None:
    page = client.get(f"/statement/{STATEMENT}?lang=sv").text
    assert "Namnet borttaget på begäran" in page
    assert "Källan själv" not in page
    assert "Malmö" in page
    citation = client.get(f"/statement/{STATEMENT}.bib?lang=en").text
    assert "Name removed on request" in citation
    document = client.get(f"/statement/{STATEMENT}.ttl").text
    assert re.search(r'speakerRemoved>? "2026-12-31"', document)


def test_a_person_whom_no_file_has_any_more_stays_removed() -> None:
    gone = remove([], [Removal(PERSON, "2026-12-31")])
    assert gone.iris == (PERSON,)
    assert remove([], []).iris == ()


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("sv: it-chef\n", "sv: it-chef (Patrik Kron)\n", None),  # in the office, which is left out
        ("      sv: Patrik Kron\n", '      sv: "Patrik Kron "\n', None),
        ("      sv: Patrik Kron\n", '      sv: "Patrik Kron —"\n', None),
        (
            "Malmö för samtal för att",
            "Enligt Kron för Malmö samtal för att",
            "write it without the name",
        ),
        (
            "  - id: statement/ny-teknik-office-365-malmo-samtal",
            "  - id: statement/ny-teknik-office-365-patrik-kron-samtal",
            "give it another id",
        ),
    ],
)
def test_what_would_still_name_the_person_stops_the_build(
    facts: Path, old: str, new: str, remedy: str | None, tmp_path: Path
) -> None:
    article = tmp_path / "ny-teknik-office-365.yaml"
    text = (facts / ARTICLE).read_text()
    assert old in text
    article.write_text(text.replace(old, new, 1))
    read = [pipeline.read_file(article)]
    removals = [Removal(PERSON, "2026-12-31")]
    if remedy is None:
        remove(read, removals)
        return
    with pytest.raises(BadInput) as refused:
        remove(read, removals)
    assert {each.remedy for each in refused.value.faults} == {remedy}
    assert str(article) in refused.value.faults[0].where


def test_the_digest_of_a_release_covers_what_was_removed() -> None:
    nothing = collect_unordered([])
    plain, gone = (describe(nothing, content_digest([], removed), removed) for removed in ([], [PERSON]))
    assert plain.id != gone.id
    assert gone.has_removed(PERSON)
    assert gone.has_removed(f"{PERSON}#it-chef")
    assert not gone.has_removed(f"{PERSON}-2")
    assert not replace(gone, removed=[]).has_removed(PERSON)
