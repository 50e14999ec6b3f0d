import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from graph import allocator
from graph.allocator import library, preloaded
from graph.build.store_writer import load
from graph.core.settings import DEFAULTS
from graph.workers.process import Worker

MAPPED = "print('libmimalloc' in open('/proc/self/maps').read())"


class Placed:
    """A distribution whose file is at `place`."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def locate_file(self, _path: str) -> Path:
        return self._place


def mapped() -> bool:
    """Whether a program that is started now has the allocator."""
    started = subprocess.run([sys.executable, "-c", MAPPED], capture_output=True, text=True, check=True)
    return started.stdout.strip() == "True"


def test_it_is_installed_where_this_is_tested() -> None:
    assert library() is not None


def test_programs_have_it_that_are_started_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    before = dict(os.environ)
    assert not mapped()
    with preloaded():
        assert mapped()
    assert dict(os.environ) == before
    assert not mapped()


def test_what_is_preloaded_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "/usr/lib/other.so")
    with preloaded():
        assert os.environ["LD_PRELOAD"] == f"{library()} /usr/lib/other.so"
    assert os.environ["LD_PRELOAD"] == "/usr/lib/other.so"


def test_without_it_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(allocator, "distribution", missing)
    before = dict(os.environ)
    with preloaded():
        assert dict(os.environ) == before


def test_a_path_that_cannot_be_preloaded_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my programs").mkdir()
    (tmp_path / "my programs" / "lib.so").touch()
    place = tmp_path / "my programs" / "lib.so"
    monkeypatch.setattr(allocator, "distribution", lambda _: Placed(place))
    assert library() is None


def test_workers_have_it_and_little_of_their_memory_goes_to_it(tmp_path: Path) -> None:
    load(tmp_path / "store", [Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))])
    worker = Worker(tmp_path / "store", True, DEFAULTS)
    try:
        process = Path(f"/proc/{worker.pid}")
        assert "libmimalloc" in (process / "maps").read_text()
        [size] = [line for line in (process / "status").read_text().splitlines() if line.startswith("VmSize")]
        assert int(size.split()[1]) * 1024 < DEFAULTS.memory_bytes / 2
    finally:
        worker.end()
