"""Debian's Caddy as `utsaga gen-config caddy` configures it, without TLS, in front of a server of ours."""

import os
import shutil
import subprocess
from collections.abc import Iterator
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

PROGRAM: Final = shutil.which("caddy")
_NAME: Final = "utsaga.example"


def local(port: int, upstream: int, backup: int) -> str:
    """Return the configuration with other ports, on the loopback interface alone.

    Raise ValueError if what is replaced is not there exactly once.
    """
    text = render(KINDS["caddy"], Deployment.of(Settings(), {}, name=_NAME, tls=False))["Caddyfile"]
    replaced = {
        f"http://{_NAME} {{": f"http://127.0.0.1:{port} {{\n\tbind 127.0.0.1",
        "{\n\tservers {": "{\n\tadmin off\n\tservers {",
        "127.0.0.1:8000 127.0.0.1:8001": f"127.0.0.1:{upstream} 127.0.0.1:{backup}",
    }
    for old, new in replaced.items():
        if text.count(old) != 1:
            raise ValueError(f"{old} is {text.count(old)} times in the configuration")
        text = text.replace(old, new)
    return text


@contextmanager
def proxied(place: Path, upstream: int) -> Iterator[tuple[Address, "subprocess.Popen[bytes]"]]:
    """Run Caddy on a free port in front of the server at port `upstream`, and end it.

    Its files are in `place`.
    """
    port = free_port()
    file = place / "Caddyfile"
    file.write_text(local(port, upstream, free_port()), encoding="utf-8")
    command = [PROGRAM or "caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
    with (
        (place / "caddy.log").open("wb") as log,
        subprocess.Popen(command, env={**os.environ, "HOME": str(place)}, stderr=log) as process,  # noqa: S603
    ):
        try:
            await_life(("127.0.0.1", port), process)
            yield ("127.0.0.1", port), process
        finally:
            process.terminate()
            process.wait(30)
