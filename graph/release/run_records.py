"""The last run of each stored query against a release, in a file beside the releases.

It is no part of the release, which never changes: its times differ from run to run.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict

from graph.core.files import replace_text
from graph.query.query_runs import QueryRun
from graph.release.releases import Release


def read(release: Release) -> dict[str, QueryRun]:
    """Return the last run of each query against `release`, by name; none if none is recorded."""
    try:
        written = release.query_runs.read_text("utf-8")
    except FileNotFoundError:
        return {}
    return {name: QueryRun(**run) for name, run in json.loads(written).items()}


def recorded_at(release: Release) -> int:
    """Return when runs against `release` were last recorded, in nanoseconds; 0 if none are."""
    try:
        return release.query_runs.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def record(release: Release, runs: Mapping[str, QueryRun]) -> None:
    """Record `runs` by name as the last ones of their queries; those of other queries stay."""
    path = release.query_runs
    path.parent.mkdir(exist_ok=True)
    both = {name: asdict(run) for name, run in sorted({**read(release), **runs}.items())}
    replace_text(path, json.dumps(both, indent=1, ensure_ascii=False) + "\n")
