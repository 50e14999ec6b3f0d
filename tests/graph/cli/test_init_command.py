"""`utsaga init` makes a site that builds, validates and answers as it stands."""

import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph.core.site import read_site
from tests.conftest import UTSAGA
from web.cli import main


def test_the_site_has_the_name_given(tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["init", str(tmp_path / "birds"), "--name", "Birds & more"])
    assert made.exit_code == 0, made.output
    assert read_site(tmp_path / "birds").name == "Birds & more"


def test_the_folder_gives_the_name_otherwise(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["init", str(tmp_path / "birds")]).exit_code == 0
    assert read_site(tmp_path / "birds").name == "birds"


def test_what_it_says_to_type_can_be_typed(tmp_path: Path) -> None:
    folder = tmp_path / "Min sajt åäö"
    said = CliRunner().invoke(main, ["init", str(folder)]).output.splitlines()
    assert shlex.split(said[1]) == ["utsaga", "--site", str(folder), "build"]


@pytest.mark.parametrize(
    ("folder", "name", "words"),
    [("full", "x", "not empty"), ("new", 'a "b"', "quotation mark"), ("new", "a\tb", "control character")],
)
def test_nothing_is_overwritten_and_no_name_breaks_the_file(
    tmp_path: Path, folder: str, name: str, words: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    refused = subprocess.run(
        [UTSAGA, "init", tmp_path / folder, "--name", name], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert words in refused.stderr
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_the_site_builds_validates_and_answers(tmp_path: Path) -> None:
    site = tmp_path / "birds"
    assert CliRunner().invoke(main, ["init", str(site)]).exit_code == 0

    def run(*words: str) -> str:
        command = [str(UTSAGA), "--site", str(site), "--releases", str(site / "releases"), *words]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    run("validate", str(site / "facts" / "sources" / "first.yaml"))
    run("build")
    assert "A swan on the lake" in run("query", "sightings", "--format", "csv")
