"""MCP over HTTP: switched on by a setting, within the limits for strangers, at its own address alone."""

import asyncio
import io
import json
import subprocess
import sys
from typing import Any

import pytest

from graph.backends.in_process import InProcess
from graph.core.settings import Settings
from tests.web.runtime.asgi_client import Exchange
from web.app import create_app
from web.html.app_state import AppState
from web.html.request_args import known_arguments
from web.http.access_log import open_log
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import RequestLog
from web.http.response_cache import ResponseCache
from web.runtime.asgi import Application
from web.runtime.live_application import ServedApplication
from web.sparql.fast_path import FastPath

STRANGER, OTHER = "203.0.113.7", "203.0.113.8"
HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
ASK = {"name": "sparql", "arguments": {"query": "ASK {}"}}


class Site:
    """The ASGI application on the small graph."""

    def __init__(self, store: InProcess, *, switched_on: bool = True, **settings: Any) -> None:
        self.stream, limits = io.StringIO(), Settings(mcp=switched_on, **settings)
        self.throttle = Throttle.of(limits)
        state = AppState.of(store, settings=limits, throttle=self.throttle)
        app, cache = create_app(state), ResponseCache(max_bytes=1 << 20)
        known = known_arguments(app, state)
        served = ServedApplication(app, known, cache, FastPath(state, cache), lambda: None)
        log = RequestLog(Metrics(), open_log(self.stream), log_queries=limits.log_queries)
        self.application = Application(lambda: served, log, self.throttle, limits)

    def call(self, params: dict[str, Any] = ASK, **changed: Any) -> Exchange:
        """Call a tool."""
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        return self.post(json.dumps(message).encode(), **changed)

    def post(self, body: bytes, headers: dict[str, str] | None = None, **changed: Any) -> Exchange:
        return self.send("POST", headers=HEADERS | (headers or {}), parts=[body], **changed)

    def send(self, method: str, **changed: Any) -> Exchange:
        return asyncio.run(Exchange("/mcp", method, **changed).run(self.application))


def document(answer: Exchange) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found


def refusal(answer: Exchange) -> dict[str, str]:
    """The fault of a request that is refused as a whole, with its four parts."""
    error = document(answer)["error"]
    (fault,) = error["data"]["faults"]
    assert error["data"]["status"] == answer.status
    assert all(fault[each] for each in ("message", "rule", "remedy"))
    found: dict[str, str] = fault
    return found


def test_a_tool_is_called_without_a_session(sample: InProcess) -> None:
    answer = Site(sample).call()
    assert answer.status == 200
    assert answer.response_headers["content-type"] == "application/json"
    assert "mcp-session-id" not in answer.response_headers
    (content,) = document(answer)["result"]["content"]
    assert json.loads(content["text"])["boolean"] is True


def test_without_the_setting_there_is_nothing(sample: InProcess) -> None:
    assert Site(sample, switched_on=False).call().status == 404
    assert Settings().mcp is False


def test_a_client_without_time_left_is_told_to_wait(sample: InProcess) -> None:
    site = Site(sample, client_seconds=1.0)
    assert site.call(address=STRANGER).status == 200
    site.throttle.spend(STRANGER, 30)
    answer = site.call(address=STRANGER)
    assert answer.status == 429
    assert int(answer.response_headers["retry-after"]) > 0
    assert refusal(answer)["rule"] == "UTSAGA_CLIENT_SECONDS"
    assert document(answer)["error"]["data"]["limit"] == "UTSAGA_CLIENT_SECONDS"
    assert site.call(address=OTHER).status == 200


def test_the_time_of_a_tool_is_its_client_s(sample: InProcess) -> None:
    site = Site(sample, client_seconds=60.0)
    site.call(address=STRANGER)
    assert len(site.throttle) == 1


def test_clients_behind_a_proxy_are_told_apart(sample: InProcess) -> None:
    site = Site(sample, client_seconds=1.0, trusted_hops=1)
    site.throttle.spend(STRANGER, 30)
    statuses = [site.call(headers={"x-forwarded-for": each}).status for each in (STRANGER, OTHER)]
    assert statuses == [429, 200]


def test_a_call_takes_one_place_of_its_client(sample: InProcess) -> None:
    site = Site(sample, client_queries=1)
    answers = [site.call(address=STRANGER) for _ in range(2)]
    assert [document(each)["result"]["isError"] for each in answers] == [False, False]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example"}, 421),
        ({"host": "localhost", "origin": "https://evil.example"}, 403),
        ({"host": "localhost:8000", "origin": "http://localhost:8000"}, 200),
        ({"host": "utsaga.example"}, 200),
        ({"host": "utsaga.example", "origin": "https://utsaga.example"}, 200),
        ({"host": "utsaga.example", "origin": "http://utsaga.example"}, 403),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_it_is_answered_at_its_own_address_alone(
    sample: InProcess, headers: dict[str, str], status: int
) -> None:
    answer = Site(sample, public_base="https://utsaga.example").call(headers=headers)
    assert answer.status == status
    if status != 200:
        refusal(answer)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(sample: InProcess, method: str) -> None:
    answer = Site(sample).send(method)
    assert answer.status == 405
    assert answer.response_headers["allow"] == "POST"
    if method == "HEAD":
        assert answer.body == b""
    else:
        assert "POST" in refusal(answer)["remedy"]


def test_a_body_that_is_too_long_is_refused(sample: InProcess) -> None:
    answer = Site(sample, query_bytes=2_000).post(b" " * 3_000)
    assert answer.status == 413
    assert refusal(answer)["rule"] == "UTSAGA_QUERY_BYTES"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"{}", b'{"jsonrpc": "2.0", "id": 1}'])
def test_what_is_no_request_is_refused(sample: InProcess, body: bytes) -> None:
    answer = Site(sample).post(body)
    assert answer.status == 400
    assert document(answer)["error"]["message"]


def test_a_call_is_one_line_of_the_log_with_its_query_if_wanted(sample: InProcess) -> None:
    site = Site(sample, log_queries=True)
    site.call()
    (line,) = [json.loads(line) for line in site.stream.getvalue().splitlines()]
    assert (line["path"], line["status"], line["query"]) == ("/mcp", 200, "ASK {}")


def test_the_sdk_is_not_imported_unless_it_is_switched_on() -> None:
    program = """
import sys, web.cli, web.runtime.command, web.runtime.mcp_command
from graph.core.settings import Settings
from web.runtime.asgi import Application
Application(None, None, None, Settings())
assert not {"mcp", "mcp_types", "starlette", "web.mcp"}.intersection(sys.modules)
Application(None, None, None, Settings(mcp=True))
assert "mcp" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
