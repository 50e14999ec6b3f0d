"""What is counted many times a second, beside prometheus_client's own histograms."""

import threading

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from web.tally import BUCKETS, Notes, Tallies

SECONDS = st.one_of(st.floats(0, 100), st.sampled_from(BUCKETS))


def shown(*collectors: Collector) -> str:
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    lines = generate_latest(registry).decode().splitlines()
    return "\n".join(line for line in lines if "_created" not in line)


@given(st.lists(SECONDS))
def test_it_looks_as_a_histogram_does(seconds: list[float]) -> None:
    ours, notes = Tallies("took_seconds", "Time."), Notes()
    peer = Histogram("took_seconds", "Time.", buckets=BUCKETS, registry=None)
    for each in seconds:
        notes.time(ours.of(), each)
        peer.observe(each)
    assert shown(notes, ours) == shown(peer)


@given(st.lists(st.tuples(st.sampled_from('ab"\n'), SECONDS)))
def test_it_looks_as_one_with_a_label_does(seconds: list[tuple[str, float]]) -> None:
    ours, notes = Tallies("took_seconds", "Time.", "route"), Notes()
    peer = Histogram("took_seconds", "Time.", ["route"], buckets=BUCKETS, registry=None)
    for route, each in seconds:
        notes.time(ours.of(route), each)
        peer.labels(route).observe(each)
    assert shown(notes, ours) == shown(peer)


def test_nothing_is_lost_that_several_threads_count() -> None:
    def tell() -> None:
        for _ in range(20_000):
            notes.count(counter)
            notes.time(ours.of("a"), 0.25)

    notes, counter = Notes(), Counter("times", "Times.", registry=None)
    ours = Tallies("took_seconds", "Time.", "route")
    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = shown(notes, counter, ours).splitlines()
    assert {"times_total 80000.0", 'took_seconds_sum{route="a"} 20000.0'} <= {*lines}
