"""The hook that bundles the scripts when a wheel is built: with the Node there is, or one from PyPI."""

import os
from pathlib import Path
from typing import Any

import pytest

from hatch_build import BUILT, NODE, ScriptsBuildHook
from tests.install.conftest import REPOSITORY

NPM = '#!/bin/sh\necho "$@" >> calls\n'
BUNDLE = f'test "$3" = run || exit 0\nmkdir -p $(dirname {BUILT}) && echo {{}} > {BUILT}\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which no scripts have been bundled."""
    (tmp_path / "web" / "assets").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "assets/editor.js"):
        (tmp_path / "web" / name).write_text("{}")
    return tmp_path


def hook(root: Path) -> ScriptsBuildHook:
    unused: Any = None
    return ScriptsBuildHook(str(root), {}, unused, unused, "", "wheel")


def programs(place: Path, monkeypatch: pytest.MonkeyPatch, npm: str, version: str = "v22.1.0") -> None:
    """Let the PATH have a Node of that version, and `npm`."""
    folder = place / "bin"
    folder.mkdir()
    for name, text in (("node", f"#!/bin/sh\necho {version}\n"), ("npm", npm)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")


def calls(root: Path) -> list[str]:
    file = root / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_scripts_are_bundled_where_there_are_none(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(checkout, monkeypatch, NPM + BUNDLE)
    assert hook(checkout).dependencies() == []
    hook(checkout).initialize("standard", {})
    assert calls(checkout) == ["--prefix web ci --omit=dev --silent", "--prefix web run build --silent"]
    hook(checkout).initialize("standard", {})
    assert len(calls(checkout)) == 2


def test_scripts_older_than_their_sources_are_bundled_again(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(checkout, monkeypatch, NPM + BUNDLE)
    hook(checkout).initialize("standard", {})
    os.utime(checkout / BUILT, (1, 1))
    hook(checkout).initialize("standard", {})
    assert len(calls(checkout)) == 4


def test_an_editable_install_bundles_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(checkout, monkeypatch, NPM + BUNDLE)
    hook(checkout).initialize("editable", {})
    assert calls(checkout) == []


def test_an_old_node_has_the_build_install_another(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(checkout, monkeypatch, NPM, version="v18.0.0")
    assert hook(checkout).dependencies() == [NODE]
    assert NODE in (REPOSITORY / "pyproject.toml").read_text()


@pytest.mark.parametrize("npm", [NPM + "exit 1\n", NPM])
def test_a_bundle_that_fails_stops_the_build(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, npm: str
) -> None:
    programs(checkout, monkeypatch, npm)
    with pytest.raises(RuntimeError, match=r"could not be bundled|has not written"):
        hook(checkout).initialize("standard", {})
