"""The wheel of this checkout, installed into an empty environment with what the lock file says."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SECONDS = 400  # on a machine with much else to do; it takes half a minute
UV = Path(sys.executable).with_name("uv")


@dataclass(frozen=True)
class Installation:
    """An environment with Utsaga in it, and the folder of a user who has nothing else."""

    environment: Path
    home: Path

    @property
    def utsaga(self) -> Path:
        """The command."""
        return self.environment / "bin" / "utsaga"

    @property
    def data(self) -> Path:
        """The folder of the user's data."""
        return self.home / "data"

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of that user."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.data),
            "LANG": "C.UTF-8",
        }

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run the command in the user's folder, and return what it printed."""
        command = [str(self.utsaga), *words]
        return subprocess.run(
            command,
            cwd=self.home,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )

    def files(self) -> set[Path]:
        """Return the files of the environment, without what Python compiles."""
        return {path for path in self.environment.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, with the scripts that make has bundled."""
    if not (REPOSITORY / "web" / "static" / "built" / "names.json").is_file():
        pytest.skip("the scripts of the pages have not been bundled; make does it")
    place = tmp_path_factory.mktemp("wheel")
    run_uv("build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(place))
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation of the wheel, without this checkout on its path."""
    place = tmp_path_factory.mktemp("installed")
    installation = Installation(place / "venv", place / "home")
    installation.home.mkdir()
    words = ("sync", "--frozen", "--no-dev", "--no-install-project", "--python", sys.executable)
    run_uv(*words, UV_PROJECT_ENVIRONMENT=str(installation.environment))
    python = str(installation.environment / "bin" / "python")
    run_uv("pip", "install", "--no-deps", "--python", python, str(wheel))
    return installation


def run_uv(*words: str, **variables: str) -> None:
    """Run uv in this repository."""
    ended = subprocess.run(
        [str(UV), *words],
        cwd=REPOSITORY,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        pytest.fail(f"uv {' '.join(words)}: {ended.stderr}")
