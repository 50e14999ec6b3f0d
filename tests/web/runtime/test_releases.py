"""What is served: releases, stores and endpoints."""

from pathlib import Path

from graph.build.map_drawing import draw
from graph.release.releases import Release
from web.runtime.releases import boundaries_of


def test_the_map_of_a_release_is_read_and_one_is_drawn_where_there_is_none(
    release: Release, tmp_path: Path
) -> None:
    assert boundaries_of(release.path) == boundaries_of(tmp_path) == boundaries_of(None) == draw()
