"""A release is fetched from another server: what changed alone, verified, and visible as a whole or not."""

import os
import random
import resource
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.core.errors import NotFound, Unavailable
from graph.curation.retry import RetryPolicy
from graph.release.release import FORM
from graph.release.release_files import FILE, measure, read_listing
from graph.release.releases import Releases
from graph.replication import pull as module
from graph.replication.pull import Pulled, pull
from graph.replication.release_server import ReleaseServer
from tests.conftest import UTSAGA
from tests.graph.replication.conftest import make_release
from web.cli import main

Serving = Callable[[Path], AbstractContextManager[str]]
LARGE = random.Random(1).randbytes(3 << 20)  # noqa: S311 (no secret)


@pytest.fixture
def replica(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "replica")


def fetch(replica: Releases, url: str, name: str = "", *, activate: bool = True) -> Pulled:
    policy = RetryPolicy(interval=0.0, attempts=2, sleep=lambda _: None)
    return pull(replica, ReleaseServer(url, policy), name, lambda *_: None, activate=activate)


def command(replica: Releases, *words: str) -> Result:
    return CliRunner().invoke(main, ["--releases", str(replica.home), *words])


def is_pulled(replica: Releases, source: Releases, name: str) -> bool:
    here, there = replica.get(name), source.get(name)
    return measure(here.path) == read_listing(there.path) == read_listing(here.path)


def test_the_live_release_is_fetched_whole_and_is_live(
    replica: Releases, source: Releases, source_url: str
) -> None:
    live = source.live().manifest.id
    result = command(replica, "pull", source_url)
    assert result.exit_code == 0, result.output
    assert f"{live} is live. {len(read_listing(source.live().path))} files fetched" in result.output
    assert replica.live().manifest == source.live().manifest
    assert is_pulled(replica, source, live)
    again = command(replica, "releases", "pull", source_url)
    assert "It was here already" in again.output
    assert not replica.staged()


def test_a_replica_serves_what_the_other_serves(replica: Releases, source_url: str, serving: Serving) -> None:
    fetch(replica, source_url)
    with serving(replica.home) as address:
        for path in ("/organisation/malmo-kommun?lang=sv", "/search.json?q=office", "/statement.csv"):
            pages = [
                urllib.request.urlopen(url + path).read().replace(url.encode(), b"")  # noqa: S310 (loopback)
                for url in (source_url, address)
            ]
            assert pages[0] == pages[1], path


def test_only_what_changed_is_fetched_and_the_rest_is_linked(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "a", {"store/1.sst": LARGE, "utsaga.nq.gz": b"old"})
    make_release(source, "b", {"store/7.sst": LARGE, "utsaga.nq.gz": b"new"})
    fetch(replica, source_url, "a" * 12)
    pulled = fetch(replica, source_url, "b" * 12)
    names = {each.path: each.size for each in read_listing(source.get("b").path)}
    assert pulled.kept == (1, len(LARGE))
    assert pulled.fetched == (2, names["utsaga.nq.gz"] + names["manifest.json"])
    assert (replica.get("a").path / "store/1.sst").samefile(replica.get("b").path / "store/7.sst")
    assert is_pulled(replica, source, "b" * 12)
    assert replica.current() == replica.get("b")


def test_a_file_that_is_damaged_here_is_not_linked(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "a", {"store/1.sst": LARGE, "utsaga.nq.gz": b"old"})
    make_release(source, "b", {"store/7.sst": LARGE, "utsaga.nq.gz": b"new"})
    fetch(replica, source_url, "a" * 12)
    (replica.get("a").path / "store/1.sst").write_bytes(LARGE[:-1] + b"?")
    assert fetch(replica, source_url, "b" * 12).kept == (0, 0)
    assert is_pulled(replica, source, "b" * 12)


def test_a_release_here_whose_list_is_damaged_does_not_stop_a_pull(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "a", {"store/1.sst": LARGE, "utsaga.nq.gz": b"old"})
    make_release(source, "b", {"store/7.sst": LARGE, "utsaga.nq.gz": b"new"})
    fetch(replica, source_url, "a" * 12)
    (replica.get("a").path / FILE).write_text('[{"path": "store/1.sst"')
    assert fetch(replica, source_url, "b" * 12).kept == (0, 0)
    assert is_pulled(replica, source, "b" * 12)


def test_without_activation_what_was_live_stays_live(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "a", {"utsaga.nq.gz": b"old"})
    fetch(replica, source_url)
    result = command(replica, "pull", source_url, "--release", "a" * 12, "--no-activate")
    assert f"{'a' * 12} is here" in result.output
    assert replica.live().manifest.id == source.live().manifest.id
    kept = command(replica, "pull", source_url, "--keep", "1")
    assert "1 releases deleted, 1 kept" in kept.output


def test_a_part_that_is_here_is_completed(replica: Releases, source: Releases, source_url: str) -> None:
    make_release(source, "c", {"store/9.sst": LARGE})
    with replica.staging("c" * 12) as place:
        (place / "store").mkdir()
        (place / "store/9.sst:part").write_bytes(LARGE[:-1000])
    begun: list[int] = []

    def report(step: str, done: int, _total: int, _count: int) -> None:
        if step == "fetch" and not begun:
            begun.append(done)

    server = ReleaseServer(source_url, RetryPolicy(interval=0.0))
    pull(replica, server, "c" * 12, report, activate=False)
    assert is_pulled(replica, source, "c" * 12)


def test_a_part_with_other_bytes_is_fetched_anew(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "c", {"store/9.sst": LARGE})
    with replica.staging("c" * 12) as place:
        (place / "store").mkdir()
        (place / "store/9.sst:part").write_bytes(b"?" * 1_000_000)
    fetch(replica, source_url, "c" * 12)
    assert is_pulled(replica, source, "c" * 12)


@pytest.mark.parametrize(
    "damaged", [LARGE[:-1] + b"?", LARGE[:-1], b"", LARGE + b"?"], ids=["byte", "short", "empty", "long"]
)
def test_a_damaged_file_is_refused_and_nothing_of_its_release_is_seen(
    replica: Releases, source: Releases, source_url: str, damaged: bytes
) -> None:
    bad = make_release(source, "d", {"store/1.sst": LARGE, "utsaga.nq.gz": b"x"})
    fetch(replica, source_url)
    before = replica.live()
    (bad.path / "store/1.sst").write_bytes(damaged)
    result = command(replica, "pull", source_url, "--release", "d" * 12)
    assert result.exit_code == 1
    assert "store/1.sst came damaged" in result.output
    assert "Traceback" not in result.output
    assert [each.manifest.id for each in replica.all()] == [before.manifest.id]
    (bad.path / "store/1.sst").write_bytes(LARGE)
    fetch(replica, source_url, "d" * 12)
    assert is_pulled(replica, source, "d" * 12)


@pytest.mark.slow
def test_killed_at_any_point_a_pull_is_completed_by_the_next(
    replica: Releases, source: Releases, source_url: str
) -> None:
    files = {f"dumps/{number}.nt.gz": LARGE[number : number + 50_000] for number in range(120)}
    make_release(source, "e", files)
    words = [str(UTSAGA), "--releases", str(replica.home), "pull", source_url, "--release", "e" * 12]
    place = replica.home / f".pulled-{'e' * 12}-{FORM}"

    def have() -> int:
        return len(list(place.rglob("*.gz")))

    reached = []
    for point in (0, 1, 10, 30, 60, 90, 119):
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            end = time.monotonic() + 60
            while process.poll() is None and have() < point and time.monotonic() < end:
                time.sleep(0.001)
            process.kill()
        reached.append(have())
        assert not replica.all()
    assert reached == sorted(reached)
    assert reached[-1] >= 100
    result = command(replica, "pull", source_url, "--release", "e" * 12)
    assert result.exit_code == 0, result.output
    assert f"{122 - reached[-1] - 1} files fetched" in result.output or reached[-1] == 120
    assert is_pulled(replica, source, "e" * 12)
    assert not replica.staged()


def test_a_server_that_goes_away_is_reported_and_what_came_is_kept(
    replica: Releases, source: Releases, serving: Serving
) -> None:
    files = {f"dumps/{number}.nt.gz": LARGE[number : number + 50_000] for number in range(40)}
    make_release(source, "f", files)

    def gone(step: str, _done: int, _total: int, count: int) -> None:
        if step == "fetch" and count == 20:
            stack.close()

    policy = RetryPolicy(interval=0.0, attempts=3, sleep=lambda _: None)
    stack = ExitStack()
    url = stack.enter_context(serving(source.home))
    with stack, pytest.raises(Unavailable, match=r"broke off|cannot be"):
        pull(replica, ReleaseServer(url, policy), "f" * 12, gone, activate=True)
    assert not replica.all()
    assert 20 <= len(list(replica.staged()[0].rglob("*.gz"))) < 40
    with serving(source.home) as address:
        pulled = fetch(replica, address, "f" * 12)
    assert pulled.fetched[0] <= 22
    assert is_pulled(replica, source, "f" * 12)


def test_a_full_disk_is_reported_and_the_pull_goes_on_when_there_is_room(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "1", {"store/1.sst": LARGE})

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    words = [str(UTSAGA), "--releases", str(replica.home), "pull", source_url, "--release", "1" * 12]
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=full, check=False)
    assert done.returncode == 1
    assert "there is no room for the files of the release" in done.stderr
    assert "Traceback" not in done.stderr
    assert not replica.all()
    assert (replica.staged()[0] / "store/1.sst:part").stat().st_size == 1 << 20
    fetch(replica, source_url, "1" * 12)
    assert is_pulled(replica, source, "1" * 12)


def test_too_little_room_is_reported_before_anything_is_fetched(
    replica: Releases, source: Releases, source_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_release(source, "a", {"store/1.sst": LARGE, "utsaga.nq.gz": b"old"})
    monkeypatch.setattr(module, "_SPARE_BYTES", 1 << 62)
    with pytest.raises(Unavailable, match="no room"):
        fetch(replica, source_url, "a" * 12)
    assert not list(replica.staged()[0].rglob("*part"))


def test_what_cannot_be_had_is_reported(replica: Releases, source: Releases, source_url: str) -> None:
    with pytest.raises(NotFound, match=r"/releases/999999999999/files\.json"):
        fetch(replica, source_url, "9" * 12)
    old = make_release(source, "2", {"utsaga.nq.gz": b"old"})
    (old.path / FILE).unlink()
    with pytest.raises(NotFound, match=r"files\.json"):
        fetch(replica, source_url, "2" * 12)
    for words, reason in (
        (["pull", source_url, "--release", "../../etc"], "is no release id"),
        (["pull", "ftp://x/"], "is not the URL of a server"),
        (["pull", f"{source_url}/nothing"], "the server has no /releases.json"),
    ):
        result = command(replica, *words)
        assert (result.exit_code, "Traceback" in result.output) == (1, False)
        assert reason in result.output
    assert not replica.all()


def test_two_pulls_at_once_are_refused(replica: Releases, source_url: str) -> None:
    with replica.staging("a" * 12), pytest.raises(Unavailable, match="another release is being fetched"):
        fetch(replica, source_url)


def test_what_another_pull_left_is_used_and_then_deleted(
    replica: Releases, source: Releases, source_url: str
) -> None:
    make_release(source, "a", {"store/1.sst": LARGE, "utsaga.nq.gz": b"old"})
    with replica.staging("7" * 12) as place:
        (place / "store").mkdir()
        (place / "store/1.sst").write_bytes(LARGE)
    assert fetch(replica, source_url, "a" * 12).kept == (1, len(LARGE))
    assert not replica.staged()
    assert os.listdir(replica.home / f"{'a' * 12}-{FORM}/store") == ["1.sst"]  # noqa: PTH208
