"""Measures a build, beside the load of the same quads by the native command."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

_BIN: Final = Path(sys.executable).parent
_SAMPLE_SECONDS: Final = 0.25
RELEASES: Final = "size-releases"  # in the folder of the data


def native_load(data: Path) -> dict[str, Any]:
    """Load the named graphs, then their union, and compact the store, as the build does; return seconds."""
    home = data / "oxigraph"
    shutil.rmtree(home, ignore_errors=True)
    oxigraph, where = str(_BIN / "oxigraph"), ["--location", str(home)]
    named, memory = _timed([oxigraph, "load", *where, "--file", str(data / "data.nq")])
    union, more = _timed([oxigraph, "load", *where, "--file", str(data / "data.nt")])
    compact, _ = _timed([oxigraph, "optimize", *where])
    return {
        "named seconds": named,
        "union seconds": union,
        "optimize seconds": compact,
        "memory MB": max(memory, more),
        "quads": _lines(data / "data.nq"),
    }


def build(data: Path) -> dict[str, Any]:
    """Build a release of data.nq; return the seconds of each stage, and the most memory of all processes."""
    facts, home = data / "size-facts", data / RELEASES
    (facts / "rdf").mkdir(parents=True, exist_ok=True)
    link = facts / "rdf" / "data.nq"
    if not link.exists():
        link.hardlink_to(data / "data.nq")
    shutil.rmtree(home, ignore_errors=True)
    command = [str(_BIN / "utsaga"), "--releases", str(home), "build", "--trust-rdf", "--facts", str(facts)]
    stages: dict[str, float] = {}
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        memory = MemorySampler(process.pid)
        stage, since = "start", began
        for line in process.stderr or ():
            name = line.partition(":")[0].strip()
            if name != stage:
                now = time.monotonic()
                stages[stage] = round(stages.get(stage, 0) + now - since, 1)
                stage, since = name, now
        if process.wait():
            raise RuntimeError(f"{command} ended with {process.returncode}")
    stages[stage] = round(time.monotonic() - since, 1)
    files = [path for path in (home / "current").resolve().rglob("*") if path.is_file()]
    return {
        "seconds": round(time.monotonic() - began, 1),
        "stages": stages,
        "memory MB": memory.stop(),
        "disk MB": round(sum(path.stat().st_size for path in files) / 1e6),
        "quads": _lines(data / "data.nq"),
    }


class MemorySampler:
    """Samples the memory of all processes of a session: a page that several share is counted once (PSS)."""

    def __init__(self, session: int) -> None:
        """Begin to sample."""
        self._session, self._most, self._ended = session, 0, Event()
        self._thread = Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the most that there was, in MB."""
        self._ended.set()
        self._thread.join()
        return self._most // 1024

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._most = max(self._most, sum(map(self._proportional_set, Path("/proc").glob("[0-9]*"))))

    def _proportional_set(self, process: Path) -> int:
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != self._session:
                return 0
            lines = (process / "smaps_rollup").read_text().splitlines()
        except OSError:  # it ended just now
            return 0
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))


def _timed(command: list[str]) -> tuple[float, int]:
    """Return the seconds that a command takes, and the most of its memory in MB."""
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        memory = MemorySampler(process.pid)
        if process.wait():
            raise RuntimeError(f"{command} ended with {process.returncode}")
    return round(time.monotonic() - began, 1), memory.stop()


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
