"""Measures how long batches of names take to reconcile: `python -m bench.reconcile [STORE]`.

The names are those of organisations in the text index beside the store, each with a letter left out in two of
three; the batches are asked in this process, HTTP and JSON included, of an application that has just started.
"""

import argparse
import json
import time
from pathlib import Path
from random import Random
from statistics import median, quantiles

from flask.testing import FlaskClient
from tantivy import Query

from graph.backends.in_process import InProcess
from graph.release.releases import Releases
from graph.search.documents import read_document
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState

_ROW = "| {:<26} | {:>8} | {:>8} | {:>8} |"


def main() -> None:
    """Ask batches of ten and of a hundred, first of a cold application, then of a warm one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path, nargs="?", help="of a release; the live one if none is given")
    parser.add_argument("--batches", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    store = asked.store or Releases(Path("releases")).live().store
    index = TextIndex.open_beside(store)
    if index is None:
        parser.error(f"{store} has no text index beside it")
    random = Random(asked.seed)  # noqa: S311 (a benchmark is to be repeated, not secret)
    names = _names(index)
    client = create_app(AppState.of(InProcess.open(store), text_index=index)).test_client()
    print(f"{index.searcher.num_docs:,} documents, {len(names):,} names to choose from\n")
    print(_ROW.format("", "p50 ms", "p95 ms", "max ms"))
    print(_ROW.format("---", "--:", "--:", "--:"))
    for title, size in (
        ("10 names, from a cold start", 10),
        ("10 names, warm", 10),
        ("100 names, warm", 100),
    ):
        batches = [
            [_mistyped(random.choice(names), random) for _ in range(size)] for _ in range(asked.batches)
        ]
        taken = sorted(_timed(client, batch) for batch in batches)
        print(
            _ROW.format(
                title, *(f"{each:.1f}" for each in (median(taken), quantiles(taken, n=20)[-1], taken[-1]))
            )
        )


def _names(index: TextIndex) -> list[str]:
    hits = index.searcher.search(Query.term_query(index.schema, "kind", "organisation"), 20_000).hits
    read = (read_document(index.searcher, address).values for _, address in hits)
    return sorted({value for values in read for field, _, _, value in values if field == "label"})


def _mistyped(name: str, random: Random) -> str:
    at = random.randrange(1, max(2, len(name) - 1))
    return name if random.random() < 1 / 3 else name[:at] + name[at + 1 :]


def _timed(client: FlaskClient, batch: list[str]) -> float:
    queries = {f"q{number}": {"query": name} for number, name in enumerate(batch)}
    began = time.perf_counter()
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(answer.text)
    return taken


if __name__ == "__main__":
    main()
