"""A server with releases to fetch: the project's own, which is live, and small ones that a test makes."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from graph.release.release import Manifest, Release
from graph.release.releases import Releases


def make_release(releases: Releases, name: str, files: dict[str, bytes]) -> Release:
    """Make a release with these files, and with an id of twelve times the letter `name`."""
    with releases.building() as place:
        for path, content in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
        return releases.adopt(place, Manifest(name * 12, name * 64, "2026-01-01T00:00:00+00:00", 0))


@pytest.fixture(scope="session")
def source(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """The folder of releases of the other server."""
    home = Releases(tmp_path_factory.mktemp("source"))
    shutil.copytree(release.path, home.home / release.path.name, copy_function=os.link)
    home.activate(home.get(release.manifest.id))
    return home


@pytest.fixture(scope="session")
def source_url(source: Releases, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of the other server."""
    with serving(source.home) as address:
        yield address
