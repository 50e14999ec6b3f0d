"""The command `check-sources`: progress, summary, and status 1 where there is no network."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.build import pipeline
from graph.ingest import source_checks
from tests.conftest import UTSAGA
from tests.website import Page, Website, serving
from web import cli

METADATA = f"{source_checks.FILE}-metadata.json"


@pytest.fixture
def site() -> Iterator[Website]:
    with serving() as site:
        yield site


@pytest.fixture
def facts(tmp_path: Path, site: Website) -> Path:
    """A folder with a source for each way that a visit may end."""
    (tmp_path / "registers").mkdir()
    shutil.copy(pipeline.FACTS / METADATA, tmp_path / METADATA)
    answers = {
        "answers": Page(),
        "busy": Page(503),
        "forbids": Page(),
        "gone": Page(410),
        "moved": Page(308, location="/answers"),
    }
    (tmp_path / "sources").mkdir()
    for name, page in answers.items():
        add_source(tmp_path, name, site.answer(f"/{name}", page))
    add_source(tmp_path, "silent", "http://127.0.0.2:9/")
    site.answer("/robots.txt", Page(body=b"User-agent: utsaga\nDisallow: /forbids"))
    site.snapshots[f"{site.url}/gone"] = ("20200102030405", "200")
    return tmp_path


def add_source(facts: Path, name: str, url: str) -> None:
    (facts / "sources" / f"{name}.yaml").write_text(f"id: source/{name}\ntype: Report\nurl: {url}\n")


def check(facts: Path, site: Website, *words: str, private: bool = True) -> Result:
    allowed = ["--allow-private"] if private else []
    options = ["--facts", str(facts), "--pause", "0", "--archive", site.archive, *allowed]
    return CliRunner().invoke(cli.main, ["check-sources", *options, *words])


def test_it_prints_each_visit_and_a_summary(facts: Path, site: Website) -> None:
    result = check(facts, site)
    assert result.exit_code == 0, result.output
    assert "1/6 source/answers: 200" in result.stderr
    assert "3/6 source/forbids: robots: robots.txt forbids the visit" in result.stderr
    assert "4/6 source/gone: 410, archived on 2020-01-02" in result.stderr
    assert f"5/6 source/moved: 200, moved to {site.url}/answers" in result.stderr
    assert "6/6 source/silent: unreachable" in result.stderr
    rows = [line.split() for line in result.stdout.splitlines()[1:]]
    assert {" ".join(words): int(count) for *words, count, _ in rows} == {
        "answered": 2,
        "moved": 1,
        "gone": 1,
        "other errors": 1,
        "unreachable": 1,
        "not visited": 1,
        "archived": 1,
    }


def test_a_second_run_has_nothing_to_do(facts: Path, site: Website) -> None:
    check(facts, site)
    asked = len(site.requests)
    result = check(facts, site)
    assert result.exit_code == 0
    assert "Nothing to visit" in result.stdout
    assert len(site.requests) == asked
    assert "1/1 source/gone: 410" in check(facts, site, "--older-than", "0", "--source", "gone").stderr


def test_private_addresses_are_not_visited_unless_that_is_asked_for(facts: Path, site: Website) -> None:
    result = check(facts, site, private=False)
    assert result.exit_code == 0, result.output
    assert "source/answers: not-allowed: 127.0.0.1 is on this machine" in result.stderr
    assert site.requests == []


def test_offline_it_says_so_and_changes_nothing(facts: Path, site: Website) -> None:
    result = check(facts, site, "--source", "silent", "--archive", "http://127.0.0.3:9/available")
    assert result.exit_code == 1
    assert result.stderr.count("✗") == 1
    assert "no host can be reached" in result.stderr
    assert "Traceback" not in result.output
    assert not (facts / source_checks.FILE).exists()


def test_an_archive_in_error_is_told(facts: Path, site: Website) -> None:
    site.archive_status = 403
    result = check(facts, site, "--source", "answers", "--source", "moved")
    assert result.exit_code == 0
    assert "The archive was not asked about all" in result.stderr
    assert "status 403" in result.stderr


def test_a_message_of_a_server_cannot_write_to_the_terminal(facts: Path, site: Website) -> None:
    site.answer("/moved", Page(302, location="/\x1b[31m[bold]red"))
    result = check(facts, site, "--source", "moved")
    assert "\x1b" not in result.stderr


@pytest.mark.usefixtures("interruptible")
def test_a_run_that_is_cancelled_keeps_its_rows(facts: Path, site: Website) -> None:
    site.answer("/gone", Page(wait=30))
    words = ["--facts", str(facts), "--pause", "0", "--archive", site.archive, "--allow-private"]
    with subprocess.Popen([UTSAGA, "check-sources", *words], stderr=subprocess.PIPE) as process:
        for _ in range(600):
            if "HEAD /gone" in site.requests:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)  # a signal just before a wait is seen after it, of 30 s
    assert process.returncode not in {0, -signal.SIGKILL}
    assert b"Traceback" not in errors
    assert list(source_checks.load(facts / source_checks.FILE)) == ["answers", "busy", "forbids"]
    assert len(list((facts / "registers").iterdir())) == 2, "no part of a file is left"


@pytest.mark.parametrize(
    "words",
    [["--older-than", "-1"], ["--source", "nobody"], ["--archive", "ftp://example.org/"], ["--pause", "x"]],
)
def test_invalid_options_are_reported(facts: Path, site: Website, words: list[str]) -> None:
    result = check(facts, site, *words)
    assert result.exit_code in {1, 2}
    assert "Traceback" not in result.output
    assert site.requests == []
