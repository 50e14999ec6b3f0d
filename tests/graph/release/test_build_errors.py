"""What the disk does to a build, found before it is begun."""

import os
from pathlib import Path

import pytest

from graph.core.errors import Unavailable
from graph.release.build_errors import require_writable


def test_a_folder_that_is_not_there_yet_needs_one_above_it_that_can_be_written(tmp_path: Path) -> None:
    require_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(Unavailable, match="this user may not use it") as refused:
        require_writable(tmp_path / "a" / "b")
    assert refused.value.faults[0].where == str(tmp_path)
    assert refused.value.faults[0].remedy


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(Unavailable, match="Not a directory"):
        require_writable(tmp_path / "a" / "b")
