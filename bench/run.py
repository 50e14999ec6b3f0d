"""Measures our server beside the native Oxigraph server and Virtuoso, on the same data, one at a time."""

import argparse
import itertools
import os
import platform
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CalledProcessError

from bench import load, peers
from bench.client import Measured, Row, ask, fire
from bench.commands import output_of
from bench.peers import Peer, Running
from bench.report import MODES, Cell, Report
from bench.workload import REPEATED, Workload, census, workloads

_HERE = Path(__file__).parent
_SAMPLE = 25  # queries of each class whose rows are compared before anything is measured
_WARM_UP = 2  # seconds of load before those that count


def main() -> None:
    """Make and load the data, compare the answers, measure, and write the report."""
    asked = _arguments()
    found = [peer for peer in peers.ALL if peer.name.lower() in asked.peers and peer.present]
    data = load.generated(asked.place, asked.quads, asked.seed)
    classes = workloads(data / "data.nq", asked.seed)
    report = Report(_about(asked, found, data))
    for peer in found:
        _say(f"load {peer.name}")
        peer.load(data)
    report.differences = compare(found, data, classes)
    for number in range(1, asked.rounds + 1):
        for peer in found:
            with peers.started(peer, peer.load(data)) as running:
                report.starts[peer.name] = running.took
                for each, mode in itertools.product(classes, MODES):
                    measured, spent = measure(running, each, mode, asked)
                    report.cells.append(Cell(each.name, mode, peer.name, number, measured, spent))
                    _say(f"round {number}, {peer.name}, {each.name}, {mode}: {measured.rate:,.0f}/s")
        report.write(asked.report)  # after each round, so that nothing is lost
    print(report.markdown())


def measure(
    running: Running, workload: Workload, mode: str, asked: argparse.Namespace
) -> tuple[Measured, float]:
    """Return what one class of queries comes to at a server warmed up with the same, and its CPU seconds."""
    queries = workload.queries if mode == "uncached" else workload.queries[:REPEATED]
    for salt, seconds in (("warm", _WARM_UP), ("measured", asked.seconds)):
        before = running.cpu_seconds()
        measured = fire(
            running.endpoint,
            queries,
            connections=asked.connections,
            seconds=seconds,
            salt=salt if mode == "uncached" else "",
        )
        spent = running.cpu_seconds() - before
    return measured, spent


def compare(found: list[Peer], data: Path, classes: list[Workload]) -> list[str]:
    """Return how the answers of the servers to the same queries differ: in number, or in what they say."""
    queries = [census(), *(query for each in classes for query in each.queries[:_SAMPLE])]
    answers: dict[str, list[list[Row]]] = {}
    for peer in found:
        _say(f"ask {peer.name} {len(queries)} queries to compare")
        with peers.started(peer, peer.load(data)) as running:
            answers[peer.name] = [sorted(ask(running.endpoint, query)) for query in queries]
    first = found[0].name
    return [
        f"{name} gives {len(theirs)} rows, {first} {len(ours)}, or other values: {' '.join(query.split())}"
        for name, rows in answers.items()
        for query, ours, theirs in zip(queries, answers[first], rows, strict=True)
        if ours != theirs
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [peer.name.lower() for peer in peers.ALL]
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=5, help="of load for each figure")
    parser.add_argument("--rounds", type=int, default=3, help="how often each server is started and measured")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--peers", nargs="+", choices=names, default=names)
    parser.add_argument("--report", type=Path, default=_HERE / "report.md")
    parser.add_argument("--place", type=Path, default=load.PLACE, help="where the data is kept")
    return parser.parse_args()


def _about(asked: argparse.Namespace, found: list[Peer], data: Path) -> dict[str, str]:
    with (data / "data.nq").open("rb") as lines:
        count = sum(1 for _ in lines)
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _output("git", "-C", str(_HERE), "describe", "--always", "--dirty", "--abbrev=12"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()} GiB, {platform.system()}",
        "load average before": f"{os.getloadavg()[0]:.2f}",
        "data": f"{count:,} quads in named graphs, each also in the default graph; seed {asked.seed}",
        "load": f"{asked.connections} connections, {asked.seconds} s, the median of {asked.rounds} rounds",
        "client": f"wrk {_output('dpkg-query', '--show', '--showformat=${Version}', 'wrk')}, one thread",
        **{peer.name: peer.version() for peer in found},
        **{peer.name: "not installed" for peer in peers.ALL if not peer.present},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown")


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _output(*command: str) -> str:
    with suppress(CalledProcessError):
        return output_of(*command) or "unknown"
    return "unknown"


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    main()
