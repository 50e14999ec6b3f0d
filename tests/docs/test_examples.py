"""Every command, query and program in the documents is run; data in them are parsed.

The blocks of a document run in their order in one folder, on a release and servers of their own.
CONTRIBUTING.md says how to mark them. What is not run is skipped with its reason, for `pytest -ra` to list.
"""

import json
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from graph.release.release import Release
from tests.docs.blocks import BLOCKS, FAULTS, PARSED, RUN, Block, read_blocks
from tests.docs.workspace import Workspace

PARSERS: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "yaml": lambda text: list(yaml.safe_load_all(text)),
    "toml": tomllib.loads,
    "turtle": lambda text: list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)),
}
IDS = {block: block.id for block in BLOCKS}
RUNNABLE = [block for block in BLOCKS if block.language in RUN]


@pytest.fixture(scope="module")
def workspaces(
    release: Release, server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Workspace]]:
    """What returns the workspace of a document."""
    made: dict[str, Workspace] = {}

    def of(document: str) -> Workspace:
        if document not in made:
            folder = tmp_path_factory.mktemp(Path(document).stem)
            blocks = [block for block in BLOCKS if block.document == document]
            made[document] = Workspace(folder, release.path.parent, server, blocks)
        return made[document]

    yield of
    for each in made.values():
        each.close()


@pytest.mark.slow
@pytest.mark.parametrize("block", RUNNABLE, ids=[block.id for block in RUNNABLE])
def test_a_block_runs(workspaces: Callable[[str], Workspace], block: Block) -> None:
    if block.norun:
        pytest.skip(block.norun)
    if block.language == "r" and not shutil.which("Rscript"):
        pytest.skip("R is not installed")
    ended = workspaces(block.document).run(block)
    is_right = block.fails in ended.output and not ended.is_well if block.fails else ended.is_well
    assert is_right, f"{block.id}\n{block.text}\n{ended.output[-4000:]}"


@pytest.mark.parametrize(
    "block", [each for each in BLOCKS if each.language in PARSED], ids=lambda block: block.id
)
def test_data_are_well_formed(block: Block) -> None:
    assert PARSERS[block.language](block.text) is not None


def test_every_block_says_how_it_is_tried() -> None:
    assert FAULTS == []


def test_few_blocks_are_not_run() -> None:
    held_back = [block for block in RUNNABLE if block.norun]
    assert len(held_back) <= len(RUNNABLE) / 3, [(block.id, block.norun) for block in held_back]


@pytest.mark.slow
@pytest.mark.parametrize(
    "block",
    [
        Block("x.md", 1, "sh", "curl --fail --silent http://127.0.0.1:8000/nothing-here\n"),
        Block("x.md", 1, "sh", "utsaga query no-such-query | cat\n"),
        Block("x.md", 1, "sparql", "SELECT * { ?s <urn:nothing> ?o }"),
        Block("x.md", 1, "python", "raise SystemExit(1)"),
        Block("x.md", 1, "sql", "SELECT * FROM 'nothing.parquet'"),
    ],
    ids=lambda block: block.language,
)
def test_a_block_that_fails_is_found_out(workspaces: Callable[[str], Workspace], block: Block) -> None:
    assert not workspaces(block.document).run(block).is_well


@pytest.mark.parametrize(
    "text",
    [
        "    indented\n",
        "```\nno language\n```\n",
        "```sh norun\nx\n```\n",
        "```fortran\nx\n```\n",
        '```sh rnorun="x"\nx\n```\n',
    ],
)
def test_a_block_that_says_not_how_it_is_tried_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "some.md").write_text(f"# Some\n\n{text}")
    with pytest.raises(ValueError, match=r"some\.md:3"):
        read_blocks(tmp_path / "some.md")


def test_the_servers_of_a_block_are_known_by_their_ports() -> None:
    text = "utsaga --site mine serve --port 8003 # here\nmake serve\nmake serve PORT=8009\n# utsaga serve\n"
    assert list(Block("x.md", 1, "sh", text).served_ports) == ["8003", "8000", "8009"]
