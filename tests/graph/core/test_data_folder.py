"""Where releases are kept: with a site that is named, in a checkout, or with the user's data."""

from pathlib import Path

import pytest

from graph.core.data_folder import data_folder, in_data_folder
from graph.core.errors import BadInput


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


def test_a_user_without_a_home_is_told_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setattr("graph.core.data_folder.user_data_path", refuse)
    with pytest.raises(BadInput) as refused:
        data_folder({}, tmp_path)
    assert "UTSAGA_RELEASES" in refused.value.faults[0].remedy


def test_an_absolute_path_needs_no_data_folder() -> None:
    assert in_data_folder("/var/reports", {"UTSAGA_SITE": "/some/site"}) == Path("/var/reports")
    assert in_data_folder("reports", {"UTSAGA_SITE": "/some/site"}) == Path("/some/site/reports")
