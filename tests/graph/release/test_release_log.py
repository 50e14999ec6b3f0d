"""The record of releases that were made."""

from pathlib import Path

from graph.release import release_log


def test_what_was_made_is_known_once_and_for_good(tmp_path: Path) -> None:
    assert release_log.read(tmp_path) == {}
    release_log.record(tmp_path, [("a" * 12, "2026-01-01")])
    release_log.record(tmp_path, [("a" * 12, "2026-02-02"), ("b" * 12, "2026-02-02")])
    assert release_log.read(tmp_path) == {"a" * 12: "2026-01-01", "b" * 12: "2026-02-02"}
    assert len((tmp_path / release_log.FILE).read_text().splitlines()) == 2
