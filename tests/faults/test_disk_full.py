"""A full disk at every step of a build, and of what else is written: nothing is lost."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.client import free_port
from graph.index import INDEX_FILE
from graph.loading.data_store import MARKER
from graph.release.release_check import faults as damage
from graph.release.releases import Releases
from graph.search.writer import INDEX_FOLDER
from tests.faults.conftest import Commands, make_room
from tests.faults.fork_server import fill

pytestmark = pytest.mark.slow
STEPS = {
    "utsaga.nq.gz": "load",
    INDEX_FILE: "load",
    INDEX_FOLDER: "index",
    "compounds.json": "index",
    "boundaries.json": "map",
    "dumps/utsaga.csv.zip": "publish",
    "dumps/utsaga.sqlite": "publish",
    "dumps/utsaga.xlsx": "publish",
    "changes.json": "publish",
    "files.json": "swap",
}
"""The files before which the disk becomes full, and the step of the build that writes them."""
KEPT = {"current", "made.jsonl", "query-runs", ".lock", ".made.jsonl.lock"}
SOME_BYTES = 1 << 14


def assert_whole(home: Path, live: str) -> None:
    """Check that the release called `live` is live and whole, and that no part of another is left."""
    releases = Releases(home)
    assert releases.live().manifest.id == live
    assert damage(releases.live()) == []
    assert {each.name for each in home.iterdir()} - {each.path.name for each in releases.all()} == KEPT


@pytest.fixture
def disk(small_disk: Callable[[int], Path], one: Path) -> Path:
    """A small disk with a folder of releases in which one is live."""
    place = small_disk(64_000)
    shutil.copytree(one, place / "releases", symlinks=True)
    return place


@pytest.mark.parametrize("name", STEPS)
def test_a_build_without_room_names_file_step_and_room_and_the_live_release_stays(
    disk: Path, commands: Commands, facts: tuple[Path, Path], name: str
) -> None:
    home = disk / "releases"
    live = Releases(home).live().manifest.id
    build = ("--releases", home, "build", "--facts", facts[1])
    ended = commands.run(*build, home=str(home), do="fill", on=name)
    assert ended.has_failed_clearly, ended.output
    assert re.search(rf"✗ {home}/\S+: there is no room left, in the step “{STEPS[name]}”", ended.output)
    assert re.search(r"needs about [0-9.]+ MB, of which [0-9.]+ MB are missing", ended.output)
    assert_whole(home, live)
    assert live in commands.run("--releases", home, "releases", "show").output


def test_a_build_that_is_stored_but_not_put_on_record_is_made_live_by_the_next(
    disk: Path, commands: Commands, facts: tuple[Path, Path]
) -> None:
    home = disk / "releases"
    live = Releases(home).live().manifest.id
    build = ("--releases", home, "build", "--facts", facts[1])
    for name in (".made.jsonl.lock", "query-runs"):
        ended = commands.run(*build, home=str(home), do="fill", on=name)
        assert ended.has_failed_clearly, ended.output
        assert "there is no room left, in the step “swap”" in ended.output
        assert_whole(home, live)
        make_room(disk)
    assert commands.run(*build).status == 0
    assert_whole(home, Releases(home).all()[-1].manifest.id)
    assert len(Releases(home).all()) == 2


def test_the_arrangement_of_the_store_may_need_more_room_than_the_release(
    disk: Path, small_disk: Callable[[int], Path], commands: Commands, facts: tuple[Path, Path]
) -> None:
    home = disk / "releases"
    live = Releases(home).live().manifest.id
    used = shutil.disk_usage(disk).used // 1024
    small_disk(used + 2_000)
    ended = commands.run("--releases", home, "build", "--facts", facts[1])
    assert ended.has_failed_clearly
    assert "/store/" in ended.output
    assert "there is no room left, in the step “load”" in ended.output
    assert_whole(home, live)
    small_disk(64_000)
    assert commands.run("--releases", home, "build", "--facts", facts[1]).status == 0


@pytest.mark.parametrize(
    ("kilobytes", "reason"),
    [(1, "the file may not grow any more"), (400, "the system reports: disk I/O error")],  # of SQLite
)
def test_a_limit_of_the_size_of_files_is_reported_like_a_full_disk(
    one: Path, commands: Commands, facts: tuple[Path, Path], kilobytes: int, reason: str
) -> None:
    live = Releases(one).live().manifest.id
    build = ("--releases", one, "build", "--facts", facts[1])
    ended = commands.run(*build, limits={"RLIMIT_FSIZE": kilobytes << 10})
    assert ended.has_failed_clearly, ended.output
    assert f"{reason}, in the step “load” of the build" in ended.output
    assert_whole(one, live)


def test_releases_can_be_deleted_and_activated_on_a_full_disk(
    disk: Path, commands: Commands, two_built: Path
) -> None:
    home = disk / "releases"
    shutil.rmtree(home)
    shutil.copytree(two_built, home, symlinks=True)
    (home / ".building").mkdir()
    (home / ".building" / "left").write_bytes(bytes(SOME_BYTES))  # of a build that was killed
    first, second = Releases(home).all()
    fill(disk)
    ended = commands.run("--releases", home, "releases", "activate", first.manifest.id)
    assert ended.status == 0 or (ended.has_failed_clearly and "room" in ended.output), ended.output
    assert Releases(home).live().manifest.id == (first if ended.status == 0 else second).manifest.id
    assert commands.run("--releases", home, "releases", "prune", "--keep", "1").status == 0
    assert not (home / ".building").exists()
    assert commands.run("--releases", home, "releases", "activate", first.manifest.id).status == 0


def test_a_load_into_a_store_directory_without_room_leaves_what_was_kept(
    small_disk: Callable[[int], Path], commands: Commands, tmp_path: Path
) -> None:
    place, data = small_disk(64_000), tmp_path / "data.nt"
    data.write_text("".join(f'<https://a.example/{n}> <https://a.example/p> "{n}" .\n' for n in range(5_000)))
    serve = ("serve", data, "--store", place / "kept", "--port", str(free_port()))
    for on in (INDEX_FILE, INDEX_FOLDER, ".part"):  # the last is the file that makes the load valid
        ended = commands.run(*serve, home=str(place / "kept"), do="fill", on=on)
        assert ended.has_failed_clearly, ended.output
        assert "room" in ended.output
        make_room(place)
        assert not list((place / "kept").glob(MARKER))
