"""Debian's nginx as `utsaga gen-config nginx` configures it, in front of a server of ours."""

import getpass
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.client import free_port
from bench.hostile.exchange import Address
from bench.soak import await_life
from graph.core.settings import Settings
from web.deployment.deployment import Deployment
from web.deployment.kinds import KINDS
from web.deployment.rendering import render

PROGRAM: Final = shutil.which("nginx") or "/usr/sbin/nginx"  # not on the PATH of every user
_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # Debian's folders are root's


def generated(certificate: Path | None = None, key: Path | None = None) -> str:
    """Return the configuration of nginx, which speaks TLS if it has a certificate."""
    deployment = Deployment.of(
        Settings(),
        name="utsaga.example",
        tls=certificate is not None,
        certificate=str(certificate) if certificate else "",
        key=str(key) if key else "",
    )
    return render(KINDS["nginx"], deployment)["nginx.conf"]


def local(text: str, place: Path, port: int, upstream: int, backup: int) -> str:
    """Return a configuration with other ports, with files in `place` and for the user who runs this.

    Raise ValueError if one of those is not in `text` exactly as often as expected.
    """
    replaced: Mapping[str, tuple[str, int]] = {
        "user www-data;": (f"user {getpass.getuser()};", 1),
        **_listening(text, port),
        "/var/cache/utsaga": (f"{place}/cache", 1),
        "127.0.0.1:8000": (f"127.0.0.1:{upstream}", 2),
        "127.0.0.1:8001": (f"127.0.0.1:{backup}", 2),
        "/run/nginx.pid": (f"{place}/nginx.pid", 1),
        "/var/log/nginx/error.log": (f"{place}/error.log", 1),
        "http {\n": ("http {\n" + "".join(f"{each}_temp_path {place}/{each};\n" for each in _TEMPORARY), 1),
    }
    for old, (new, count) in replaced.items():
        if text.count(old) != count:
            raise ValueError(f"{old} is {text.count(old)} times in the configuration and not {count}")
        text = text.replace(old, new)
    return text


def _listening(text: str, port: int) -> Mapping[str, tuple[str, int]]:
    """Return what has nginx listen on `port` of the loopback interface alone."""
    if "443 ssl" not in text:
        return {"listen 80;": (f"listen 127.0.0.1:{port};", 1), "listen [::]:80;": ("", 1)}
    return {
        "listen 80;": (f"listen 127.0.0.1:{free_port()};", 1),
        "listen [::]:80;": ("", 1),
        "listen 443 ssl;": (f"listen 127.0.0.1:{port} ssl;", 1),
        "listen [::]:443 ssl;": ("", 1),
    }


def command(place: Path, file: Path, *words: str) -> list[str]:
    """Return the command that runs nginx in `place` with the configuration `file`."""
    own = ("-p", str(place), "-c", str(file), "-e", str(place / "error.log"), "-g", "daemon off;")
    return [PROGRAM, *own, *words]


@contextmanager
def proxied(
    place: Path, upstream: int, backup: int | None = None
) -> Iterator[tuple[Address, "subprocess.Popen[bytes]"]]:
    """Run nginx on a free port in front of the server at port `upstream`, and end it.

    If nothing listens there it turns to port `backup`. Its files are in `place`.
    """
    port = free_port()
    text = local(generated(), place, port, upstream, backup or free_port())
    with run_nginx(place, text, port) as process:
        yield ("127.0.0.1", port), process


@contextmanager
def run_nginx(place: Path, text: str, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run nginx with the configuration `text`, which has it listen on `port`, and end it."""
    file = place / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    with subprocess.Popen(command(place, file)) as process:  # noqa: S603 (our own command)
        try:
            await_life(("127.0.0.1", port), process)
            yield process
        finally:
            process.terminate()
            process.wait(10)
