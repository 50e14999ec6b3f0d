"""The last run of each stored query against a release, in files beside the releases.

They are no part of the release, which never changes: the times differ from run to run. One file has the runs
on the release itself, another those on other engines that hold its data.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from graph.core.errors import Unavailable
from graph.core.files import replace_text
from graph.query.query_runs import QueryRun
from graph.release.release import Release

Runs = Mapping[str, QueryRun]
"""The last run of each query, by its name."""


def read(release: Release) -> Runs:
    """Return the last run of each query against `release`, by name; none if none is recorded.

    Raise Unavailable if the record is damaged.
    """
    with _damage_reported(release.query_runs):
        return _runs(_read(release.query_runs))


def read_engines(release: Release) -> Mapping[str, Runs]:
    """Return the last runs on each other engine that holds the data of `release`, by the engine's name.

    Raise Unavailable if the record is damaged.
    """
    with _damage_reported(release.engine_runs):
        return {engine: _runs(runs) for engine, runs in _read(release.engine_runs).items()}


def recorded_at(release: Release) -> int:
    """Return when runs against `release` were last recorded, in nanoseconds; 0 if none are."""
    times = [0]
    for path in (release.query_runs, release.engine_runs):
        with suppress(FileNotFoundError):
            times.append(path.stat().st_mtime_ns)
    return max(times)


def record(release: Release, runs: Runs) -> None:
    """Record `runs` by name as the last ones of their queries; those of other queries stay."""
    _write(release.query_runs, _document({**read(release), **runs}))


def record_engine(release: Release, engine: str, runs: Runs) -> None:
    """Record `runs` on the engine called `engine`; those of other queries and of other engines stay."""
    engines = dict(read_engines(release))
    engines[engine] = {**engines.get(engine, {}), **runs}
    _write(release.engine_runs, {name: _document(each) for name, each in sorted(engines.items())})


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


@contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    """Raise Unavailable where the file at `path` does not hold what was written."""
    try:
        yield
    except (ValueError, TypeError, AttributeError) as error:
        raise Unavailable(
            "the record of query runs is damaged",
            where=f"{path.parent.name}/{path.name}",
            rule="query runs",
            remedy="delete this file, and run utsaga queries --check",
        ) from error


def _runs(written: Mapping[str, Any]) -> Runs:
    return {name: QueryRun(**run) for name, run in written.items()}


def _document(runs: Runs) -> dict[str, Any]:
    return {name: asdict(run) for name, run in sorted(runs.items())}


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    replace_text(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
