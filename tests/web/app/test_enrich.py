"""The command `enrich`: output, and status 1 on failure."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.build import pipeline
from graph.ingest import wikidata_file
from tests.endpoint import WIKIDATA_FACTS, Endpoint, serving
from web import cli


@pytest.fixture
def wikidata() -> Iterator[Endpoint]:
    with serving(WIKIDATA_FACTS) as endpoint:
        yield endpoint


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """A copy of the links."""
    shutil.copytree(pipeline.FACTS / "links", tmp_path / "links")
    return tmp_path


def enrich(facts: Path, *words: str) -> Result:
    return CliRunner().invoke(cli.main, ["enrich", "--facts", str(facts), "--pause", "0", *words])


def test_it_fetches_facts_and_prints_counts(facts: Path, wikidata: Endpoint) -> None:
    result = enrich(facts, "--endpoint", wikidata.url)
    assert result.exit_code == 0, result.output
    assert "324 entities, asked about on" in result.stdout
    assert "population: 2" in result.stdout
    assert "left out: organisation/uppsala-kommun" in result.stderr
    assert "javascript:alert(1)" in result.stderr
    assert len(wikidata.queries) == 7 * 2 + 1, "batches of 50: values and population each, and one name"
    assert all("utsaga" in headers["user-agent"] for headers in wikidata.headers)


def test_offline_it_sends_no_request(facts: Path, wikidata: Endpoint) -> None:
    enrich(facts, "official-site", "--endpoint", wikidata.url)
    before, asked = (facts / wikidata_file.FILE).read_bytes(), len(wikidata.queries)
    result = enrich(facts, "--offline", "--endpoint", wikidata.url)
    assert result.exit_code == 0
    assert "official-site: 2" in result.stdout
    assert "324 more to be asked about" in result.stdout
    assert len(wikidata.queries) == asked
    assert (facts / wikidata_file.FILE).read_bytes() == before


def test_offline_without_fetched_facts_it_fails(facts: Path) -> None:
    result = enrich(facts, "--offline")
    assert result.exit_code == 1
    assert "no facts have been fetched yet" in result.stderr
    assert not (facts / "enrichment").exists()


def test_a_failure_is_printed_without_a_traceback(facts: Path, wikidata: Endpoint) -> None:
    wikidata.behave("fine", "fine", "hidden")
    result = enrich(facts, "--endpoint", wikidata.url)
    assert result.exit_code == 1
    assert "50 of 324 entities were asked about; that is kept." in result.stderr
    assert "status 403" in result.stderr
    assert "Traceback" not in result.output
    assert len(wikidata_file.load(facts / wikidata_file.FILE)) == 50


@pytest.mark.parametrize(
    "words", [["colour"], ["--max-age", "-1"], ["--max-age", "x"], ["--endpoint", "ftp://example.org/"]]
)
def test_invalid_options_are_reported(facts: Path, words: list[str]) -> None:
    result = enrich(facts, *words)
    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output
    assert not (facts / "enrichment").exists()
