"""`utsaga queries --check` on the live release, and on a stand-in for Wikidata where that is allowed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Store

from graph.cli import query_check
from graph.query.row_bounds import RowBounds
from graph.query.stored import load_queries
from graph.release import run_records
from graph.release.release import Release
from graph.release.releases import Releases
from tests.endpoint import WIKIDATA_FACTS, Endpoint, serving
from web import cli

LOCAL, AFAR = "coverage", "coats-of-arms"
Check = Callable[..., Result]


@pytest.fixture
def live(release: Release, tmp_path: Path) -> Release:
    """A copy of the release, without any recorded run."""
    releases = Releases(tmp_path / "releases")
    shutil.copytree(release.path, releases.home / release.path.name)
    releases.activate(releases.get(release.manifest.id))
    return releases.live()


@pytest.fixture
def wikidata() -> Iterator[Endpoint]:
    with serving(WIKIDATA_FACTS) as endpoint:
        yield endpoint


@pytest.fixture
def check(live: Release, wikidata: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Check:
    """What runs the command on one query of our own data and on one that asks the stand-in."""
    queries = {name: load_queries()[name] for name in (LOCAL, AFAR)}
    text = queries[AFAR].text.replace(queries[AFAR].services[0], wikidata.url)
    queries[AFAR] = replace(queries[AFAR], text=text, services=(wikidata.url,))
    monkeypatch.setattr(query_check, "load_queries", lambda: queries)

    def run(*words: str, services: str = "", **bounds: RowBounds) -> Result:
        queries.update({name: replace(queries[name], bounds=each) for name, each in bounds.items()})
        command = ["--releases", str(live.path.parent), "queries", "--check", *words]
        return CliRunner(env={"UTSAGA_SERVICES": services, "COLUMNS": "300"}).invoke(cli.main, command)

    return run


def test_each_query_of_our_own_data_is_run_and_recorded(
    check: Check, live: Release, wikidata: Endpoint
) -> None:
    found = check(services=wikidata.url)
    assert found.exit_code == 0, found.output
    assert "as expected" in found.output
    assert AFAR not in found.output
    assert {name: run.rows for name, run in run_records.read(live).items()} == {LOCAL: 2}
    assert wikidata.queries == []


def test_unexpected_rows_end_in_failure_and_are_recorded(check: Check, live: Release) -> None:
    found = check(**{LOCAL: RowBounds(3, 9)})
    assert found.exit_code == 1
    assert "the query gives 2 rows, and its header expects 3–9" in found.stderr
    assert f"queries/{LOCAL}.rq" in found.stderr
    assert "unexpected" in found.stdout
    assert run_records.read(live)[LOCAL].rows == 2


def test_an_endpoint_is_asked_where_it_is_allowed(check: Check, live: Release, wikidata: Endpoint) -> None:
    found = check("--services", services=wikidata.url)
    assert found.exit_code == 0, found.output
    assert len(wikidata.queries) == 1
    assert (run_records.read(live)[AFAR].rows or 0) > 1


def test_an_endpoint_that_is_not_allowed_is_not_asked(
    check: Check, live: Release, wikidata: Endpoint
) -> None:
    found = check("--services")
    assert found.exit_code == 0, found.output
    words = " ".join(found.output.split())  # of a table, which breaks its lines
    assert f"not run: UTSAGA_SERVICES does not allow {wikidata.url}" in words
    assert wikidata.queries == []
    assert AFAR not in run_records.read(live)


def test_an_endpoint_that_does_not_answer_is_told_and_recorded(
    check: Check, live: Release, wikidata: Endpoint
) -> None:
    wikidata.behave("fails")
    found = check("--services", services=wikidata.url)
    assert found.exit_code == 1
    assert "the query was not answered" in found.stderr
    assert f"queries/{AFAR}.rq" in found.stderr
    assert "Traceback" not in found.output
    run = run_records.read(live)[AFAR]
    assert run.rows is None
    assert run.problem
    assert run_records.read(live)[LOCAL].rows == 2


@pytest.fixture
def engine(live: Release, wikidata: Endpoint) -> Endpoint:
    """Another engine, which holds the data of the live release."""
    wikidata.store = Store.read_only(str(live.store))
    return wikidata


def test_another_engine_is_checked_and_recorded_apart(check: Check, live: Release, engine: Endpoint) -> None:
    found = check("--endpoint", engine.url)
    assert found.exit_code == 0, found.output
    assert "another engine" in found.output
    assert "as expected" in found.output
    runs = run_records.read_engines(live)["another engine"]
    assert {name: run.rows for name, run in runs.items()} == {LOCAL: 2}
    assert run_records.read(live) == {}
    assert load_queries()[LOCAL].text in engine.queries


def test_another_engine_with_unexpected_rows_fails_and_is_recorded(
    check: Check, live: Release, engine: Endpoint
) -> None:
    found = check("--endpoint", engine.url, **{LOCAL: RowBounds(3, 9)})
    assert found.exit_code == 1
    assert "the query gives 2 rows, and its header expects 3–9" in found.stderr
    assert run_records.read_engines(live)["another engine"][LOCAL].rows == 2


def test_an_engine_with_other_data_is_not_checked(check: Check, live: Release, wikidata: Endpoint) -> None:
    found = check("--endpoint", wikidata.url)
    assert found.exit_code == 1
    assert f"does not hold the data of the release {live.manifest.id}" in found.stderr
    assert "utsaga.nq.gz" in found.stderr
    assert run_records.read_engines(live) == {}


def test_an_engine_that_is_away_is_told(check: Check, live: Release, engine: Endpoint) -> None:
    engine.always = "fails"
    found = check("--endpoint", engine.url)
    assert found.exit_code == 1
    assert "The endpoint answered with the status 500" in found.stderr
    assert run_records.read_engines(live) == {}


@pytest.mark.parametrize("words", [["--services"], ["--endpoint", "http://127.0.0.1:1/sparql"]])
def test_what_goes_with_the_check_is_refused_alone(words: list[str]) -> None:
    found = CliRunner().invoke(cli.main, ["queries", *words])
    assert found.exit_code == 2
    assert "--services and --endpoint go with --check" in found.output
