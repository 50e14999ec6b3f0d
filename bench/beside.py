"""How long a client's lookups take while others ask for what takes long, at our server and the native one."""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from bench import load, peers
from bench.client import Endpoint, fire
from bench.hostile.neighbour import Latency, Neighbour
from bench.peers import Peer
from bench.workload import Workload, workloads

_LOADS: Final = ("joins", "grouping")
_WARM_UP: Final = 2  # seconds of load before the lookups that count


def main() -> None:
    """Make and load the data, measure each server in turn, and print the figures."""
    asked = _arguments()
    data = load.generated(asked.place, asked.quads, asked.seed)
    classes = [each for each in workloads(data / "data.nq", asked.seed) if each.name in _LOADS]
    print(f"{asked.connections} connections of load, {asked.seconds} s; {asked.quads:,} quads")
    print("| server | beside | of these, 1/s | lookups | p50, ms | p99, ms | failed |\n" + "| --- " * 7 + "|")
    for number in range(asked.rounds):
        for peer in (each for each in peers.ALL if each.name.lower() in asked.peers and each.present):
            _measure(peer, data, classes, asked, f"round-{number}")


def _measure(peer: Peer, data: Path, classes: list[Workload], asked: argparse.Namespace, salt: str) -> None:
    """Print how long lookups took at one server, alone and beside each class of queries."""
    with peers.started(peer, peer.load(data)) as running:
        _print(peer, "nothing", 0.0, _lookups(running.endpoint, asked.seconds))
        for each in classes:
            _print(peer, each.name, *_beside(running.endpoint, each, asked, salt))


def _lookups(endpoint: Endpoint, seconds: int) -> Latency:
    """Return how long lookups took that nobody had made before, by a client that makes one at a time."""
    with Neighbour(("127.0.0.1", endpoint.port), endpoint.path) as neighbour:
        time.sleep(seconds)
    return Latency.of(lookup for lookup in neighbour.lookups if not lookup.repeated)


def _beside(
    endpoint: Endpoint, workload: Workload, asked: argparse.Namespace, salt: str
) -> tuple[float, Latency]:
    """Return how many queries of `workload` a second were answered, and how long lookups took meanwhile."""
    seconds = asked.seconds + 2 * _WARM_UP
    with ThreadPoolExecutor(1) as threads:
        loaded = threads.submit(
            fire, endpoint, workload.queries, connections=asked.connections, seconds=seconds, salt=salt
        )
        time.sleep(_WARM_UP)
        latency = _lookups(endpoint, asked.seconds)
        return loaded.result().rate, latency


def _print(peer: Peer, beside: str, rate: float, latency: Latency) -> None:
    figures = f"{rate:.0f} | {latency.count} | {latency.p50:.2f} | {latency.p99:.1f} | {latency.failed}"
    print(f"| {peer.name} | {beside} | {figures} |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [peer.name.lower() for peer in peers.ALL]
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=8, help="of lookups for each figure")
    parser.add_argument("--rounds", type=int, default=2, help="how often each server is started and measured")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--peers", nargs="+", choices=names, default=["utsaga", "oxigraph"])
    parser.add_argument("--place", type=Path, default=load.PLACE, help="where the data is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
