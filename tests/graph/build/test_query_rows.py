"""A build runs the stored queries: their rows are recorded, and another number than expected stops it."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.build import pipeline, query_rows
from graph.core.errors import BadInput
from graph.core.site import SITE
from graph.query.row_bounds import RULE, RowBounds
from graph.query.store import ReleaseStore
from graph.query.stored import QUERY_FOLDER, load_queries
from graph.release import run_records
from graph.release.release import Release
from graph.release.releases import Releases

HERE = {name: query for name, query in load_queries().items() if not query.services}
NONE = RowBounds(0, 0)


def expect_no_rows(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the queries with these names be the only ones, and expect no rows of them."""
    queries = {name: replace(HERE[name], bounds=NONE) for name in names}
    monkeypatch.setattr(query_rows, "load_queries", lambda: queries)


def test_a_build_records_a_run_of_each_query_of_our_own_data(release: Release) -> None:
    runs = run_records.read(release)
    assert runs.keys() == HERE.keys()
    for name, run in runs.items():
        assert run.is_of(HERE[name])
        assert run.fault(HERE[name]) is None
        assert run.at >= release.manifest.created


def test_every_query_with_unexpected_rows_is_told(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    expect_no_rows(monkeypatch, "coverage", "law-in-force")
    with pytest.raises(BadInput) as caught:
        query_rows.require_expected(query_rows.run_all(ReleaseStore.open(release.store)))
    places = [(Path(fault.where), fault.rule) for fault in caught.value.faults]
    assert places == [(QUERY_FOLDER / f"{name}.rq", RULE) for name in ("coverage", "law-in-force")]


@pytest.mark.slow
def test_unexpected_rows_stop_the_build_and_what_is_live_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = Releases(tmp_path / "releases")
    expect_no_rows(monkeypatch, "coverage")
    with pytest.raises(BadInput, match="and its header expects 0–0"):
        pipeline.build(releases)
    assert releases.all() == []
    assert releases.current() is None
    assert [path.name for path in releases.home.iterdir()] == [".lock"]


@pytest.mark.slow
def test_unexpected_rows_are_found_without_building(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pipeline.compose(pipeline.read())
    pipeline.check_queries(content)
    expect_no_rows(monkeypatch, "coverage")
    with pytest.raises(BadInput, match="and its header expects 0–0"):
        pipeline.check_queries(content)


def test_a_front_page_query_that_is_none_stops_the_build() -> None:
    query_rows.require_front_page_query(SITE)
    query_rows.require_front_page_query(replace(SITE, home={"query": "coverage"}))
    with pytest.raises(BadInput, match="“coverege” of \\[home\\] is no stored query") as caught:
        query_rows.require_front_page_query(replace(SITE, home={"query": "coverege"}))
    assert caught.value.faults[0].where == str(SITE.folder / "utsaga.toml")
