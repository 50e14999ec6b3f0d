"""Runs the cases against a server, several at a time, and watches that it lives."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from bench.hostile.corpus import Case
from bench.hostile.exchange import Address, Reply, exchange
from bench.hostile.judge import GRACE, is_busy, judge

ATTEMPTS = 20  # how often a case is sent before “no room just now” is taken for its answer
_SLACK = 5.0  # seconds a client waits longer than an answer may take, to tell late from never
_ALIVE = 2.0  # seconds within which a living server says so


@dataclass(frozen=True)
class Outcome:
    """The last answer to a case, how often it was sent, and all that was wrong."""

    case: Case
    reply: Reply
    attempts: int
    faults: tuple[str, ...]


def address_of(url: str) -> Address:
    """Return the host and port of an http URL."""
    parts = urlsplit(url)
    return parts.hostname or "localhost", parts.port or 80


def attack(address: Address, cases: Sequence[Case], *, seconds: float, concurrency: int) -> list[Outcome]:
    """Send all `cases`, in an order that mixes the groups, and return the outcome of each."""
    mixed = random.Random(1).sample(cases, len(cases))  # noqa: S311 (an order, not a secret)
    with ThreadPoolExecutor(concurrency) as clients:
        return list(clients.map(lambda case: attempt(address, case, seconds), mixed))


def attempt(address: Address, case: Case, seconds: float) -> Outcome:
    """Send `case` until the server has room for it, and look whether the server lives afterwards."""
    faults: list[str] = []
    attempts = 0
    while True:
        attempts += 1
        reply = _send(address, case, seconds)
        faults.extend(judge(case, reply, seconds))
        if not is_busy(reply) or attempts == ATTEMPTS:
            break
        time.sleep(float(reply.headers.get("retry-after", 1)))
    if is_busy(reply):
        faults.append(f"no room in {attempts} attempts")
    if not is_alive(address):
        faults.append("afterwards the server does not say that it is alive")
    return Outcome(case, reply, attempts, tuple(dict.fromkeys(faults)))


def is_alive(address: Address) -> bool:
    """Tell whether the server says within two seconds that it is alive."""
    connection = HTTPConnection(*address, timeout=_ALIVE)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _send(address: Address, case: Case, seconds: float) -> Reply:
    try:
        return exchange(address, case, seconds + GRACE + _SLACK)
    except OSError:  # no connection at all
        return Reply(0, 0.0)
