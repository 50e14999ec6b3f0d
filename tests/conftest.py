"""What several tests share."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from graph import build
from graph.release import Release, Releases

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public suites and source texts, which is not part of the product."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is missing")
    return SHARED


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the project's own facts, built once for all tests; nothing may change it."""
    return build.build(Releases(tmp_path_factory.mktemp("releases")))


@pytest.fixture(scope="session")
def graph_store(release: Release) -> Store:
    """The store of that release, read-only."""
    return Store.read_only(str(release.store))
