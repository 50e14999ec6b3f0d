"""The command that the operator reads reports of errors with."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.reports.report import Report, ReportFields
from graph.reports.report_store import ReportStore
from web.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("UTSAGA_REPORTS", str(tmp_path / "reports"))
    return tmp_path / "reports"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["reports", *words])


def add(folder: Path, text: str) -> str:
    sent = Report.new(ReportFields("person", "/map", text, "lo@example.org"), language="sv", release="")
    ReportStore(folder, 9, 9_999).add(sent)
    return sent.id


def test_reports_are_listed_shown_closed_and_deleted(folder: Path) -> None:
    assert "There are no open reports" in run().output
    name = add(folder, "Ta bort mig.\n[red]inte rött[/red]")
    assert name in run("list").output
    shown = run("show", name).output
    assert "lo@example.org" in shown
    assert "  Ta bort mig.\n  [red]inte rött[/red]" in shown
    assert run("close", name, "--note", "borta").exit_code == 0
    assert name not in run().output
    assert "(closed)" in run("list", "--all").output
    assert "lo@example.org" not in run("show", name).output
    assert run("delete", name).exit_code == 0
    assert run("show", name).exit_code == 1


def test_a_terminal_obeys_nothing_of_a_report(folder: Path) -> None:
    name = add(folder, "a")
    path = folder / f"{name}.json"
    path.write_text(path.read_text().replace('"a"', '"\\u001b]0;title\\u0007 a"'))
    for output in (run("show", name).output, run("list").output):
        assert "\x1b]" not in output
        assert "\x07" not in output


def test_without_a_folder_there_are_no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTSAGA_REPORTS", "")
    result = run()
    assert result.exit_code == 1
    assert "UTSAGA_REPORTS" in result.output
