"""Reports of errors as files: their permissions, their bounds, and what happens to them."""

import json
import multiprocessing
import stat
from pathlib import Path

import pytest

from graph.core.errors import BadInput, NotFound, Unavailable
from graph.reports.report import Report, ReportFields, clean_text
from graph.reports.report_store import ReportStore


def report(text: str = "Året är fel.", reply_to: str = "") -> Report:
    return Report.new(ReportFields("error", "/map", text, reply_to), language="sv", release="abc")


def store(folder: Path, max_count: int = 10, max_bytes: int = 10_000) -> ReportStore:
    return ReportStore(folder / "reports", max_count, max_bytes)


def test_a_report_is_a_file_of_its_own_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    sent = report(reply_to="eva@example.org")
    store(tmp_path).add(sent)
    path = tmp_path / "reports" / f"{sent.id}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert json.loads(path.read_text())["text"] == "Året är fel."
    assert store(tmp_path).reports() == [sent]
    assert store(tmp_path).get(sent.id[:12]) == sent


def test_no_more_reports_than_the_bounds_allow(tmp_path: Path) -> None:
    few = store(tmp_path, max_count=2)
    few.add(report())
    assert not few.is_full()
    few.add(report())
    assert few.is_full()
    with pytest.raises(Unavailable) as full:
        few.add(report())
    assert full.value.faults[0].rule == "UTSAGA_REPORTS_COUNT"
    assert len(few.reports()) == 2
    small = store(tmp_path / "small", max_bytes=400)
    small.add(report())
    with pytest.raises(Unavailable):
        small.add(report("x" * 300))


def _send(folder: Path) -> None:
    few = store(folder, max_count=5)
    for _ in range(5):
        try:
            few.add(report())
        except Unavailable:
            return


def test_servers_that_share_a_folder_do_not_overfill_it_together(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_send, args=(tmp_path,)) for _ in range(3)]
    for each in processes:
        each.start()
    for each in processes:
        each.join()
    assert len(store(tmp_path).reports()) == 5


def test_a_closed_report_is_kept_without_the_address_for_a_reply(tmp_path: Path) -> None:
    kept, sent = store(tmp_path), report(reply_to="eva@example.org")
    kept.add(sent)
    closed = kept.close(sent.id, "rättat")
    assert closed.closed
    assert kept.reports() == []
    assert kept.reports(closed=True) == [closed]
    assert "eva@" not in (tmp_path / "reports" / f"{sent.id}.json").read_text()
    kept.delete(sent.id)
    assert kept.reports(closed=True) == []
    with pytest.raises(NotFound):
        kept.get(sent.id)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(Unavailable) as refused:
        store(tmp_path).add(report())
    assert refused.value.faults[0].rule == "UTSAGA_REPORTS"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": 1}'])
def test_a_file_that_is_no_report_is_named(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "20260101-00000000.json").write_text(content)
    with pytest.raises(BadInput) as refused:
        store(tmp_path).reports()
    assert "20260101-00000000.json" in refused.value.faults[0].where


def test_text_has_no_control_characters_but_line_breaks() -> None:
    assert clean_text(" a\r\nb\rc\x1b[31m\x00\u202e ") == "a\nb\nc[31m"
