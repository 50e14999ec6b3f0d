"""Reads and writes the register of visits to the addresses of sources: one row for each source, sorted."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from graph.core import files
from graph.ingest import csvw, csvw_metadata
from graph.ingest.visit_failures import FAILURES, Failure

FILE: Final = "registers/source-checks.csv"
COLUMNS: Final = ("source", "url", "checked", "status", "error", "moved_to", "archived_copy", "archived")


@dataclass(frozen=True)
class ArchivedCopy:
    """The address of a copy in an archive, and the day it was made."""

    url: str
    on: date


@dataclass(frozen=True)
class SourceCheck:
    """The last visit to the address `url` of the source with the slug `source`: a status or a failure.

    `moved_to` is the address that redirects led to, or empty; `copy` is the archived copy, if there is one.
    """

    source: str
    url: str
    on: date
    status: int | None = None
    failure: Failure | None = None
    moved_to: str = ""
    copy: ArchivedCopy | None = None


def load(path: Path) -> dict[str, SourceCheck]:
    """Return the visits in the register at `path` by source, none if there is no such file.

    Raise BadInput with every fault of it or of its metadata, without which no build could read it.
    """
    csvw_metadata.describe(path.with_name(f"{path.name}-metadata.json"), path.name)
    if not path.exists():
        return {}
    csvw.read(path)
    rows = csv.DictReader(io.StringIO(files.read_text(path).removeprefix("\ufeff"), newline=""))
    return {row["source"]: _check(row) for row in rows}


def save(path: Path, checks: Iterable[SourceCheck]) -> None:
    """Replace the register at `path` by `checks`; raise Forbidden, leaving it unchanged, if that fails."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(each) for each in sorted(checks, key=lambda check: check.source))
    files.write_atomically(path, text.getvalue())


def _check(row: dict[str, str]) -> SourceCheck:
    copy = row["archived_copy"]
    return SourceCheck(
        source=row["source"],
        url=row["url"],
        on=date.fromisoformat(row["checked"]),
        status=int(row["status"]) if row["status"] else None,
        failure=next((each for each in FAILURES if each == row["error"]), None),
        moved_to=row["moved_to"],
        copy=ArchivedCopy(copy, date.fromisoformat(row["archived"])) if copy else None,
    )


def _row(check: SourceCheck) -> tuple[str, ...]:
    return (
        check.source,
        check.url,
        check.on.isoformat(),
        str(check.status or ""),
        check.failure or "",
        check.moved_to,
        check.copy.url if check.copy else "",
        check.copy.on.isoformat() if check.copy else "",
    )
