"""What was loaded is kept, opened at once, and loaded again when its files have changed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock

from graph.core.errors import BadInput, Unavailable
from graph.loading import data_store
from graph.loading.data_store import MARKER, DataStore

LINE = '<https://a.example/{}> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n'


class Opened:
    """Opens the directory `kept`, and records whether anything was loaded and what was said."""

    def __init__(self, place: Path) -> None:
        self.place, self.data = place / "kept", place / "a.nt"
        self.data.write_text(LINE.format(1))
        self.steps: list[str] = []
        self.notices: list[str] = []
        self.in_use = ExitStack()  # what servers read

    def open(self, *paths: Path, union: bool = False) -> str:
        """Return the id of what is opened, from the files at `paths`."""
        self.steps.clear()
        self.notices.clear()
        opened = DataStore(self.place).opened(
            paths, lambda step, *_: self.steps.append(step), self.notices.append, union=union
        )
        loaded = self.in_use.enter_context(opened)
        assert loaded.store.is_dir()
        return loaded.id

    def folders(self) -> list[str]:
        return sorted(each.name for each in self.place.glob("data-*"))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Opened]:
    found = Opened(tmp_path)
    with found.in_use:
        yield found


def test_a_pipe_is_loaded_each_time(kept: Opened) -> None:
    kept.data.unlink()
    os.mkfifo(kept.data)
    ids = []
    for number in (1, 2):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(kept.data.write_text, LINE.format(number))
            ids.append(kept.open(kept.data))
        assert "load" in kept.steps
    assert ids[0] != ids[1]
    assert "no regular file" in kept.notices[0]


def test_the_same_files_are_loaded_once(kept: Opened) -> None:
    first = kept.open(kept.data)
    assert "load" in kept.steps
    assert kept.open(kept.data) == first
    assert kept.steps == []
    assert "Opened" in kept.notices[0]
    assert kept.open() == first
    assert kept.steps == []


def test_a_file_that_was_only_touched_is_not_loaded_again(kept: Opened) -> None:
    first = kept.open(kept.data)
    os.utime(kept.data, (1, 1))
    assert kept.open(kept.data) == first
    assert kept.steps == []


def test_a_file_that_has_changed_is_loaded_again_even_with_its_old_size_and_time(kept: Opened) -> None:
    first, before = kept.open(kept.data), kept.data.stat()
    kept.data.write_text(LINE.format(2))
    os.utime(kept.data, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept.open(kept.data) != first
    assert "load" in kept.steps
    assert "a.nt has changed" in kept.notices[0]


def test_other_files_and_another_union_are_loaded_again(kept: Opened) -> None:
    other = kept.data.with_name("b.nt")
    other.write_text(LINE.format(3))
    ids = [kept.open(kept.data), kept.open(kept.data, other), kept.open(kept.data, other, union=True)]
    assert len(set(ids)) == 3
    assert "without --union" in kept.notices[0]
    other.unlink()
    with pytest.raises(BadInput, match="cannot be read"):
        kept.open(kept.data, other, union=True)


def test_union_is_refused_for_what_was_loaded_without_it_and_there_are_no_files_to_load(kept: Opened) -> None:
    kept.open(kept.data)
    with pytest.raises(BadInput, match="without --union"):
        kept.open(union=True)
    first = kept.open(kept.data, union=True)
    assert kept.open() == kept.open(union=True) == first


def test_another_form_is_loaded_again(kept: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.open(kept.data)
    monkeypatch.setattr(data_store, "FORM", 99)
    with pytest.raises(BadInput, match="another version"):
        kept.open()
    kept.open(kept.data)
    assert "another version" in kept.notices[0]


def test_an_interrupted_load_is_not_taken_for_whole(kept: Opened) -> None:
    code = (
        "import os, sys; from pathlib import Path; from graph.loading.data_store import DataStore\n"
        "def stop(step, *_):\n    if step == 'text index': os._exit(9)\n"
        "with DataStore(Path(sys.argv[1])).opened((Path(sys.argv[2]),), stop, print, union=False): pass"
    )
    done = subprocess.run([sys.executable, "-c", code, kept.place, kept.data], check=False)
    assert done.returncode == 9
    (left,) = kept.folders()
    with pytest.raises(BadInput, match="nothing was loaded"):
        kept.open()
    kept.open(kept.data)
    assert "load" in kept.steps
    assert left not in kept.folders()


def test_a_failed_load_leaves_what_was_kept(kept: Opened) -> None:
    first = kept.open(kept.data)
    whole = kept.data.read_text()
    kept.data.write_text("nonsense")
    with pytest.raises(BadInput):
        kept.open(kept.data)
    kept.data.write_text(whole)
    assert kept.open(kept.data) == first
    assert kept.steps == []


def test_a_folder_that_is_read_is_not_deleted_until_it_is_free(kept: Opened) -> None:
    kept.open(kept.data)
    (old,) = kept.folders()
    kept.data.write_text(LINE.format(2))
    kept.open(kept.data)
    assert old in kept.folders()
    kept.in_use.close()  # the servers have ended
    kept.open(kept.data)
    assert old not in kept.folders()


def test_a_directory_with_other_files_is_left_alone(kept: Opened) -> None:
    kept.place.mkdir()
    (kept.place / "diary.txt").write_text("mine")
    with pytest.raises(BadInput, match=r"diary\.txt"):
        kept.open(kept.data)
    assert [each.name for each in kept.place.iterdir()] == ["diary.txt"]


def test_what_a_killed_process_left_of_a_marker_is_no_other_file(kept: Opened) -> None:
    kept.place.mkdir()
    (kept.place / f".{MARKER}.123.part").write_text("{")
    kept.open(kept.data)
    assert "load" in kept.steps


def test_two_do_not_load_into_it_at_once(kept: Opened) -> None:
    kept.open(kept.data)
    with FileLock(kept.place / ".utsaga-lock"), pytest.raises(Unavailable, match="another process"):
        kept.open(kept.data)


@pytest.mark.parametrize("marker", ["", "{}", "[]", '{"id": "a"}', "nonsense"])
def test_a_broken_marker_is_none(kept: Opened, marker: str) -> None:
    kept.open(kept.data)
    (kept.place / MARKER).write_text(marker)
    kept.open(kept.data)
    assert "load" in kept.steps
    assert json.loads((kept.place / MARKER).read_text())["folder"] in kept.folders()
