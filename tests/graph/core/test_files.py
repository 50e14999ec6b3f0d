"""Folders that cannot be read are reported, and not taken for empty ones."""

import errno
import resource
from pathlib import Path

import pytest

from graph.core.files import list_folder


def test_names_that_match_come_in_order(tmp_path: Path) -> None:
    for name in ("b.rq", "a.rq", "c.txt"):
        (tmp_path / name).touch()
    assert list_folder(tmp_path, "*.rq") == [tmp_path / "a.rq", tmp_path / "b.rq"]
    assert list_folder(tmp_path / "missing", "*") == []


def test_a_folder_that_cannot_be_opened_does_not_look_empty(tmp_path: Path) -> None:
    (tmp_path / "a.rq").touch()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files") as raised:
            list_folder(tmp_path, "*.rq")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert raised.value.errno == errno.EMFILE
