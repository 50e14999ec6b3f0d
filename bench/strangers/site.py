"""The server under attack: one that is running already, or one started for each attack."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from bench.hostile.exchange import Address
from bench.soak import served
from bench.strangers.processes import await_rest
from bench.strangers.proxy import proxied

_ALIKE: Final = {"UTSAGA_PUBLIC_BASE": "https://utsaga.example", "UTSAGA_THROTTLE_LOOPBACK": "true"}
_BEHIND: Final = {"UTSAGA_TRUSTED_HOPS": "1"}
_PAGES: Final = (
    "/",
    "/organisation",
    "/organisation/malmo-kommun",
    "/product/office-365",
    "/statement",
    "/search?q=moln",
    "/graph?iri=https://w3id.org/utsaga/id/product/office-365",
    "/reconcile/suggest/entity?prefix=stock",
)


@dataclass(frozen=True)
class Site:
    """Where it answers, and the processes at the root of all that it consists of."""

    address: Address
    roots: tuple[int, ...] = ()


@contextmanager
def started(releases: Path, program: Path, *, nginx: bool) -> Iterator[Site]:
    """Serve the live release, behind nginx or bare, and give it when it has come to rest.

    Clients on this machine have budgets, each by its own address of the loopback network.
    """
    settings = {**_ALIKE, **(_BEHIND if nginx else {})}
    with (
        tempfile.TemporaryDirectory(prefix="utsaga-strangers-") as name,
        suppress(subprocess.TimeoutExpired),  # still busy with the attack when it was terminated
        ExitStack() as stack,
    ):
        place = Path(name)
        log = place / "server.log"
        address, process = stack.enter_context(served(releases, settings=settings, log=log, program=program))
        roots = [process.pid]
        if nginx:
            address, proxy = stack.enter_context(proxied(place, address[1]))
            roots.append(proxy.pid)
        _warm_up(address)
        await_rest(roots)  # it answers its stored queries first
        yield Site(address, tuple(roots))


def _warm_up(address: Address) -> None:
    connection = HTTPConnection(*address, timeout=30)
    for page in _PAGES:
        connection.request("GET", page)
        connection.getresponse().read()
    connection.close()
