"""Attacks by many requests of which no two are the same, as fast as they are answered."""

import json
from collections.abc import Iterator
from itertools import chain, count, cycle, islice
from urllib.parse import quote

from bench.strangers.attackers import Attackers, request

_PAGES = ("/organisation/malmo-kommun", "/organisation", "/product/office-365", "/statement", "/timeline")
_LONG = 95_000  # characters: less than the longest URL that is read
_LIGATURE = "\ufdfa"  # becomes 18 characters when it is normalised
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def pages(attackers: Attackers) -> None:
    """Pages with unknown arguments on 64 connections."""
    requests = (request("GET", f"{page}?x{number}={number}") for number, page in enumerate(cycle(_PAGES)))
    await attackers.one_after_another(64, islice(requests, 50_000))


async def dated_pages(attackers: Attackers) -> None:
    """Pages at so many times (?asof=) that hardly any is cached, on 64 connections."""
    days = (
        f"{year}-{month:02}-{day:02}"
        for day in range(1, 29)
        for month in range(1, 13)
        for year in range(1990, 2026)
    )
    await attackers.one_after_another(
        64, (request("GET", f"{page}?asof={day}") for day, page in zip(days, cycle(_PAGES[:3]), strict=False))
    )


async def long_iris(attackers: Attackers) -> None:
    """1,500 look-ups of IRIs of 95 kB on 8 connections."""
    targets = cycle(("/graph?iri=", "/graph.json?iri=", "/sparql?query=ASK%7B%7D&default-graph-uri="))
    await attackers.one_after_another(
        8,
        (
            request("GET", f"{target}http://example.org/{number}/{'a' * (_LONG - 100)}")
            for number, target in enumerate(islice(targets, 1500))
        ),
    )


async def long_names(attackers: Attackers) -> None:
    """3,000 requests with another header name, `Accept` or `format=` of 30 kB each, on 8 connections."""
    await attackers.one_after_another(8, islice(chain.from_iterable(map(_long, count())), 3000))


def _long(number: int) -> Iterator[bytes]:
    text = f"a{number}" + "b" * 30_000
    yield request("GET", "/organisation/malmo-kommun", {"Accept": f"text/{text}"})
    yield request("GET", "/organisation/malmo-kommun", {f"X-{text}": "1"})
    yield request("GET", f"/sparql?query=ASK%7B%7D&format={text}")
    yield request("GET", f"/organisation/malmo-kommun?lang={text}")
    yield request("GET", "/healthz", {"X-Forwarded-For": text, "X-Request-ID": text})
    yield request("GET", f"/organisation?q={text}")


async def ligatures(attackers: Attackers) -> None:
    """Batches to reconcile of 50 names, each 990 times U+FDFA, on 4 connections."""
    await attackers.one_after_another(4, map(_ligatures, range(200)))


def _ligatures(number: int) -> bytes:
    names = {f"q{each}": {"query": f"{_LIGATURE * 990}{number}{each}"} for each in range(50)}
    body = "queries=" + quote(json.dumps(names, ensure_ascii=False))
    return request("POST", "/reconcile", _FORM, body.encode())
