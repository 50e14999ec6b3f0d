"""The folder of reports: one file each, readable by its owner alone, and bounded in number and bytes.

Several servers may write to one folder: a lock file keeps them from overfilling it together.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from filelock import FileLock

from graph.core.data_folder import in_data_folder
from graph.core.errors import Forbidden, NotFound, Unavailable
from graph.core.files import ensure_writable, read_text, write_atomically
from graph.core.settings import Settings
from graph.reports.report import Report

_NAME: Final = re.compile(r"[0-9]{8}-[0-9a-f]{8}\.json")
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class ReportStore:
    """The reports in `folder`: at most `max_count` files that have `max_bytes` together."""

    folder: Path
    max_count: int
    max_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> "Self | None":
        """Return the store that the settings name, or None if they name no folder."""
        if not settings.reports:
            return None
        return cls(in_data_folder(settings.reports), settings.reports_count, settings.reports_bytes)

    def is_full(self, more: int = 0) -> bool:
        """Return whether there is no place for another report of `more` bytes."""
        sizes = [path.stat().st_size for path in self._paths()]
        return len(sizes) >= self.max_count or sum(sizes) + more > self.max_bytes

    def add(self, report: Report) -> None:
        """Write `report` to a file of its own.

        Raise Unavailable if the folder is full, or if the file cannot be written.
        """
        content = report.to_json()
        try:
            with self._locked():
                if self.is_full(len(content.encode())):
                    raise _unavailable("no more reports can be received now", "UTSAGA_REPORTS_COUNT")
                self._write(report, content)
        except (Forbidden, OSError) as error:
            raise _unavailable("the report cannot be stored", "UTSAGA_REPORTS") from error

    def reports(self, *, closed: bool = False) -> list[Report]:
        """Return the open reports, oldest first, and the closed ones too if `closed`."""
        found = (Report.parse(read_text(path), str(path)) for path in self._paths())
        return sorted(
            (each for each in found if closed or not each.closed), key=lambda each: (each.received, each.id)
        )

    def get(self, name: str) -> Report:
        """Return the report whose id begins with `name`; raise NotFound unless there is exactly one."""
        paths = [path for path in self._paths() if name and path.stem.startswith(name)]
        if len(paths) != 1:
            raise NotFound(
                f"{len(paths) or 'no'} reports are called “{name}”",
                where=str(self.folder),
                rule="report id",
                remedy="choose one from utsaga reports list --all",
            )
        return Report.parse(read_text(paths[0]), str(paths[0]))

    def close(self, name: str, note: str = "") -> Report:
        """Close the report whose id begins with `name`, and forget the address for a reply; return it."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        closed = replace(self.get(name), closed=now, note=note, reply_to="")
        with self._locked():
            self._write(closed, closed.to_json())
        return closed

    def delete(self, name: str) -> Report:
        """Delete the report whose id begins with `name`; return what it was."""
        report = self.get(name)
        (self.folder / f"{report.id}.json").unlink()
        return report

    def _paths(self) -> list[Path]:
        return [path for path in self.folder.glob("*.json") if _NAME.fullmatch(path.name)]

    def _write(self, report: Report, content: str) -> None:
        write_atomically(self.folder / f"{report.id}.json", content, mode=_OWNER_ONLY)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock of the folder, which is made if it does not exist."""
        if not self.folder.exists():
            ensure_writable(self.folder)
            self.folder.chmod(0o700)
        with FileLock(self.folder / ".lock", mode=_OWNER_ONLY):
            yield


def _unavailable(message: str, rule: str) -> Unavailable:
    return Unavailable(message, where="report", rule=rule, remedy="write to the address at /about instead")
