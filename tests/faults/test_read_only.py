"""A file system that cannot be written to, or is full: what reads goes on, what writes is refused."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.soak import served
from graph.core.errors import Forbidden, Unavailable
from graph.core.namespaces import ID
from graph.curation.sssom_writer import Judgement, MappingTable
from graph.ingest import wikidata_file
from graph.ingest.wikidata_records import Record
from graph.release.releases import Releases
from graph.reports.report import Report, ReportFields
from graph.reports.report_store import ReportStore
from tests.faults.client import assert_no_traceback, get
from tests.faults.conftest import Commands
from tests.faults.fork_server import fill

pytestmark = pytest.mark.slow
WORDS = "Det här ska inte gå förlorat."


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """What makes a folder read-only, also for root, until the test ends."""
    mounted: list[Path] = []

    def protect(folder: Path) -> None:
        if os.geteuid() != 0:
            for each in (folder, *folder.rglob("*")):
                each.chmod(each.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
            return
        for options in (["--bind", str(folder), str(folder)], ["-o", "remount,bind,ro", str(folder)]):
            done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"root can write here, and nothing can be mounted: {done.stderr.strip()}")
            mounted.append(folder)

    yield protect
    for folder in dict.fromkeys(mounted):
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_releases_that_cannot_be_written_to_are_served_and_builds_are_refused(
    two: Path,
    tmp_path: Path,
    commands: Commands,
    facts: tuple[Path, Path],
    read_only: Callable[[Path], None],
) -> None:
    first, second = Releases(two).all()
    read_only(two)
    with served(two, log=tmp_path / "log") as (address, _):
        pages = ("/", "/source", "/search?q=register", f"/sparql?query=ASK%7B%7D&release={first.manifest.id}")
        assert [get(address, each)[0] for each in pages] == [200, 200, 200, 200]
        assert get(address, "/readyz") == (200, "ready\n")
        assert_no_traceback(tmp_path / "log")
    for words in (
        ("build", "--facts", facts[0]),
        ("releases", "activate", first.manifest.id),
        ("releases", "prune", "--keep", "0"),
    ):
        ended = commands.run("--releases", two, *words)
        assert ended.has_failed_clearly, ended.output
        assert str(two) in ended.output
        assert "cannot be written" in ended.output
    assert commands.run("--releases", two, "releases", "verify").status == 0
    assert Releases(two).live().manifest.id == second.manifest.id


def test_the_form_for_reports_says_so_and_keeps_what_was_written(
    one: Path, tmp_path: Path, read_only: Callable[[Path], None]
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    read_only(reports)
    fields = {"about": "", "reason": "wrong", "text": WORDS, "reply_to": "", "url": ""}
    with served(one, settings={"UTSAGA_REPORTS": str(reports)}) as (address, _):
        connection = HTTPConnection(*address, timeout=60)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "Accept": "text/html",
        }
        connection.request("POST", "/report", urlencode(fields), headers)
        response = connection.getresponse()
        assert response.status == 503
        assert WORDS in response.read().decode()
        assert_no_traceback(one / "server.log")


@pytest.fixture
def folder(small_disk: Callable[[int], Path]) -> Path:
    """A folder on a disk that will be full."""
    place = small_disk(1_000) / "folder"
    place.mkdir()
    return place


def test_a_report_a_link_and_facts_from_wikidata_without_room_leave_what_was_there(folder: Path) -> None:
    store = ReportStore(folder, 10, 100_000)
    report = Report.new(ReportFields("wrong", "", WORDS, ""), language="sv", release="")
    store.add(report)
    table, facts = folder / "example.sssom.tsv", folder / wikidata_file.FILE
    judgement = Judgement(f"{ID}source/register", "Register", "https://a.example/1", "One", "Somebody")
    MappingTable(table, "https://a.example/").record(judgement)
    record = Record(f"{ID}source/register", "Q1", date(2026, 1, 1), frozenset())
    facts.parent.mkdir(exist_ok=True)
    wikidata_file.save(facts, [record])
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    fill(folder.parent)
    with pytest.raises(Unavailable, match="cannot be stored"):
        store.add(Report.new(ReportFields("wrong", "", WORDS, ""), language="sv", release=""))
    with pytest.raises(Forbidden, match="there is no room left"):
        MappingTable(table, "https://a.example/").record(judgement)
    with pytest.raises(Forbidden, match="there is no room left"):
        wikidata_file.save(facts, [record, replace(record, entity=f"{ID}source/other")])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert shutil.disk_usage(folder).free == 0
