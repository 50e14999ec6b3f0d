"""`utsaga doctor`: a table or JSON, and status 1 after a failure."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench.client import free_port
from graph.release.release import Release
from web.cli import main
from web.doctor.checks import CHECKS

OPERATING = (Path(__file__).parents[3] / "docs" / "operating.md").read_text()


def doctor(home: Path, *words: str, **variables: str) -> Result:
    command = ["--releases", str(home), "doctor", "--port", str(free_port()), *words]
    return CliRunner(env={"UTSAGA_WORKERS": "1", "COLUMNS": "200", **variables}).invoke(main, command)


def test_every_check_has_a_line(release: Release) -> None:
    found = doctor(release.path.parent)
    assert found.exit_code == 0, found.output
    for name in CHECKS:
        assert re.search(rf"(ok|warn)\s+{re.escape(name)}\s", found.output), name


def test_json_has_level_message_and_remedy(release: Release) -> None:
    found = doctor(release.path.parent, "--json", UTSAGA_CONNECTIONS="0")
    assert found.exit_code == 1
    failed = [each for each in json.loads(found.stdout) if each["level"] == "fail"]
    assert failed == [
        {
            "check": "settings",
            "level": "fail",
            "message": "no connection may be open",
            "remedy": "raise UTSAGA_CONNECTIONS",
        }
    ]


def test_a_setting_that_cannot_be_read_is_a_failure_and_the_rest_is_checked(release: Release) -> None:
    found = doctor(release.path.parent, UTSAGA_SECONDS="soon")
    assert found.exit_code == 1
    assert "UTSAGA_SECONDS" in found.output
    assert re.search(r"ok\s+live release", found.output)


def test_a_server_that_does_not_run_is_a_failure(tmp_path: Path) -> None:
    found = doctor(tmp_path, "--running")
    assert found.exit_code == 1
    assert "no server answers" in found.output


def test_nothing_is_written(tmp_path: Path) -> None:
    assert doctor(tmp_path / "releases").exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", CHECKS)
def test_the_documentation_names_every_check(name: str) -> None:
    assert f"**{name}**" in OPERATING.partition("## What is wrong")[2].partition("\n## ")[0]
