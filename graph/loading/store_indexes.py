"""Writes the index and the text index of a store, at the same time where there is much to write."""

from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Store

from graph import index
from graph.core.progress import Progress
from graph.index.kinds import kinds_of
from graph.loading.child_process import child_processes
from graph.search import writer

_SMALL: Final = 20_000  # triples, for which starting a process takes longer than writing an index


def write_indexes(place: Path, store: Path, progress: Progress) -> None:
    """Write the index and the text index of the default graph of `store` into the directory `place`."""
    engine = Store.read_only(str(store))
    default_graph = engine.quads_for_pattern(None, None, None, DefaultGraph())
    is_small = sum(1 for _ in islice(default_graph, _SMALL)) < _SMALL
    total, kinds = len(engine), kinds_of(engine)
    with ExitStack() as running:
        text: Callable[[], None] = lambda: None  # noqa: E731
        if is_small:
            writer.write_text_index(place / writer.INDEX_FOLDER, store, kinds)
        else:
            pool = running.enter_context(child_processes(1))
            text = pool.submit(writer.write_text_index, place / writer.INDEX_FOLDER, store, kinds).result
        index.write_index(
            place / index.INDEX_FILE,
            engine,
            lambda count: progress("index", min(count, total), total, count),
        )
        progress("text index", 0, 0, total)
        text()
