"""The image of `utsaga gen-config containerfile`, built and run as the compose file runs it.

make wheel && python -m bench.container --base-from-debian

Needs podman, and root for the second word: without a registry of images, it makes Debian's Python by
debootstrap and gives it the name of the image that the Containerfile begins with.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from graph.core.settings import Settings
from web.deployment.deployment import Deployment
from web.deployment.kinds import KINDS
from web.deployment.rendering import render

BASE: Final = "docker.io/library/python:3.13-slim-trixie"
DIST: Final = Path(__file__).parents[1] / "dist"
_PACKAGES: Final = "python3.13,python3.13-venv,ca-certificates"
_CERTIFICATES: Final = Path("etc/ssl/certs/ca-certificates.crt")  # which a registry of packages may need
_SECONDS: Final = 900
_BUILDING: Final = "There is no release in"  # what a server says that builds its first one
_SANDBOX: Final = (
    "--network=none --read-only --tmpfs=/tmp --cap-drop=all --security-opt=no-new-privileges --pids-limit=512"
)
_INSIDE: Final = """
import json, os, urllib.request
def writes(folder):
    try:
        open(f"{folder}/.try", "w").close()
    except OSError:
        return False
    os.unlink(f"{folder}/.try")
    return True
capabilities = next(line for line in open("/proc/self/status") if line.startswith("CapEff"))
print(json.dumps({
    "user": os.getuid(),
    "capabilities": int(capabilities.split()[1], 16),
    "writes": [each for each in ("/", "/opt/utsaga", "/etc", "/var/lib/utsaga") if writes(each)],
    "page": urllib.request.urlopen("http://127.0.0.1:8000/product/office-365").status,
}))
"""

out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Seen:
    """What was seen: seconds, bytes, and what the processes inside may do."""

    build_seconds: float
    image_bytes: int
    first_seconds: float
    second_seconds: float
    builds: int
    stop_status: int
    user: int
    capabilities: int
    writes: list[str]
    page: int


def podman(*words: str | Path) -> str:
    """Run podman, and return what it prints; raise CalledProcessError if it fails."""
    done = subprocess.run(  # noqa: S603 (our own words)
        ["podman", *map(str, words)],  # noqa: S607 (wherever it is)
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if words[0] == "logs" else None,
        text=True,
        timeout=_SECONDS,
    )
    return done.stdout.strip()


def has_base() -> bool:
    """Return whether podman is here, and has the image that the Containerfile begins with."""
    words = ("podman", "image", "exists", BASE)
    return shutil.which("podman") is not None and subprocess.run(words, check=False).returncode == 0  # noqa: S603


def make_base(place: Path) -> None:
    """Make the image that the Containerfile begins with of Debian's packages, in `place`."""
    root = place / "root"
    words = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", "trixie", str(root)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=_SECONDS)  # noqa: S603 (our own words)
    (root / "usr/bin/python").symlink_to("python3.13")
    shutil.copy("/" / _CERTIFICATES, root / _CERTIFICATES)
    shutil.rmtree(root / "var/cache/apt/archives")
    subprocess.run(["tar", "-C", root, "-cf", place / "root.tar", "."], check=True)  # noqa: S603, S607
    podman("import", place / "root.tar", BASE)


@contextmanager
def built(place: Path, dist: Path) -> Iterator[tuple[str, float]]:
    """Build the image of the wheel in `dist`, give its name and the seconds it took, and delete it."""
    shutil.copytree(dist, place / "dist")
    for name, text in render(KINDS["containerfile"], Deployment.of(Settings(), {})).items():
        (place / name).write_text(text, encoding="utf-8")
    name, began = f"localhost/utsaga-trial:{os.getpid()}", time.monotonic()
    podman("build", "--quiet", "--pull=never", "--network=host", "--format=docker", f"--tag={name}", place)
    try:
        yield name, time.monotonic() - began
    finally:
        podman("image", "rm", "--force", name)


@contextmanager
def running(image: str) -> Iterator[str]:
    """Run the image in its sandbox, with a volume of its own; give the container's name, and delete both."""
    name = f"utsaga-trial-{os.getpid()}"
    volume = f"--volume={name}:/var/lib/utsaga"
    podman("run", "--detach", f"--name={name}", volume, *_SANDBOX.split(), image)
    try:
        yield name
    finally:
        podman("rm", "--force", name)
        podman("volume", "rm", "--force", name)


def await_health(name: str) -> float:
    """Return after how many seconds the health check passes; raise TimeoutError if it does not."""
    began = time.monotonic()
    while podman("inspect", "--format={{.State.Running}}", name) == "true":
        words = ("podman", "healthcheck", "run", name)
        if subprocess.run(words, check=False, stdout=subprocess.DEVNULL).returncode == 0:  # noqa: S603
            return time.monotonic() - began
        if time.monotonic() - began > _SECONDS:
            break
        time.sleep(0.5)
    raise TimeoutError(podman("logs", name))


def demonstrate(place: Path, dist: Path) -> Seen:
    """Build the image, start it twice, look at it from inside, stop it, and return what was seen."""
    with built(place, dist) as (image, build_seconds), running(image) as name:
        size = int(podman("image", "inspect", "--format={{.Size}}", image))
        first = await_health(name)
        podman("restart", name)
        second = await_health(name)
        inside = json.loads(podman("exec", name, "python", "-c", _INSIDE))
        podman("stop", "--time=30", name)
        status = int(podman("inspect", "--format={{.State.ExitCode}}", name))
        builds = podman("logs", name).count(_BUILDING)
        return Seen(build_seconds, size, first, second, builds, status, **inside)


@click.command()
@click.option("--base-from-debian", is_flag=True, help="Make the image to begin with by debootstrap.")
def main(base_from_debian: bool) -> None:
    """Build and run the image of the wheel in dist/, and print what was seen."""
    with tempfile.TemporaryDirectory(prefix="utsaga-container-") as place:
        if base_from_debian and not has_base():
            make_base(Path(place))
        (Path(place) / "context").mkdir()
        seen = demonstrate(Path(place) / "context", DIST)
    base = int(podman("image", "inspect", "--format={{.Size}}", BASE))
    out.print(
        f"built in {seen.build_seconds:.0f} s: {seen.image_bytes / 1e6:.0f} MB, of which the base "
        f"has {base / 1e6:.0f}"
    )
    out.print(f"healthy after {seen.first_seconds:.1f} s with its build, {seen.second_seconds:.1f} s without")
    out.print(f"user {seen.user}, capabilities {seen.capabilities}, writes to {', '.join(seen.writes)}")
    out.print(f"a page: {seen.page}; status after SIGTERM: {seen.stop_status}")


if __name__ == "__main__":
    main()
