"""A damaged or missing file of a release is found by its digest, and a release that is whole is offered."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.client import free_port
from bench.soak import served
from graph.index import INDEX_FILE
from graph.release import integrity
from graph.release.release_check import faults, require_whole
from graph.release.releases import Releases
from graph.search.writer import INDEX_FOLDER
from tests.conftest import UTSAGA
from tests.faults.client import assert_no_traceback, get, is_ready, until
from tests.faults.conftest import Commands

Damage = Callable[[Path], None]
FILES = (
    "store/*.sst",
    "store/CURRENT",
    INDEX_FILE,
    f"{INDEX_FOLDER}/*.store",
    "boundaries.json",
    "dumps/*.csv.zip",
)


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Take the second half of a file away."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink])
@pytest.mark.parametrize("pattern", FILES)
def test_each_damage_is_found_and_the_other_release_is_named(two: Path, pattern: str, damage: Damage) -> None:
    live, other = Releases(two).live(), Releases(two).all()[0]
    path = next(live.path.glob(pattern))
    damage(path)
    (fault,) = faults(live)
    assert fault.where == str(path)
    with pytest.raises(Exception, match=f"activate {other.manifest.id}") as raised:
        require_whole(live)
    assert path.name in str(raised.value)


def test_digests_of_the_smallest_files_come_first_and_the_others_later(
    two: Path,
) -> None:
    live = Releases(two).live()
    largest = max(
        (each for each in live.path.rglob("*") if each.is_file()), key=lambda each: each.stat().st_size
    )
    flip(largest)
    check = integrity.IntegrityCheck.of(live.path, largest.stat().st_size - 1)
    assert check.faults() == []
    (fault,) = check.later_faults()
    assert fault.where == str(largest)


def test_serve_refuses_a_damaged_release_and_serves_the_one_it_names(two: Path) -> None:
    other = Releases(two).all()[0]
    flip(next(Releases(two).live().path.glob("store/*.sst")))
    ended = subprocess.run(
        [str(UTSAGA), "--releases", str(two), "serve", "--port", str(free_port())],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "is not as it was written" in ended.stderr
    assert f"utsaga releases activate {other.manifest.id}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_commands_name_what_is_damaged_and_a_build_replaces_it(
    two: Path, commands: Commands, facts: tuple[Path, Path]
) -> None:
    first, second = Releases(two).all()
    flip(second.path / INDEX_FILE)
    verified = commands.run("--releases", two, "releases", "verify")
    assert verified.has_failed_clearly
    assert f"{first.manifest.id}: whole" in verified.output
    assert f"{INDEX_FILE} is not as it was written" in verified.output
    assert commands.run("--releases", two, "releases", "activate", first.manifest.id).status == 0
    refused = commands.run("--releases", two, "releases", "activate", second.manifest.id)
    assert refused.has_failed_clearly
    assert Releases(two).live().manifest.id == first.manifest.id
    assert commands.run("--releases", two, "build", "--facts", facts[1]).status == 0
    assert Releases(two).live().manifest.id == second.manifest.id
    assert commands.run("--releases", two, "releases", "verify").status == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": 1}'])
def test_a_damaged_manifest_is_named_and_a_build_goes_on_from_the_release_before(
    two: Path, commands: Commands, facts: tuple[Path, Path], content: str
) -> None:
    first, second = Releases(two).all()
    (second.path / "manifest.json").write_text(content)
    listed = commands.run("--releases", two, "releases")
    assert listed.status == 0
    assert f"{second.path.name} is damaged" in listed.output
    shown = commands.run("--releases", two, "releases", "show")
    assert shown.has_failed_clearly
    assert "its manifest.json cannot be read" in shown.output
    assert commands.run("--releases", two, "releases", "verify").has_failed_clearly
    if content:
        return
    assert commands.run("--releases", two, "build", "--facts", facts[1]).status == 0
    assert Releases(two).live().manifest.id == second.manifest.id
    assert faults(Releases(two).live()) == []
    assert Releases(two).all()[0].manifest.id == first.manifest.id


def test_a_damaged_release_is_not_taken_up_by_a_running_server(two: Path, commands: Commands) -> None:
    releases = Releases(two)
    first, second = releases.all()
    releases.activate(first)
    path = next(second.path.glob("store/*.sst"))
    whole = path.read_bytes()
    flip(path)
    with served(two) as (address, _):
        assert is_ready(address)
        releases.activate(second)
        until(lambda: "cannot be served" in get(address, "/readyz")[1])
        status, text = get(address, "/readyz")
        assert status == 200
        assert f"the release {second.manifest.id} is damaged" in text
        metrics = get(address, "/metrics")[1]
        assert 'utsaga_release_problem{problem="behind"} 1.0' in metrics
        assert re.search(rf'utsaga_release_info{{[^}}]*id="{first.manifest.id}"', metrics)
        assert first.manifest.id in get(address, "/dataset")[1]
        assert "is damaged" in (two / "server.log").read_text()
        path.write_bytes(whole)
        third = Releases(two)
        third.activate(first)
        until(lambda: is_ready(address))
        third.activate(second)
        until(lambda: second.manifest.id in get(address, "/releases")[1])
        until(lambda: first.manifest.id not in get(address, "/dataset")[1])
        until(lambda: is_ready(address))
        assert_no_traceback(two / "server.log")
    assert (two / "server.log").read_text().count("cannot be served") == 1


def test_an_older_release_that_is_damaged_is_not_opened(two: Path) -> None:
    first = Releases(two).all()[0]
    flip(next(first.path.glob("store/*.sst")))
    with served(two) as (address, _):
        status, text = get(address, f"/sparql?query=ASK%7B%7D&release={first.manifest.id}")
    assert status == 503
    assert "is not as it was written" in text
