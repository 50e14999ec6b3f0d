"""The generated parts of the documents are what the code says now, and nothing of the code is missing."""

from pathlib import Path

import click

from bench.reference import DOCS, PARTS, stale
from graph.query.stored import load_queries
from web.cli import MODULES, main
from web.documentation.blocks import fill, names
from web.publish.openapi import read_description


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_generated_parts_are_as_the_code_has_them() -> None:
    assert list(stale()) == [], "run .venv/bin/python -m bench.reference --write"


def test_every_part_is_in_a_document() -> None:
    written = [name for path in DOCS.glob("*.md") for name in names(path.read_text(encoding="utf-8"))]
    assert sorted(written) == sorted(PARTS)


def test_every_command_and_subcommand_has_a_section() -> None:
    text = text_of("commands.md")
    for name in MODULES:
        assert f"\n## utsaga {name}\n" in text
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            for below in command.list_commands(click.Context(command)):
                assert f"\n### utsaga {name} {below}\n" in text


def test_every_address_for_programs_is_in_the_table() -> None:
    text = text_of("addresses.md")
    assert [path for path in read_description()["paths"] if f"`{path}`" not in text] == []


def test_every_stored_question_is_in_the_table() -> None:
    assert [name for name in load_queries() if f"/queries/{name})" not in text_of("questions.md")] == []


def test_only_the_parts_that_are_given_are_replaced() -> None:
    text = "a\n<!-- begin one -->\nold\n<!-- end one -->\nb\n<!-- begin two -->\nkept\n<!-- end two -->\n"
    assert names(text) == ("one", "two")
    assert fill(text, {"one": "new"}) == text.replace("old", "\nnew\n")
    assert fill(fill(text, {"one": "new"}), {"one": "new"}) == fill(text, {"one": "new"})


def test_a_part_that_is_out_of_date_is_found_out(tmp_path: Path) -> None:
    text = text_of("metrics.md").replace("utsaga_workers", "utsaga_labourers")
    assert fill(text, {"metrics": PARTS["metrics"]()}) == text_of("metrics.md")
