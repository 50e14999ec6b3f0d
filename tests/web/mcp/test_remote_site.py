"""A site read over HTTP: what another server at the address answers is refused, with a remedy."""

from contextlib import nullcontext
from typing import Any

import pytest
import urllib3
from mcp.client.client import Client

from graph.client.transport import Transport
from tests.web.mcp.agent import call, run
from tests.web.mcp.conftest import on_thread
from web.mcp.remote_site import RemoteSite
from web.mcp.server import build_server


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"\xff"])
def test_a_reply_that_is_no_document_is_refused(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def reply(*_: Any) -> urllib3.HTTPResponse:
        return urllib3.HTTPResponse(body, status=200)

    monkeypatch.setattr(Transport, "get", reply)
    server = build_server(lambda _: nullcontext(RemoteSite(Transport("http://127.0.0.1:9", 1))), on_thread)
    answer = run(lambda: Client(server), lambda client: call(client, "search", {"query": "Malmö"}))
    assert answer.failed
    assert answer.document["error"]["status"] == 503
    assert "address" in answer.document["error"]["faults"][0]["remedy"]
