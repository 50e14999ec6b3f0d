import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isnan

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as parse

from graph.workers.observer import PoolObserver
from web.http.metric_table import CAUSES, OUTCOMES
from web.http.metrics import Metrics
from web.http.response_cache import CacheObserver
from web.http.route_classes import MAX_DERIVED, RequestClasses


def values(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """What Prometheus would read: by name and labels."""
    body, _ = metrics.expose()
    families = parse(body.decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return values(metrics)[name, frozenset(labels.items())]


def test_queries_are_counted_by_outcome_and_timed() -> None:
    metrics = Metrics()
    metrics.query("ok", 0.002)
    metrics.query("ok", 0.2)
    metrics.query("timeout", 10.0)
    assert value(metrics, "utsaga_queries_total", outcome="ok") == 2
    assert value(metrics, "utsaga_queries_total", outcome="timeout") == 1
    assert value(metrics, "utsaga_query_seconds_count") == 3
    assert value(metrics, "utsaga_query_seconds_sum") == pytest.approx(10.202)
    assert value(metrics, "utsaga_query_seconds_bucket", le="0.0025") == 1
    assert value(metrics, "utsaga_query_seconds_bucket", le="10.0") == 3


@pytest.mark.parametrize("outcome", ["throttled", "queue-full", "queue-timeout"])
def test_a_query_that_never_ran_is_counted_and_not_timed(outcome: str) -> None:
    metrics = Metrics()
    metrics.query(outcome, 0.0)
    assert value(metrics, "utsaga_queries_total", outcome=outcome) == 1
    assert value(metrics, "utsaga_query_seconds_count") == 0


def test_it_observes_the_pool_and_the_cache() -> None:
    """mypy checks it."""
    observers: tuple[PoolObserver, CacheObserver] = (Metrics(), Metrics())
    assert all(isinstance(each, Metrics) for each in observers)


def test_the_time_in_the_queue_is_counted_apart() -> None:
    metrics = Metrics()
    metrics.queued(0.4)
    assert value(metrics, "utsaga_queue_seconds_count") == 1
    assert value(metrics, "utsaga_queue_seconds_bucket", le="0.25") == 0
    assert value(metrics, "utsaga_queue_seconds_bucket", le="0.5") == 1
    assert value(metrics, "utsaga_query_seconds_count") == 0


def test_workers_are_counted() -> None:
    metrics = Metrics()
    metrics.worker_started()
    metrics.worker_started()
    metrics.worker_ended("timeout")
    metrics.busy(3)
    metrics.busy(1)
    metrics.idle(2)
    assert value(metrics, "utsaga_workers_started_total") == 2
    assert value(metrics, "utsaga_workers_ended_total", cause="timeout") == 1
    assert value(metrics, "utsaga_workers", state="busy") == 1
    assert value(metrics, "utsaga_workers", state="idle") == 2


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("utsaga_query_seconds", {}),
        ("utsaga_queue_seconds", {}),
        ("utsaga_http_request_seconds", {"route": "entity"}),
    ],
)
def test_a_histogram_has_these_buckets(name: str, labels: dict[str, str]) -> None:
    metrics = Metrics()
    metrics.query("ok", 31.0)
    metrics.queued(31.0)
    metrics.request("entity", 200, 31.0)
    bounds = [dict(found)["le"] for sample, found in values(metrics) if sample == f"{name}_bucket"]
    assert [float(bound) for bound in bounds] == [
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        float("inf"),
    ]
    assert value(metrics, f"{name}_bucket", le="30.0", **labels) == 0
    assert value(metrics, f"{name}_bucket", le="+Inf", **labels) == 1
    assert value(metrics, f"{name}_sum", **labels) == 31


def test_the_cache_is_counted_and_measured() -> None:
    metrics = Metrics()
    metrics.hit()
    metrics.hit()
    metrics.miss()
    metrics.stored(5000, 7)
    metrics.stored(4000, 6)
    assert value(metrics, "utsaga_cache_hits_total") == 2
    assert value(metrics, "utsaga_cache_misses_total") == 1
    assert value(metrics, "utsaga_cache_bytes") == 4000
    assert value(metrics, "utsaga_cache_entries") == 6


def test_only_the_release_that_is_served_is_named() -> None:
    metrics = Metrics()
    metrics.release("abc", "2026-11-28T10:00:00+00:00")
    metrics.release("def", "2026-11-29T10:00:00+00:00")
    named = [labels for name, labels in values(metrics) if name == "utsaga_release_info"]
    assert named == [frozenset({("id", "def"), ("created", "2026-11-29T10:00:00+00:00")})]


def test_ages_grow_from_when_the_release_was_built_and_a_source_last_visited() -> None:
    metrics = Metrics()
    assert isnan(value(metrics, "utsaga_release_age_seconds"))
    now = datetime.now(UTC)
    day = (now - timedelta(days=2)).date()
    metrics.release("abc", (now - timedelta(hours=1)).isoformat(timespec="seconds"), day.isoformat())
    assert 3600 <= value(metrics, "utsaga_release_age_seconds") < 3700
    assert 2 * 86400 <= value(metrics, "utsaga_source_visit_age_seconds") < 3 * 86400 + 100
    metrics.release("def", now.isoformat())
    assert value(metrics, "utsaga_release_age_seconds") < 100
    assert isnan(value(metrics, "utsaga_source_visit_age_seconds"))


def test_requests_are_counted_by_class_and_status() -> None:
    metrics = Metrics()
    for status in (200, 200, 404):
        metrics.request("entity", status, 0.003)
    metrics.request("sparql", 200, 0.003)
    assert value(metrics, "utsaga_http_requests_total", route="entity", status="200") == 2
    assert value(metrics, "utsaga_http_requests_total", route="entity", status="404") == 1
    assert value(metrics, "utsaga_http_request_seconds_count", route="entity") == 3
    assert value(metrics, "utsaga_http_request_seconds_count", route="sparql") == 1


def test_no_count_of_several_threads_is_lost() -> None:
    metrics = Metrics()

    def count() -> None:
        for _ in range(1_000):
            metrics.request("sparql", 200, 0.003)
            metrics.query("ok", 0.003)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(metrics, "utsaga_http_requests_total", route="sparql", status="200") == 4_000
    assert value(metrics, "utsaga_query_seconds_count") == 4_000


def test_known_outcomes_and_causes_are_zeros_from_the_start() -> None:
    metrics = Metrics()
    assert all(value(metrics, "utsaga_queries_total", outcome=outcome) == 0 for outcome in OUTCOMES)
    assert all(value(metrics, "utsaga_workers_ended_total", cause=cause) == 0 for cause in CAUSES)


def test_the_versions_are_exposed() -> None:
    named = [dict(labels) for name, labels in values(Metrics()) if name == "utsaga_build_info"]
    assert [sorted(labels) for labels in named] == [["engine", "python", "version"]]
    assert all(named[0].values())


def test_the_memory_of_the_process_is_exposed() -> None:
    assert value(Metrics(), "process_resident_memory_bytes") > 1_000_000


def test_two_servers_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.query("ok", 0.1)
    assert value(other, "utsaga_queries_total", outcome="ok") == 0


def test_the_text_is_of_the_type_it_says() -> None:
    body, content_type = Metrics().expose()
    assert content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert body.startswith(b"# HELP ")


@pytest.mark.parametrize("use", [lambda metrics: metrics.query("ok", 0), lambda metrics: metrics.hit()])
def test_every_name_has_a_known_prefix(use: Callable[[Metrics], None]) -> None:
    metrics = Metrics()
    use(metrics)
    assert {name.partition("_")[0] for name, _ in values(metrics)} == {"utsaga", "process"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "home"),
        ("/sparql", "sparql"),
        ("/organisation", "list"),
        ("/organisation.csv", "list"),
        ("/organisation/goteborgs-kommun", "entity"),
        ("/organisation/goteborgs-kommun.ttl", "entity"),
        ("/id/organisation/goteborgs-kommun", "identifier"),
        ("/resource.ttl", "entity"),
        ("/queries/who", "query"),
        ("/static/style.css", "static"),
        ("/readyz", "ops"),
        ("", "home"),
        ("/wp-login.php", "other"),
        ("//sparql", "home"),
        ("/organisations", "other"),
    ],
)
def test_a_path_is_counted_under_its_class(path: str, expected: str) -> None:
    assert RequestClasses().route(path) == expected


def test_every_route_of_the_application_has_a_class(pages_app: Flask) -> None:
    others = []
    for rule in pages_app.url_map.iter_rules():
        address = re.sub("^/<(?:named_)?kind:[a-z]+>", "/organisation", rule.rule)
        choice = re.match(r"/<any\(([^)]*)\)", address)
        paths = [f"/{each}" for each in choice[1].replace("'", "").split(", ")] if choice else [address]
        others += [path for path in paths if RequestClasses().route(path) == "other"]
    assert not others


def test_requests_of_derived_kinds_are_counted_by_their_names() -> None:
    classes = RequestClasses()
    assert (classes.route("/gn-code"), classes.kind("/gn-code")) == ("other", "")
    classes.add_kinds(["gn-code"])
    assert (classes.route("/gn-code.csv"), classes.kind("/gn-code.csv")) == ("list", "gn-code")
    assert (classes.route("/gn-code/a"), classes.kind("/gn-code/a")) == ("entity", "gn-code")
    assert classes.kind("/law/osl") == "law"
    assert classes.kind("/search") == ""


def test_data_cannot_make_more_labels_than_there_is_room_for() -> None:
    classes = RequestClasses()
    for release in range(3):
        classes.add_kinds([f"kind-{release}-{number}" for number in range(MAX_DERIVED - 10)])
    paths = [f"/kind-{release}-{number}" for release in range(3) for number in range(MAX_DERIVED)]
    assert len({classes.kind(path) for path in paths} - {""}) == MAX_DERIVED
    assert classes.route("/kind-2-0") == "other"


def test_requests_are_counted_by_kind() -> None:
    metrics = Metrics()
    for kind in ("law", "law", ""):
        metrics.request("entity", 200, 0.003, kind)
    assert value(metrics, "utsaga_kind_requests_total", kind="law") == 2
    assert len([name for name, _ in values(metrics) if name == "utsaga_kind_requests_total"]) == 1
