"""The register of visits: what is due is visited, each visit is kept at once, and nothing is made up."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from graph.build import pipeline
from graph.core.errors import BadInput, Forbidden, NotFound, Unavailable
from graph.curation.polite_client import ReplyLimits
from graph.curation.retry import RetryPolicy
from graph.curation.site_client import VisitSettings
from graph.curation.source_visits import VisitedSource, VisitPlan, read_addresses
from graph.curation.wayback import WaybackMachine
from graph.curation.web_visitor import WebVisitor
from graph.ingest import csvw_metadata, source_checks
from graph.ingest.source_checks import COLUMNS, ArchivedCopy, SourceCheck
from graph.ingest.visit_failures import FAILURES
from tests.endpoint import Clock
from tests.website import Page, Website, serving

TODAY = date(2026, 11, 29)
METADATA = f"{source_checks.FILE}-metadata.json"
CLOSED = "http://127.0.0.{}:9/"  # nobody listens at this port


@pytest.fixture
def site() -> Iterator[Website]:
    with serving() as site:
        site.answer("/a", Page())
        site.answer("/b", Page(301, location="/a"))
        site.answer("/c", Page(404))
        yield site


@pytest.fixture
def facts(tmp_path: Path, site: Website) -> Path:
    """A folder with three sources and the description of the register."""
    (tmp_path / "registers").mkdir()
    shutil.copy(pipeline.FACTS / METADATA, tmp_path / METADATA)
    for name in "abc":
        add_source(tmp_path, name, f"{site.url}/{name}")
    return tmp_path


def add_source(facts: Path, name: str, url: str) -> None:
    (facts / "sources").mkdir(exist_ok=True)
    (facts / "sources" / f"{name}.yaml").write_text(f"id: source/{name}\ntype: Report\nurl: {url}\n")


def plan(facts: Path, *only: str, max_age: int = 30, today: date = TODAY) -> VisitPlan:
    return VisitPlan.of(facts, only, max_age, today)


def visits(plan: VisitPlan, archive: str) -> Iterator[VisitedSource]:
    clock = Clock()

    def policy() -> RetryPolicy:
        return RetryPolicy(attempts=2, clock=clock, sleep=clock.sleep)

    settings = VisitSettings(policy, limits=ReplyLimits(5.0, 1000), allow_private=True)
    return plan.carry_out(WebVisitor(settings), WaybackMachine(archive, policy()))


def run(facts: Path, site: Website, *only: str, max_age: int = 30, today: date = TODAY) -> list[str]:
    """Visit what is due; return the sources visited."""
    found = visits(plan(facts, *only, max_age=max_age, today=today), site.archive)
    return [each.check.source for each in found]


def register(facts: Path) -> str:
    return (facts / source_checks.FILE).read_text()


# ---- what is kept


def test_each_visit_is_a_row_with_what_became_of_it(facts: Path, site: Website) -> None:
    site.snapshots[f"{site.url}/c"] = ("20191231235959", "200")
    add_source(facts, "d", "http://127.0.0.9:9/")
    assert run(facts, site) == ["a", "b", "c", "d"]
    assert register(facts).splitlines() == [
        "source,url,checked,status,error,moved_to,archived_copy,archived",
        f"a,{site.url}/a,2026-11-29,200,,,,",
        f"b,{site.url}/b,2026-11-29,200,,{site.url}/a,,",
        f"c,{site.url}/c,2026-11-29,404,,,http://web.archive.org/web/20191231235959/{site.url}/c,2019-12-31",
        "d,http://127.0.0.9:9/,2026-11-29,,unreachable,,,",
    ]


def test_the_register_is_read_back_as_it_was_written(facts: Path) -> None:
    copy = ArchivedCopy('https://web.archive.org/web/2019/https://x.example/?a=1,2&b="3"', date(2019, 1, 2))
    copy = ArchivedCopy(copy.url.replace('"', "%22"), copy.on)
    checks = {
        "a": SourceCheck("a", "https://x.example/", TODAY, 200, None, "https://y.example/", copy),
        "b": SourceCheck("b", "https://x.example/b", TODAY, None, "robots"),
    }
    source_checks.save(facts / source_checks.FILE, reversed(checks.values()))
    assert source_checks.load(facts / source_checks.FILE) == checks


def test_the_description_of_the_register_is_that_of_the_program() -> None:
    path = pipeline.FACTS / METADATA
    columns = csvw_metadata.describe(path, path.name.removesuffix("-metadata.json")).tableSchema.columns
    assert tuple(column.name for column in columns) == COLUMNS
    assert columns[COLUMNS.index("error")].inherit("datatype").format == "|".join(FAILURES)


@pytest.mark.parametrize(
    "row",
    [
        "a,https://x.example/,29 November,200,,,,",
        "a,javascript:alert(1),2026-11-29,200,,,,",
        "a,https://x.example/,2026-11-29,2000,,,,",
        "a,https://x.example/,2026-11-29,,asleep,,,",
        "a,https://x.example/,2026-11-29,200,,,,2019-01-02",
        "a,https://x.example/,2026-11-29,200",
    ],
)
def test_a_register_with_faults_is_not_replaced(facts: Path, row: str) -> None:
    text = f"{','.join(COLUMNS)}\n{row}\n"
    (facts / source_checks.FILE).write_text(text)
    with pytest.raises(BadInput) as caught:
        plan(facts)
    assert caught.value.faults[0].where == f"{facts / source_checks.FILE}:2"
    assert register(facts) == text


def test_a_register_without_a_description_is_not_begun(facts: Path) -> None:
    (facts / METADATA).unlink()
    with pytest.raises(BadInput):
        plan(facts)


def test_a_folder_that_cannot_be_written_is_told_before_any_visit(facts: Path, site: Website) -> None:
    waiting = plan(facts)
    shutil.rmtree(facts / "registers")
    (facts / "registers").write_text("")
    with pytest.raises(Forbidden):
        list(visits(waiting, site.archive))
    assert site.requests == []


# ---- what is due


def test_what_was_visited_of_late_is_left_in_peace(facts: Path, site: Website) -> None:
    run(facts, site)
    before, asked = register(facts), len(site.requests)
    assert run(facts, site, today=TODAY + timedelta(days=29)) == []
    assert (register(facts), len(site.requests)) == (before, asked)
    assert run(facts, site, today=TODAY + timedelta(days=30)) == ["a", "b", "c"]
    assert run(facts, site, max_age=0, today=TODAY + timedelta(days=30)) == ["a", "b", "c"]


def test_another_address_is_visited_at_once(facts: Path, site: Website) -> None:
    site.snapshots[f"{site.url}/c"] = ("20191231235959", "200")
    run(facts, site)
    add_source(facts, "c", f"{site.url}/a")
    assert run(facts, site) == ["c"]
    assert source_checks.load(facts / source_checks.FILE)["c"] == SourceCheck(
        "c", f"{site.url}/a", TODAY, 200
    )


@pytest.mark.parametrize("name", ["b", "source/b", "https://w3id.org/utsaga/id/source/b"])
def test_one_source_alone_is_visited(facts: Path, site: Website, name: str) -> None:
    assert run(facts, site, name) == ["b"]
    assert run(facts, site) == ["a", "c"]
    assert list(source_checks.load(facts / source_checks.FILE)) == ["a", "b", "c"]


def test_a_source_without_an_address_is_told(facts: Path) -> None:
    (facts / "sources" / "e.yaml").write_text("id: source/e\ntype: Report\n")
    for name in ("e", "nobody"):
        with pytest.raises(NotFound, match=name):
            plan(facts, name)


def test_rows_of_sources_that_are_gone_go_too(facts: Path, site: Website) -> None:
    run(facts, site)
    (facts / "sources" / "b.yaml").unlink()
    assert run(facts, site) == []
    assert list(source_checks.load(facts / source_checks.FILE)) == ["a", "c"]


def test_the_addresses_of_the_project_are_those_of_its_sources() -> None:
    addresses = read_addresses(pipeline.FACTS)
    assert addresses["ny-teknik-office-365"].startswith("https://www.nyteknik.se/")
    assert all(url.startswith(("http://", "https://")) for url in addresses.values())


def test_an_address_with_letters_beyond_ascii_is_kept_as_it_was_given(facts: Path, site: Website) -> None:
    site.answer("/%C3%A5r", Page())
    add_source(facts, "a", f"{site.url}/år")
    assert run(facts, site, "a") == ["a"]
    check = SourceCheck("a", f"{site.url}/år", TODAY, 200)
    assert source_checks.load(facts / source_checks.FILE)["a"] == check
    assert run(facts, site, "a") == []


# ---- the archive


@pytest.mark.parametrize(("timestamp", "status"), [("20191231235959", "404"), ("", "")])
def test_a_copy_of_an_error_is_none(facts: Path, site: Website, timestamp: str, status: str) -> None:
    if timestamp:
        site.snapshots[f"{site.url}/a"] = (timestamp, status)
    run(facts, site, "a")
    assert source_checks.load(facts / source_checks.FILE)["a"].copy is None


@pytest.mark.parametrize("trouble", ["fails", "nonsense"])
def test_a_copy_stays_when_the_archive_does_not_answer(facts: Path, site: Website, trouble: str) -> None:
    site.snapshots[f"{site.url}/a"] = ("20191231235959", "200")
    run(facts, site)
    if trouble == "fails":
        site.archive_status = 503
    else:
        site.snapshots[f"{site.url}/a"] = ("yesterday", "200")
    asked = len(site.requests)
    assert run(facts, site, max_age=0) == ["a", "b", "c"]
    copy = source_checks.load(facts / source_checks.FILE)["a"].copy
    assert copy is not None
    assert copy.on == date(2019, 12, 31)
    archive = [each for each in site.requests[asked:] if "/wayback/" in each]
    assert len(archive) == (2 if trouble == "fails" else 1), "it is not asked about the others"


# ---- nothing is lost


def test_a_run_that_is_ended_keeps_what_it_has(facts: Path, site: Website) -> None:
    for found in visits(plan(facts), site.archive):
        if found.check.source == "b":
            break
    assert list(source_checks.load(facts / source_checks.FILE)) == ["a", "b"]
    assert run(facts, site) == ["c"]


def test_offline_nothing_is_changed(facts: Path, site: Website) -> None:
    run(facts, site)
    before = register(facts)
    for number, name in enumerate("abc", 2):
        add_source(facts, name, CLOSED.format(number))
    with pytest.raises(Unavailable, match="no host can be reached"):
        list(visits(plan(facts), CLOSED.format(1)))
    assert register(facts) == before


def test_offline_is_told_after_some_hosts(facts: Path, site: Website) -> None:
    for number in range(20):
        add_source(facts, f"host-{number:02}", CLOSED.format(number + 2))
    (facts / "sources" / "a.yaml").unlink()
    with pytest.raises(Unavailable) as caught:
        list(visits(plan(facts, *(f"host-{number:02}" for number in range(20))), CLOSED.format(1)))
    assert caught.value.faults[0].where == CLOSED.format(6)
    assert not (facts / source_checks.FILE).exists()


def test_a_network_that_fails_half_way_makes_no_site_unreachable(facts: Path, site: Website) -> None:
    for number, name in enumerate(("d", "e"), 2):
        add_source(facts, name, CLOSED.format(number))
    with pytest.raises(Unavailable):
        list(visits(plan(facts), CLOSED.format(1)))
    assert list(source_checks.load(facts / source_checks.FILE)) == ["a", "b", "c"]


def test_a_silent_host_is_believed_once_another_answers(facts: Path, site: Website) -> None:
    add_source(facts, "a", CLOSED.format(2))
    found = visits(plan(facts, "a", "b"), CLOSED.format(1))
    assert [each.check.source for each in found] == ["a", "b"]
    assert source_checks.load(facts / source_checks.FILE)["a"].failure == "unreachable"


def test_a_hostile_address_is_kept_as_such_and_the_archive_does_not_hear_of_it(
    facts: Path, site: Website
) -> None:
    add_source(facts, "a", "http://user:secret@127.0.0.1/")
    run(facts, site, "a")
    assert source_checks.load(facts / source_checks.FILE)["a"].failure == "not-allowed"
    assert site.requests == []
