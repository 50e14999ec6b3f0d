"""A server without a release builds one of the site's facts, and only then."""

from pathlib import Path

import pytest

from graph.build import pipeline
from graph.core.errors import BadInput, Unavailable
from graph.core.progress import silent
from graph.release.release import FORM, Release
from graph.release.releases import Releases
from web.runtime.first_release import ensure_release


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are built in; nothing is built."""
    folders: list[Path] = []
    monkeypatch.setattr(pipeline, "build", lambda releases, progress: folders.append(releases.home))
    return folders


def test_without_a_release_one_is_built(
    tmp_path: Path, built: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Unavailable, match="no release"):
        ensure_release(Releases(tmp_path / "releases"), print, silent)
    assert built == [tmp_path / "releases"]
    assert "building one of" in capsys.readouterr().out


def test_what_is_wrong_with_the_facts_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(releases: Releases, progress: object) -> None:
        raise BadInput("the facts are wrong")

    monkeypatch.setattr(pipeline, "build", refuse)
    with pytest.raises(BadInput, match="the facts are wrong"):
        ensure_release(Releases(tmp_path), print, silent)


def test_with_a_live_release_nothing_is_built(release: Release, built: list[Path]) -> None:
    ensure_release(Releases(release.path.parent), print, silent)
    assert built == []


def test_releases_of_another_version_are_not_replaced(
    release: Release, tmp_path: Path, built: list[Path]
) -> None:
    other = tmp_path / f"{release.manifest.id}-{FORM - 1}"
    other.mkdir()
    (other / "manifest.json").write_text((release.path / "manifest.json").read_text())
    (tmp_path / "current").symlink_to(other.name)
    with pytest.raises(Unavailable, match="another version"):
        ensure_release(Releases(tmp_path), print, silent)
    assert built == []
