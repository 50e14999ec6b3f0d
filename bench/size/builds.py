"""Measures a build, beside the load of the same quads by the native command."""

import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from bench.peers import cpu_seconds

_BIN: Final = Path(sys.executable).parent
_SAMPLE_SECONDS: Final = 0.25
RELEASES: Final = "size-releases"  # in the folder of the data


def native_load(data: Path) -> dict[str, Any]:
    """Load the named graphs, then their union, and compact the store, as the build does; return seconds."""
    home = data / "oxigraph"
    shutil.rmtree(home, ignore_errors=True)
    oxigraph, where = str(_BIN / "oxigraph"), ["--location", str(home)]
    named = _timed([oxigraph, "load", *where, "--file", str(data / "data.nq")])
    union = _timed([oxigraph, "load", *where, "--file", str(data / "data.nt")])
    compact = _timed([oxigraph, "optimize", *where])
    return {
        "load seconds": round(named.seconds + union.seconds, 1),
        "load CPU seconds": round(named.cpu + union.cpu, 1),
        "optimize seconds": compact.seconds,
        "memory MB": max(named.memory, union.memory),
        "quads": _lines(data / "data.nq"),
    }


def load(data: Path) -> dict[str, Any]:
    """Build a release of data.nq until it is loaded; return the seconds of that stage."""
    home = data / "size-load"
    stages = _build(data, home, until="load")
    shutil.rmtree(home)
    return {"load seconds": stages.seconds["load"], "load CPU seconds": stages.cpu["load"]}


def build(data: Path) -> dict[str, Any]:
    """Build a release of data.nq; return the seconds of each stage, and the most memory of all processes."""
    home = data / RELEASES
    stages = _build(data, home)
    files = [path for path in (home / "current").resolve().rglob("*") if path.is_file()]
    return {
        "seconds": round(sum(stages.seconds.values()), 1),
        "stages": stages.seconds,
        "CPU of stages": stages.cpu,
        "memory MB": stages.memory,
        "disk MB": round(sum(path.stat().st_size for path in files) / 1e6),
        "quads": _lines(data / "data.nq"),
    }


@dataclass
class _Stages:
    """What each stage of a build has taken: seconds, and those of processors; and the most memory in MB."""

    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    memory: int = 0


def _build(data: Path, home: Path, until: str = "") -> _Stages:
    """Build a release of data.nq in `home`; end the build after the stage `until`, if that is named."""
    facts = data / "size-facts"
    (facts / "rdf").mkdir(parents=True, exist_ok=True)
    link = facts / "rdf" / "data.nq"
    if not link.exists():
        link.hardlink_to(data / "data.nq")
    shutil.rmtree(home, ignore_errors=True)
    command = [str(_BIN / "utsaga"), "--releases", str(home), "build", "--trust-rdf", "--facts", str(facts)]
    found = _Stages()
    stage, since, spent = "start", time.monotonic(), 0.0
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        memory = MemorySampler(process.pid)
        for line in process.stderr or ():
            name = line.partition(":")[0].strip()
            if name == stage:
                continue
            now, cpu = time.monotonic(), cpu_seconds(process.pid)
            found.seconds[stage] = round(found.seconds.get(stage, 0) + now - since, 1)
            found.cpu[stage] = round(found.cpu.get(stage, 0) + cpu - spent, 1)
            if stage == until:
                process.terminate()
                break
            stage, since, spent = name, now, cpu
        process.communicate()
        found.memory = memory.stop()
    if until:
        return found
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    found.seconds[stage] = round(time.monotonic() - since, 1)
    return found


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


@dataclass(frozen=True)
class _Cost:
    """What a command has taken: seconds, those of processors, and the most memory in MB."""

    seconds: float
    cpu: float
    memory: int


def _timed(command: list[str]) -> _Cost:
    began = time.monotonic()
    before = _children_seconds()
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        memory = MemorySampler(process.pid)
        if process.wait():
            raise RuntimeError(f"{command} ended with {process.returncode}")
    seconds = round(time.monotonic() - began, 1)
    return _Cost(seconds, round(_children_seconds() - before, 1), memory.stop())


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
