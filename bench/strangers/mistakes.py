"""Requests that once got a wrong reply, sent over and over: each wrong reply is a fault."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import cycle, islice

from bench.strangers.attackers import FAULTY, Attackers, opening, request
from bench.strangers.wire import Reply

_FORGED = "forged.example"
_NETWORK = "/graph.json?iri=https://w3id.org/utsaga/id/product/office-365"
_JSON = {"Content-Type": "application/json"}
_CONDITION = '{"matchType": "property", "propertyId": "%s", "propertyValue": %s}'
_REQUESTS = 2_000
_CONNECTIONS = 16

Check = Callable[[Reply], Iterator[str]]


async def long_numbers(attackers: Attackers) -> None:
    """Numbers of 4,000 digits to reconcile by."""
    conditions = (
        _CONDITION % (name, number)
        for name in ("population", "lat")
        for number in ("1" * 4000, "-" + "1" * 4000, "1" * 4000 + ".0", "1e4000")
    )
    named = '{"matchType": "name", "propertyValue": "Malmö kommun"}'
    bodies = [f'{{"queries": [{{"conditions": [{named}, {each}]}}]}}' for each in conditions]
    requests = [request("POST", "/reconcile/match", _JSON, body.encode()) for body in bodies]
    await _repeat(attackers, requests, _expects(200, 400, 413))


async def forged_hosts(attackers: Attackers) -> None:
    """Doubled slashes, which are redirected, with a forged Host: no reply may name it."""
    targets = ("//organisation//malmo-kommun", "/organisation//malmo-kommun", "//forged.example/", "/id//x")
    requests = [request("GET", target, {"Host": _FORGED}) for target in targets]

    def check(reply: Reply) -> Iterator[str]:
        if _FORGED in reply.headers.get("location", ""):
            yield f"a redirect to {_FORGED}"

    await _repeat(attackers, requests, check)


async def preconditions(attackers: Attackers) -> None:
    """If-Match with an entity tag that no page has."""
    requests = [
        request("GET", target, {"If-Match": '"none"'})
        for target in ("/organisation/malmo-kommun", "/", "/organisation")
    ]
    await _repeat(attackers, requests, _expects(412))


async def languages(attackers: Attackers) -> None:
    """The graph around an entity in two languages: a shared cache must be able to tell them apart."""
    requests = [opening("GET", _NETWORK, f"Accept-Language: {language}") for language in ("sv", "en")]
    seen: set[bytes] = set()

    def check(reply: Reply) -> Iterator[str]:
        if reply.status != HTTPStatus.OK:
            return
        seen.add(reply.body)
        if len(seen) > 1 and "accept-language" not in reply.headers.get("vary", "").lower():
            yield "Vary does not name Accept-Language"

    await _repeat(attackers, requests, check)


def _expects(*statuses: int) -> Check:
    """Return a check that finds a fault in any other status but those of a busy server, or counted anyway."""

    def check(reply: Reply) -> Iterator[str]:
        if reply.status not in (*statuses, 429, 503, *FAULTY):
            yield f"status {reply.status}"

    return check


async def _repeat(attackers: Attackers, requests: list[bytes], check: Check) -> None:
    await attackers.one_after_another(_CONNECTIONS, islice(cycle(requests), _REQUESTS), check)
