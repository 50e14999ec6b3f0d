"""Where releases are kept: with a site that is named, in a checkout, or with the user's data."""

from pathlib import Path

import pytest

from graph.core.data_folder import data_folder


def test_a_site_that_is_named_keeps_its_own(tmp_path: Path) -> None:
    assert data_folder({"UTSAGA_SITE": "/some/site"}, tmp_path) == Path("/some/site")


def test_a_checkout_keeps_them_in_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    assert data_folder({}, tmp_path) == Path()
    assert data_folder({}) == Path()


def test_an_installed_package_keeps_them_with_the_data_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/anna/data")
    assert data_folder({}, tmp_path) == Path("/home/anna/data/utsaga")
