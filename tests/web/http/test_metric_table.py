"""The table of metrics and what a server reports are the same."""

from prometheus_client.parser import text_string_to_metric_families as parse

from web.http.metric_table import METRICS, PROCESS_METRICS
from web.http.metrics import Metrics


def test_every_metric_is_exposed_with_its_type_and_every_one_exposed_is_in_the_table() -> None:
    metrics = Metrics()
    body, _ = metrics.expose()
    exposed = {
        line.split()[2]: line.split()[3]
        for line in body.decode().splitlines()
        if line.startswith("# TYPE ") and not line.split()[2].endswith("_created")
    }
    in_text = {"info": "gauge"}  # the format that Prometheus reads has no type of its own for these
    assert exposed == {each.name: in_text.get(each.type, each.type) for each in (*METRICS, *PROCESS_METRICS)}


def test_the_labels_are_those_of_the_table() -> None:
    metrics = Metrics()
    metrics.release("abc", "2026-11-29T10:00:00+00:00")
    metrics.query("ok", 0.1)
    metrics.request("entity", 200, 0.1, "law")
    families = {family.name: family for family in parse(metrics.expose()[0].decode())}
    for row in METRICS:
        family = families[row.name.removesuffix("_total") if row.type == "counter" else row.name]
        assert family.documentation == f"{row.meaning}."
        found = {name for sample in family.samples for name in sample.labels} - {"le"}
        assert found == set(row.labels), row.name


def test_every_value_of_a_label_that_the_table_has_is_one_that_is_counted() -> None:
    metrics = Metrics()
    families = {family.name: family for family in parse(metrics.expose()[0].decode())}
    for name, label in (
        ("utsaga_queries", "outcome"),
        ("utsaga_workers_ended", "cause"),
        ("utsaga_workers", "state"),
    ):
        (row,) = (each for each in METRICS if each.name.removesuffix("_total") == name)
        assert {sample.labels[label] for sample in families[name].samples if label in sample.labels} == set(
            row.labels[label]
        )
