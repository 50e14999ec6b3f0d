"""The image of a container, where podman and the image that it begins with are here."""

import shutil
from pathlib import Path

import pytest

from bench.container import BASE, demonstrate, has_base
from tests.install.conftest import run_uv

pytestmark = pytest.mark.slow


def test_the_image_serves_in_its_sandbox(wheel: Path, tmp_path: Path) -> None:
    if not has_base():
        pytest.skip(f"podman has no image {BASE}: python -m bench.container --base-from-debian makes one")
    dist = tmp_path / "dist"
    dist.mkdir()
    shutil.copy(wheel, dist)
    words = ("export", "--quiet", "--frozen", "--no-dev", "--no-emit-project")
    run_uv(*words, "--output-file", str(dist / "requirements.txt"))
    (tmp_path / "context").mkdir()
    seen = demonstrate(tmp_path / "context", dist)
    assert (seen.user, seen.capabilities) == (10001, 0)
    assert seen.writes == ["/var/lib/utsaga"]
    assert (seen.page, seen.stop_status) == (200, 0)
    assert seen.builds == 1  # the second start finds the release in the volume
