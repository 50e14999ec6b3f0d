"""The files, folders and definitions that the documents of this repository name are there."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
ARCHITECTURE = (REPOSITORY / "docs" / "architecture.md").read_text()
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
FOLDERS = ("bench", "docs", "graph", "ontology", "queries", "tests", "web")
NAMES = [path.relative_to(REPOSITORY).as_posix() for path in DOCUMENTS]
LINK = re.compile(r"\]\(([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
# By commands, so that they need not be there.
WRITTEN = {"graph/facts/enrichment/wikidata.nt", "graph/facts/registers/source-checks.csv"}
NAME_IN_FILE = re.compile(r"`(\w+)`\s+(?:in|of)\s+`([\w/]+\.py)`")


def missing(document: Path) -> set[str]:
    """Return the files and folders that a document links to or names, and that are not there."""
    text = document.read_text()
    linked = {each.partition("#")[0] for each in LINK.findall(text) if not re.match(r"/|\w+:", each)}
    named = {
        each
        for each in QUOTED.findall(text)
        if each.startswith(tuple(f"{folder}/" for folder in FOLDERS)) and "<" not in each and " " not in each
    }
    return {each for each in linked if each and not (document.parent / each).exists()} | {
        each for each in named - WRITTEN if not any(REPOSITORY.glob(each.rstrip("/")))
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_a_document_names_exists(name: str) -> None:
    assert missing(REPOSITORY / name) == set()


def test_a_file_that_is_missing_is_found_out(tmp_path: Path) -> None:
    document = tmp_path / "some.md"
    document.write_text(
        "[Here](some.md#part), [gone](gone.md) and [far](https://example.org/gone.md): `graph/core`,\n"
        "`graph/core/gone.py`, `web/*.md`, `ontology/rules/*.rq` and `graph/facts/sources/<slug>.yaml`.\n"
    )
    assert missing(document) == {"gone.md", "graph/core/gone.py", "web/*.md"}


@pytest.mark.parametrize(("name", "path"), sorted(set(NAME_IN_FILE.findall(ARCHITECTURE))))
def test_every_name_that_the_architecture_finds_in_a_file_is_defined_there(name: str, path: str) -> None:
    text = (REPOSITORY / path).read_text()
    assert re.search(rf"^(?:class |def |async def )?{name}\b", text, re.MULTILINE)
