"""The record of releases that were made."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from graph.core.errors import Unavailable
from graph.release import release_log


def test_what_was_made_is_known_once_and_for_good(tmp_path: Path) -> None:
    assert release_log.read(tmp_path) == {}
    release_log.record(tmp_path, [("a" * 12, "2026-01-01")])
    release_log.record(tmp_path, [("a" * 12, "2026-02-02"), ("b" * 12, "2026-02-02")])
    assert release_log.read(tmp_path) == {"a" * 12: "2026-01-01", "b" * 12: "2026-02-02"}
    assert len((tmp_path / release_log.FILE).read_text().splitlines()) == 2


def test_a_record_that_cannot_be_written_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    release_log.record(tmp_path, [("a" * 12, "2026-01-01")])
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        release_log.record(tmp_path, [("b" * 12, "2026-02-02")])
    assert release_log.read(tmp_path) == {"a" * 12: "2026-01-01"}


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}', "null"])
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    release_log.record(tmp_path, [("a" * 12, "2026-01-01")])
    with (tmp_path / release_log.FILE).open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(Unavailable, match="line 2 cannot be read"):
        release_log.read(tmp_path)
