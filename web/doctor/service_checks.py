"""Checks of what is served: the scripts of the pages, the port, a server that runs already."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import urllib3

import web
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Unavailable, UtsagaError
from web.doctor.finding import Finding, Installation, fail, ok, warn
from web.runtime.server import check_address

_SECONDS: Final = 3.0
_ANY: Final = "SELECT ?s { ?s ?p ?o } LIMIT 1"
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
        reply = _reply(installation, "/healthz")
        if reply and reply.status == 200 and reply.data == b"ok\n":
            yield ok(f"a server answers at {place}")
        else:
            other = installation.port % 65535 + 1
            yield fail(f"another program has {place}", f"end it, or serve at another port: --port {other}")
    else:
        yield ok(f"{place} is free")


def endpoint(installation: Installation) -> Iterator[Finding]:
    """Check that the endpoint that is served, if one is named, answers a query."""
    url = installation.endpoint
    if not url:
        yield ok("no endpoint is served: name it with --endpoint to have it asked")
        return
    remote = RemoteEndpoint(url, installation.settings)
    try:
        remote.select(_ANY)
    except UtsagaError as error:
        remedy = "start the engine, or correct --endpoint; its log says more"
        yield from (fail(f"{url}: {each.message}", each.remedy or remedy) for each in error.faults)
    else:
        yield ok(f"the endpoint {url} answers")
    finally:
        remote.close()


def running(installation: Installation) -> Iterator[Finding]:
    """Check that a server at the address would answer a query now."""
    place = f"{installation.host}:{installation.port}"
    reply = _reply(installation, "/readyz")
    if reply and reply.status == 200 and reply.data.startswith(b"ready"):
        yield ok(f"the server at {place} is ready")
    elif reply:
        said = faults(reply.data) or "another program answers there"
        yield fail(
            f"the server at {place} is not ready: {said}", f"see what http://{place}/readyz says, and its log"
        )
    else:
        yield fail(f"no server answers at {place}", "start it: utsaga serve")


def faults(body: bytes) -> str:
    """Return what a problem document says is wrong; nothing if it is none."""
    try:
        return "; ".join(f"{each['where']}: {each['message']}" for each in json.loads(body)["faults"])
    except (ValueError, KeyError, TypeError):
        return ""


def _reply(installation: Installation, path: str) -> urllib3.BaseHTTPResponse | None:
    """Return the reply of whatever answers at the address, or None."""
    host = f"[{installation.host}]" if ":" in installation.host else installation.host
    try:
        return urllib3.request(
            "GET",
            f"http://{host}:{installation.port}{path}",
            headers={"Accept": "application/problem+json, text/plain"},
            timeout=_SECONDS,
            retries=False,
        )
    except urllib3.exceptions.HTTPError:
        return None
