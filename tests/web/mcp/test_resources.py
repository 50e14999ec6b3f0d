"""The resources: the vocabulary, its shapes, the schema of evidence, and each stored query."""

import json
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import Resource, TextResourceContents
from rdflib import Graph

from tests.web.mcp.agent import run


async def _every(client: Client) -> list[Resource]:
    found, cursor = list[Resource](), None
    while True:
        page = await client.list_resources(cursor=cursor)
        found += page.resources
        cursor = page.next_cursor
        if cursor is None:
            return found


async def _read(client: Client, uri: str) -> TextResourceContents:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content


def test_all_that_are_listed_can_be_read(mcp_server: Server[Any]) -> None:
    async def read_all(client: Client) -> dict[str, TextResourceContents]:
        return {each.uri: await _read(client, each.uri) for each in await _every(client)}

    found = run(lambda: Client(mcp_server), read_all)
    for name in ("ontology", "shapes"):
        assert len(Graph().parse(data=found[f"utsaga:{name}"].text, format="turtle")) > 100
    assert json.loads(found["utsaga:evidence-schema"].text)["title"]
    for path in Path("queries").glob("*.rq"):
        content = found[f"utsaga:queries/{path.stem}"]
        assert content.mime_type == "application/sparql-query"
        assert "SELECT" in content.text
    assert len(found) == 3 + len([*Path("queries").glob("*.rq")])


def test_the_template_names_the_queries(mcp_server: Server[Any]) -> None:
    (template,) = run(lambda: Client(mcp_server), Client.list_resource_templates).resource_templates
    assert template.uri_template.replace("{name}", "evidence") == "utsaga:queries/evidence"


@pytest.mark.parametrize(
    "uri", ["utsaga:no-such", "utsaga:queries/no-such", "utsaga:queries/../facts", "file:///etc"]
)
def test_one_that_there_is_not_is_refused_with_a_remedy(mcp_server: Server[Any], uri: str) -> None:
    with pytest.raises(MCPError) as error:
        run(lambda: Client(mcp_server), lambda client: _read(client, uri))
    assert error.value.error.data["faults"][0]["remedy"]


def test_a_cursor_that_is_none_is_refused(mcp_server: Server[Any]) -> None:
    with pytest.raises(MCPError, match="no cursor"):
        run(lambda: Client(mcp_server), lambda client: client.list_resources(cursor="x"))
