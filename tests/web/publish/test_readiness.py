"""A look-up in each part, the part that fails or is silent named, and nothing piled up."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.backends.in_process import InProcess
from graph.core.errors import Unavailable
from graph.index import INDEX_FILE
from graph.release.release import Release
from graph.search.text_index import TextIndex
from web.html.app_state import AppState
from web.publish.readiness import Readiness


@pytest.fixture
def copy(release: Release, tmp_path: Path) -> Path:
    """A copy of the store of the release with what lies beside it."""
    shutil.copytree(release.path, tmp_path / "copy")
    return tmp_path / "copy" / "store"


@pytest.fixture
def hold() -> Iterator[threading.Event]:
    """What a look-up waits for."""
    event = threading.Event()
    yield event
    event.set()


def of(store: Path) -> Readiness:
    return Readiness.of(AppState.of(InProcess.open(store), text_index=TextIndex.open_beside(store)))


def test_each_part_of_a_release_is_looked_up(release: Release) -> None:
    lines = of(release.store).check()
    assert [line.split()[:2] for line in lines] == [
        [part, "ok"] for part in ("store", "index", "tables", "text-index", "workers")
    ]


def test_what_a_server_does_not_have_is_not_looked_up() -> None:
    lines = Readiness.of(AppState.of(InProcess.of([]))).check()
    assert "text-index" not in {line.split()[0] for line in lines}


def test_a_damaged_part_is_named(copy: Path) -> None:
    file = copy.with_name(INDEX_FILE)
    damaged = sqlite3.connect(file)
    damaged.execute("DROP TABLE link")
    damaged.commit()
    damaged.close()
    with pytest.raises(Unavailable) as failed:
        of(copy).check()
    assert [fault.where for fault in failed.value.faults] == ["tables"]
    assert "no such table: link" in failed.value.faults[0].message


def test_a_part_that_is_silent_is_named_in_time_and_the_others_are_not(hold: threading.Event) -> None:
    readiness = Readiness({"store": hold.wait, "index": list}, seconds=0.2)
    began = time.monotonic()
    with pytest.raises(Unavailable) as failed:
        readiness.check()
    assert time.monotonic() - began < 1
    found = [(fault.where, fault.message) for fault in failed.value.faults]
    assert found == [("store", "No answer within 0.2 s")]


def test_a_look_up_that_is_out_is_not_made_again(hold: threading.Event) -> None:
    calls: list[int] = []

    def look() -> None:
        calls.append(1)
        hold.wait()

    readiness = Readiness({"store": look}, seconds=0.05)
    for _ in range(3):
        with pytest.raises(Unavailable):
            readiness.check()
    assert calls == [1]
    hold.set()
    time.sleep(0.05)
    assert readiness.check()[0].startswith("store ok")


def test_all_failures_are_told_with_the_wait_of_what_is_busy() -> None:
    def busy() -> None:
        raise Unavailable("No worker is free", rule="UTSAGA_WORKERS", retry_after=1)

    def broken() -> None:
        raise OSError("no such file")

    with pytest.raises(Unavailable) as failed:
        Readiness({"workers": busy, "store": broken}).check()
    assert [fault.where for fault in failed.value.faults] == ["store", "workers"]
    assert failed.value.retry_after == 1
