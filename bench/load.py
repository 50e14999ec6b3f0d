"""Makes the data once and loads it into each server, in the form in which it serves it."""

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.generate import quads
from graph.build.store_writer import load, union
from graph.core.namespaces import BASE
from graph.rdf import reader
from graph.release.release import Manifest
from graph.release.releases import Releases

PLACE = Path(tempfile.gettempdir()) / "utsaga-bench"  # what was made is kept here for the next run
_MADE_BY = ("generate.py", *(f"data/{name}.py" for name in ("nquads", "registers", "words")))


def generated(place: Path, count: int, seed: int) -> Path:
    """Return a directory in `place` that holds data.nq, and data.nt: the same triples without their graphs.

    Its name has count, seed and the generator that made it, so that what is there can be used again.
    """
    code = b"".join((Path(__file__).parent / name).read_bytes() for name in _MADE_BY)
    home = place / f"{count}-{seed}-{hashlib.sha256(code).hexdigest()[:8]}"
    return once(home, lambda new: _write(new, count, seed))


def once(home: Path, make: Callable[[Path], None]) -> Path:
    """Return the directory `home`, made by `make` unless it is there; half a one is never taken for it."""
    if not home.exists():
        new = home.with_name(f"{home.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        make(new)
        new.rename(home)
    return home


def release(data: Path, home: Path) -> None:
    """Build a live release of data.nq in `home`: the quads, and each triple once in the default graph."""
    releases = Releases(home)
    with releases.building() as place:
        load(place / "store", union(reader.read_quads(data / "data.nq")))
        releases.activate(releases.adopt(place, _manifest(data / "data.nq")))


def _write(home: Path, count: int, seed: int) -> None:
    with (home / "data.nq").open("w") as named, (home / "data.nt").open("w") as plain:
        for line in quads(count, seed):
            named.write(line)
            plain.write(f"{line[: line.rindex(f' <{BASE}graph/')]} .\n")


def _manifest(file: Path) -> Manifest:
    digest = hashlib.sha256()
    graphs: Counter[str] = Counter()
    with file.open("rb") as lines:
        for line in lines:
            digest.update(line)
            graphs[line.split(b" ")[-2].strip(b"<>").decode()] += 1
    return Manifest(
        id=digest.hexdigest()[:12],
        digest=digest.hexdigest(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        triples=graphs.total(),
        graphs=dict(graphs),
    )
