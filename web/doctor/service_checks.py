"""Checks of what is served: the scripts of the pages, the port, a server that runs already."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import urllib3

import web
from graph.core.errors import Unavailable
from web.doctor.finding import Finding, Installation, fail, ok, warn
from web.runtime.server import check_address

_SECONDS: Final = 3.0
BUILT: Final = Path(web.__file__).parent / "static" / "built"


def scripts(installation: Installation, folder: Path = BUILT) -> Iterator[Finding]:
    """Check that the scripts of the pages have been bundled."""
    try:
        names = json.loads((folder / "names.json").read_text(encoding="utf-8")).values()
    except (OSError, ValueError):
        yield warn(
            "the scripts of the pages are missing: no editor, no drawing of graphs",
            "run make in a checkout, or install a wheel",
        )
        return
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        yield fail(
            f"{missing[0]} is missing in {folder}", "run make in a checkout, or install the wheel again"
        )
    else:
        yield ok("the scripts of the pages are there")


def port(installation: Installation) -> Iterator[Finding]:
    """Check that the address is free, or that an Utsaga answers there."""
    place = f"{installation.host}:{installation.port}"
    try:
        check_address(installation.host, installation.port)
    except Unavailable:
        if _status(installation, "/healthz", "ok\n") == 200:
            yield ok(f"a server answers at {place}")
        else:
            other = installation.port % 65535 + 1
            yield fail(f"another program has {place}", f"end it, or serve at another port: --port {other}")
    else:
        yield ok(f"{place} is free")


def running(installation: Installation) -> Iterator[Finding]:
    """Check that a server at the address would answer a query now."""
    place = f"{installation.host}:{installation.port}"
    status = _status(installation, "/readyz", "ready")
    if status == 200:
        yield ok(f"the server at {place} is ready")
    elif status:
        yield fail(f"the server at {place} is not ready", f"see what http://{place}/readyz says, and its log")
    else:
        yield fail(f"no server answers at {place}", "start it: utsaga serve")


def _status(installation: Installation, path: str, begins: str) -> int:
    """Return the status of a reply, 0 without one, 503 for a reply that is none of Utsaga's."""
    host = f"[{installation.host}]" if ":" in installation.host else installation.host
    try:
        reply = urllib3.request(
            "GET",
            f"http://{host}:{installation.port}{path}",
            timeout=_SECONDS,
            retries=False,
        )
    except urllib3.exceptions.HTTPError:
        return 0
    return reply.status if reply.data.decode(errors="replace").startswith(begins) else 503
