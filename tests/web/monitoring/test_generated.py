"""The dashboard and the alert rules: well formed, and about metrics that a server exposes."""

import json
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families as parse

from web.cli import main
from web.http.metric_table import METRICS, PROCESS_METRICS
from web.monitoring.alert_rules import ALERTS, alert_rules
from web.monitoring.dashboard import dashboard

BOARD = json.loads(dashboard())
PANELS: list[dict[str, Any]] = [each for each in BOARD["panels"] if each["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = [*QUERIES, *(alert.expression for alert in ALERTS)]
OF_PROMETHEUS = {"up"}  # made by Prometheus itself for each server that it asks


def selectors(expression: str) -> list[promql_parser.VectorSelector]:
    """Return what an expression selects; Grafana's variables stand for values."""
    found: list[promql_parser.VectorSelector] = []

    def collect(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)

    promql_parser.walk(promql_parser.parse(expression.replace("$__rate_interval", "5m")), pre_visit=collect)
    return found


@pytest.fixture(scope="module")
def exposed(release_app: Flask) -> dict[str, set[str]]:
    """The labels of each sample of the metrics that a server of a release reports, after a few requests."""
    client = release_app.test_client()
    metrics = release_app.extensions["utsaga"].metrics
    metrics.release("abc", "2026-11-29T10:00:00+00:00")
    metrics.query("ok", 0.01)
    metrics.request("entity", 200, 0.01, "law")
    families = parse(client.get("/metrics").text)
    return {
        sample.name: {*sample.labels, "job", "instance"} for family in families for sample in family.samples
    }


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_for_metrics_and_labels_that_there_are(
    exposed: dict[str, set[str]], expression: str
) -> None:
    asked = selectors(expression)
    assert asked
    for each in asked:
        assert each.name in exposed or each.name in OF_PROMETHEUS
        labels = {matcher.name for matcher in each.matchers.matchers}
        assert labels <= exposed.get(each.name, {"job", "instance"})


def test_an_expression_of_a_metric_that_there_is_not_is_found_out(exposed: dict[str, set[str]]) -> None:
    (gone,) = selectors('sum(rate(utsaga_gone_total{job="utsaga"}[5m]))')
    assert gone.name == "utsaga_gone_total"
    assert gone.name not in exposed


def test_every_metric_of_the_table_has_a_panel() -> None:
    asked = {each.name for query in QUERIES for each in selectors(query)}
    for row in (*METRICS, *PROCESS_METRICS):
        assert (f"{row.name}_bucket" if row.type == "histogram" else row.name) in asked


def test_a_panel_has_what_grafana_needs() -> None:
    assert BOARD["title"]
    assert BOARD["uid"]
    assert {each["name"] for each in BOARD["templating"]["list"]} == {"datasource", "job"}
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    for panel in PANELS:
        assert panel["title"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@pytest.mark.parametrize(
    ("kind", "file", "text"),
    [
        ("grafana", "utsaga-dashboard.json", dashboard()),
        ("prometheus-alerts", "utsaga-alerts.yml", alert_rules()),
    ],
)
def test_the_command_writes_them(tmp_path: Path, kind: str, file: str, text: str) -> None:
    told = CliRunner().invoke(main, ["gen-config", kind])
    assert (told.exit_code, told.output) == (0, text)
    told = CliRunner().invoke(main, ["gen-config", kind, "--output", str(tmp_path)])
    assert told.exit_code == 0
    assert (tmp_path / file).read_text(encoding="utf-8") == text


def test_no_panel_lies_on_another() -> None:
    for one, other in combinations([panel["gridPos"] for panel in BOARD["panels"]], 2):
        apart = (
            one["x"] + one["w"] <= other["x"]
            or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"]
            or other["y"] + other["h"] <= one["y"]
        )
        assert apart, (one, other)
        assert one["x"] + one["w"] <= 24


def test_the_rules_are_yaml_and_each_says_what_to_do() -> None:
    (group,) = yaml.safe_load(alert_rules())["groups"]
    assert [rule["alert"] for rule in group["rules"]] == [alert.name for alert in ALERTS]
    for rule in group["rules"]:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"].endswith(".")


@pytest.mark.slow  # needs promtool, which `make peers` installs with the other programs
def test_prometheus_own_tool_takes_the_rules_and_they_alert_when_they_should(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing: make peers installs it"
    (tmp_path / "rules.yml").write_text(alert_rules(), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("alert_tests.yml"), tmp_path)
    for words in (("check", "rules", "--lint-fatal", "rules.yml"), ("test", "rules", "alert_tests.yml")):
        ended = subprocess.run([promtool, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
