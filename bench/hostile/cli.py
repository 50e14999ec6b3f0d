"""Runs the hostile corpus against a server beside a well-behaved client, and says what was wrong.

python -m bench.hostile --url http://127.0.0.1:8000 --canary --seconds 10
"""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table

from bench.hostile.attack import Outcome, address_of, attack
from bench.hostile.canary import Canary
from bench.hostile.corpus import load
from bench.hostile.neighbour import Latency, Lookup, Neighbour

_POLITE = 10  # niceness of the attackers: elsewhere they have machines of their own

out = Console(highlight=False, soft_wrap=True)


@click.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="The server.")
@click.option("--seconds", default=10.0, show_default=True, help="The server's limit for one query.")
@click.option("--canary", "with_canary", is_flag=True, help="Listen where the queries try to reach.")
@click.option("--concurrency", default=4, show_default=True, help="Hostile requests at a time.")
@click.option("--alone", default=10.0, show_default=True, help="Seconds the well-behaved client is alone.")
@click.option("--ratio", default=3.0, show_default=True, help="How much its p99 may grow; 0 for any.")
@click.option("--only", default="", help="A regular expression for “group: name”.")
def main(  # noqa: PLR0913, PLR0917 (a command's parameters are its options)
    url: str, seconds: float, with_canary: bool, concurrency: int, alone: float, ratio: float, only: str
) -> None:
    """Attack a server with the whole corpus."""
    address = address_of(url)
    canary = Canary()
    cases = [case for case in load(canary.address) if re.search(only, str(case))]
    neighbour = Neighbour(address)
    begin = time.monotonic()
    with canary, neighbour:
        os.nice(_POLITE)
        time.sleep(alone)
        start = time.monotonic()
        outcomes = attack(address, cases, seconds=seconds, concurrency=concurrency)
        end = time.monotonic()
    _table(outcomes)
    out.print(f"{len(cases)} cases in {end - start:.0f} s, {concurrency} at a time")
    faults = [f"{outcome.case}: {fault}" for outcome in outcomes for fault in outcome.faults]
    if with_canary and canary.touches:
        faults.append(f"the canary was called {canary.touches} times")
    faults.extend(_neighbourhood(neighbour.lookups, (begin, start, end), ratio))
    for fault in faults:
        out.print(f"✗ {fault}", markup=False)
    out.print(f"{len(faults)} violations")
    sys.exit(1 if faults else 0)


def _table(outcomes: list[Outcome]) -> None:
    table = Table("group", "cases", "statuses", "slowest", "tried again", "wrong", box=None)
    for group in sorted({outcome.case.group for outcome in outcomes}):
        those = [outcome for outcome in outcomes if outcome.case.group == group]
        statuses = Counter(outcome.reply.status for outcome in those)
        table.add_row(
            group,
            str(len(those)),
            " ".join(f"{status or 'closed'}×{count}" for status, count in sorted(statuses.items())),
            f"{max(outcome.reply.seconds for outcome in those if not outcome.case.pace):.1f} s",
            str(sum(outcome.attempts > 1 for outcome in those)),
            str(sum(bool(outcome.faults) for outcome in those)),
        )
    out.print(table)


def _neighbourhood(lookups: list[Lookup], times: tuple[float, float, float], ratio: float) -> Iterator[str]:
    """Print how the well-behaved client fared, and yield what was wrong with that."""
    begin, start, end = times
    for name, repeated in (("lookups never made before", False), ("one lookup repeated", True)):
        of_kind = [lookup for lookup in lookups if lookup.repeated is repeated]
        alone = Latency.of(lookup for lookup in of_kind if begin <= lookup.start < start)
        beside = Latency.of(lookup for lookup in of_kind if start <= lookup.start < end)
        grown = beside.p99 / alone.p99 if alone.p99 else 0.0
        for where, latency in (("alone", alone), ("beside the corpus", beside)):
            out.print(
                f"{name}, {where}: {latency.count}, p50 {latency.p50:.2f} ms, p99 {latency.p99:.2f} ms, "
                f"failed {latency.failed}"
            )
        out.print(f"{name}: p99 × {grown:.2f}")
        if ratio and grown > ratio:
            yield f"{name}: p99 grew {grown:.2f} times"
        if alone.failed + beside.failed:
            statuses = Counter(lookup.status for lookup in of_kind if lookup.status != 200)
            yield f"{name}: failed {dict(statuses)}"
