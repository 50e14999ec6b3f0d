"""Measures search and type-ahead in our text index beside SQLite FTS5 and CONTAINS, on the same texts.

`python -m bench.search` makes one million generated quads, and a store of them, unless they are there.
"""

import argparse
import contextlib
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import cast

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Store

from bench import load
from graph.build.store_writer import union
from graph.rdf.reader import read_quads
from graph.search import writer
from graph.search.analysis import WORD
from graph.search.fields import collect_values, search_kind, select_stored_values
from graph.search.suggest import suggest
from graph.search.text_index import TextIndex

_QUERIES = 400
_SCANS = 5  # of the slowest peer
_ROW = "| {:<34} | {:>9} | {:>9} | {:>9} | {:>9} |"
Texts = Iterator[tuple[str, str, str, str]]


def main() -> None:
    """Build the indexes where they are missing, ask each the same, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path, default=load.PLACE)
    asked = parser.parse_args()
    home = load.generated(asked.place, asked.quads, asked.seed) / "search"
    place = load.once(home, lambda new: _make(home.parent / "data.nq", new))
    engine, texts = Store.read_only(str(place / "store")), place / "texts.sqlite"
    ours = _built(
        place / writer.INDEX_FOLDER,
        lambda: writer.write_text_index(place / writer.INDEX_FOLDER, place / "store"),
    )
    theirs = _built(texts, lambda: _sqlite(texts, _texts(engine)))
    index = TextIndex.open_beside(place / "store")
    if index is None:
        sys.exit("the index has not been written")
    words, prefixes = _asked(engine, asked.seed)
    print(f"{asked.quads:,} quads, {index.searcher.num_docs:,} documents; ours built {ours}, FTS5 {theirs}\n")
    print(_ROW.format("", "p50 ms", "p95 ms", "max ms", "MB"))
    print(_ROW.format("---", "--:", "--:", "--:", "--:"))
    with contextlib.closing(sqlite3.connect(f"file:{texts}?mode=ro&immutable=1", uri=True)) as peer:
        _row("search: ours, marked, with counts", words, index.search, place / writer.INDEX_FOLDER)
        _row("search: FTS5, marked, with counts", words, lambda typed: _fts(peer, typed), texts)
        _row(
            "search: CONTAINS, unordered",
            words[:_SCANS],
            lambda typed: _contains(engine, typed),
            place / "store",
        )
        _row("type-ahead: ours", prefixes, lambda prefix: suggest(index, prefix, limit=8), None)
        _row("type-ahead: FTS5", prefixes, lambda prefix: _begun(peer, prefix), None)


def _make(data: Path, place: Path) -> None:
    store = Store(str(place / "store"))
    store.bulk_extend(union(read_quads(data)))
    store.optimize()
    store.flush()


def _built(place: Path, build: Callable[[], None]) -> str:
    """Return how long it took to build what is at `place`, or that it was there."""
    if place.exists():
        return "before"
    began = time.monotonic()
    build()
    return f"in {time.monotonic() - began:.1f} s"


def _texts(engine: Store) -> Texts:
    """Yield the IRI, the kind, the names and the words of every document of our index."""
    for subject, quads in groupby(
        engine.quads_for_pattern(None, None, None, DefaultGraph()), key=attrgetter("subject")
    ):
        stored = select_stored_values(collect_values(quads))
        if stored and isinstance(subject, NamedNode):
            names = " | ".join(text for field, _, _, text in stored if field != "text")
            words = " | ".join(text for field, _, _, text in stored if field == "text")
            yield subject.value, search_kind(subject.value), names, words


def _sqlite(path: Path, texts: Iterable[tuple[str, str, str, str]]) -> None:
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        options = "tokenize=\"unicode61 remove_diacritics 2\", prefix='1 2 3 4'"
        base.execute(
            f"CREATE VIRTUAL TABLE texts USING fts5(iri UNINDEXED, kind UNINDEXED, names, words, {options})"
        )
        base.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", texts)
        base.execute("INSERT INTO texts (texts) VALUES ('optimize')")


def _asked(engine: Store, seed: int) -> tuple[list[str], list[str]]:
    """Return one to three words of a text each, and the beginnings of names."""
    random = Random(seed)  # noqa: S311 (a sample, no secret)
    names, texts = [], []
    for _, _, name, text in _texts(engine):
        texts.append(text or name)
        if name:
            names.append(name.split(" | ")[0])
    searches = []
    for text in random.choices(texts, k=_QUERIES):
        words = WORD.findall(text.split(" | ")[0])
        searches.append(" ".join(random.sample(words, min(len(words), random.randrange(1, 4)))))
    return searches, [
        name[: random.randrange(1, 8)].strip() or "a" for name in random.choices(names, k=_QUERIES)
    ]


def _fts(base: sqlite3.Connection, typed: str) -> object:
    match = " ".join(f'"{word}"' for word in typed.split())
    hits = base.execute(
        "SELECT iri, snippet(texts, -1, '<mark>', '</mark>', '…', 30) FROM texts WHERE texts MATCH ? "
        "ORDER BY bm25(texts, 0, 0, 3, 1) LIMIT 20",
        (match,),
    ).fetchall()
    kinds = base.execute(
        "SELECT kind, COUNT(*) FROM texts WHERE texts MATCH ? GROUP BY kind", (match,)
    ).fetchall()
    return hits, kinds


def _begun(base: sqlite3.Connection, prefix: str) -> object:
    match = " ".join(f'names : "{word}"*' for word in WORD.findall(prefix) or ["a"])
    return base.execute(
        "SELECT iri, names FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 8", (match,)
    ).fetchall()


def _contains(engine: Store, typed: str) -> object:
    wanted = " && ".join(f'CONTAINS(LCASE(?text), "{word.lower()}")' for word in WORD.findall(typed))
    query = f"SELECT DISTINCT ?s {{ ?s ?p ?text FILTER(isLiteral(?text) && {wanted}) }} LIMIT 20"
    return list(cast(QuerySolutions, engine.query(query)))


def _row(name: str, asked: list[str], answer: Callable[[str], object], place: Path | None) -> None:
    """Ask everything twice, the second time with a clock, and print one line of the table."""
    took = []
    for counted in (False, True):
        for typed in asked:
            began = time.perf_counter()
            answer(typed)
            if counted:
                took.append(1000 * (time.perf_counter() - began))
    files = [place] if place and place.is_file() else place.rglob("*") if place else []
    size = sum(file.stat().st_size for file in files if file.is_file()) / 1e6
    cells = [median(took), quantiles(took, n=20)[-1], max(took)]
    print(_ROW.format(name, *(f"{cell:.2f}" for cell in cells), f"{size:.0f}" if place else ""))


if __name__ == "__main__":
    main()
