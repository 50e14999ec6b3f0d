"""A small graph, commands that are interfered with, and a small disk."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import pytest

from graph.release.releases import Releases
from tests.faults.fork_server import FILLER

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = """\
id: source/register
type: DataSet
label:
  sv: {}
  en: Register
language: sv
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status, negative for a signal, and what it wrote."""

    status: int
    output: str

    @property
    def has_failed_clearly(self) -> bool:
        """Whether it ended with status 1 and one line that begins with a cross, without a traceback."""
        return self.status == 1 and "✗ " in self.output and "Traceback" not in self.output


class Commands:
    """Runs `utsaga` in forks of one process that has imported its modules."""

    def __init__(self, process: "subprocess.Popen[str]", output: Path) -> None:
        """Take the process, and the file for what commands write."""
        self._process, self._output = process, output

    def run(self, *argv: str | Path, **fault: Any) -> Ended:
        """Run a command with the words `argv`; `fault` is what happens to it, as `Request` has it."""
        with self.started(*argv, **fault) as (_, ended):
            pass
        return ended()

    @contextmanager
    def started(self, *argv: str | Path, **fault: Any) -> Iterator[tuple[int, Callable[[], Ended]]]:
        """Run a command; give its process, and what says how it ended once the block has."""
        words = [str(each) for each in argv]
        request = {"argv": words, "output": str(self._output), **fault}
        _pipe(self._process.stdin).write(json.dumps(request) + "\n")
        _pipe(self._process.stdin).flush()
        pid = int(_pipe(self._process.stdout).readline())
        found: list[Ended] = []
        yield pid, lambda: found[0]
        status = int(_pipe(self._process.stdout).readline())
        found.append(Ended(status, self._output.read_text(encoding="utf-8")))


def _pipe(end: IO[str] | None) -> IO[str]:
    assert end is not None
    return end


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """What runs commands."""
    words = [sys.executable, "-m", "tests.faults.fork_server"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield Commands(process, tmp_path_factory.mktemp("commands") / "output")
        _pipe(process.stdin).close()


def small_facts(folder: Path, name: str) -> Path:
    """Write facts to `folder` that are built in two seconds, with one source called `name`."""
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "sources" / "register.yaml").write_text(SOURCE.format(name), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders of facts that differ in one name."""
    place = tmp_path_factory.mktemp("facts")
    return small_facts(place / "first", "Register"), small_facts(place / "second", "Registret")


@pytest.fixture(scope="session")
def two_built(commands: Commands, facts: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release of each, the second live; nothing may change it."""
    home = tmp_path_factory.mktemp("built") / "releases"
    for each in facts:
        ended = commands.run("--releases", home, "build", "--facts", each)
        assert ended.status == 0, ended.output
    return home


@pytest.fixture
def two(two_built: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(two_built, tmp_path / "releases", symlinks=True))


@pytest.fixture
def one(two: Path) -> Path:
    """A folder with the release of the first facts alone, which is live."""
    keep_first(two)
    return two


def keep_first(home: Path) -> None:
    """Make the older of two releases live, and delete the other."""
    releases = Releases(home)
    first, second = releases.all()
    releases.activate(first)
    releases.prune(0)
    assert not second.path.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """What mounts a file system in memory: called with its size in kB, or with another one to change it."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(kilobytes: int) -> Path:
        options = f"size={kilobytes}k{',remount' if place.is_mount() else ''}"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
        return place

    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk; the limits of a file's size are tested all the same")
    yield mount
    subprocess.run(["umount", "-l", str(place)], check=False)


def make_room(disk: Path) -> None:
    """Delete what fills the disk."""
    (disk / FILLER).unlink()
