"""Attacks a server and measures what that does to another client and to the memory of the server.

python -m bench.strangers --nginx
"""

import asyncio
import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import click

from bench.hostile.attack import address_of, is_alive
from bench.hostile.exchange import Address
from bench.soak import UTSAGA
from bench.strangers.attackers import Attackers
from bench.strangers.attacks import ALL, Attack
from bench.strangers.canary import Canary
from bench.strangers.processes import Watch
from bench.strangers.site import Site, started
from bench.strangers.verdict import TITLES, Verdict

_CANARY: Final = "127.0.0.2"
_ATTACKERS: Final = "127.0.0.9"
_POLITE: Final = 10  # niceness of the attackers: elsewhere they have machines of their own
_ALONE: Final = 3.0  # seconds that the canary is alone before an attack, and goes on after it
_PATIENCE: Final = 120.0  # seconds within which a server answers again


@click.command()
@click.argument("names", nargs=-1, metavar="[ATTACK]...", type=click.Choice([each.name for each in ALL]))
@click.option("--url", help="A running server; one is started for each attack if none is given.")
@click.option("--pid", type=int, help="Its process, whose memory and that of its children is measured.")
@click.option("--nginx", is_flag=True, help="Put nginx in front, as docs/operating.md says.")
@click.option("--releases", type=click.Path(path_type=Path), default=Path("releases"), show_default=True)
@click.option("--program", type=click.Path(path_type=Path), default=UTSAGA, help="Another utsaga command.")
def main(  # noqa: PLR0913, PLR0917 (a command's parameters are its options)
    names: tuple[str, ...], url: str | None, pid: int | None, nginx: bool, releases: Path, program: Path
) -> None:
    """Run all attacks or those named, and exit with 1 if one does more to others than it may."""
    print(f"load average {os.getloadavg()[0]:.1f}; {'behind nginx' if nginx else 'bare'}", flush=True)
    print(f"| {' | '.join(TITLES)} |\n{'| --- ' * len(TITLES)}|", flush=True)
    violated = False
    for attack in (each for each in ALL if not names or each.name in names):
        running = Site(address_of(url), (pid,) if pid else ()) if url else None
        with nullcontext(running) if running else started(releases, program, nginx=nginx) as site:
            verdict = _attack(attack, site)
            print(verdict.row(), flush=True)
        violated = violated or bool(verdict.violations)
    sys.exit(1 if violated else 0)


def _attack(attack: Attack, site: Site) -> Verdict:
    """Attack `site` beside a canary, and return its verdict once the server answers again."""
    on_loopback = site.address[0].startswith("127.")
    attackers = Attackers(site.address, _ATTACKERS if on_loopback else "", attack.seconds)
    process = ProcessPoolExecutor(1, get_context("spawn"), _prepare)
    with Canary(site.address, _CANARY if on_loopback else "") as canary, process:
        process.submit(os.getpid).result()
        time.sleep(_ALONE)
        canary.samples()
        with Watch(site.roots) as memory:
            attackers = process.submit(_run, attack, attackers).result()
            time.sleep(_ALONE)
        samples = canary.samples()
    _await_reply(site.address)
    return Verdict(
        attack, samples, attackers.outcomes, attackers.faults, memory.before, memory.most, memory.after
    )


def _prepare() -> None:
    """Let others go first in this process, and have it open as many connections as it may."""
    os.nice(_POLITE)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _run(attack: Attack, attackers: Attackers) -> Attackers:
    asyncio.run(attack.run(attackers))
    return attackers


def _await_reply(address: Address) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_alive(address) and time.monotonic() < end:
        time.sleep(1)
