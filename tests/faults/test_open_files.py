"""Too few open files: the server does not start, or refuses requests for a while and recovers."""

import resource
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.client import free_port
from bench.soak import served
from tests.faults.client import assert_no_traceback, get, try_to_get, until
from tests.faults.conftest import Commands

pytestmark = pytest.mark.slow
QUERY = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20{}"


@pytest.mark.parametrize("limit", [64, 1024])
def test_a_limit_below_what_the_settings_need_is_refused(one: Path, commands: Commands, limit: int) -> None:
    serve = ("--releases", one, "serve", "--port", str(free_port()))
    ended = commands.run(*serve, limits={"RLIMIT_NOFILE": limit})
    assert ended.has_failed_clearly, ended.output
    assert f"{limit:,} files may be open at once" in ended.output
    assert ("UTSAGA_CONNECTIONS=" in ended.output) == (limit == 1024)


def test_the_limit_is_raised_as_far_as_it_may_be(one: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with served(one, settings={"UTSAGA_CONNECTIONS": "100"}) as (_, process):
        assert resource.prlimit(process.pid, resource.RLIMIT_NOFILE)[0] == max(
            soft, min(soft, hard)
        )  # which is enough already
    with served(one) as (_, process):
        assert resource.prlimit(process.pid, resource.RLIMIT_NOFILE)[0] > 8192


def test_a_server_that_may_open_no_more_refuses_and_recovers(one: Path) -> None:
    settings = {"UTSAGA_WORKERS": "1"}  # with which the server prepares nothing meanwhile
    with served(one, settings=settings) as (address, process):
        right = get(address, "/source.json")
        open_now = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
        hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)[1]
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (open_now + 8, hard))
        with ExitStack() as idle:
            for _ in range(40):
                idle.enter_context(socket.create_connection(address))
            seen = {try_to_get_soon(address, QUERY.format(number)) for number in range(5)}
            assert seen <= {0, 200, 503}
        until(lambda: try_to_get(address, "/healthz")[0] == 200)
        until(lambda: try_to_get(address, QUERY.format(99))[0] == 200)
        assert get(address, "/source.json") == right
        assert_no_traceback(one / "server.log")


def try_to_get_soon(address: tuple[str, int], path: str) -> int:
    """Return the status of a response, or 0 if there is none within two seconds."""
    with socket.create_connection(address, timeout=2) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        try:
            head = connection.recv(4096).split(maxsplit=2)
        except OSError:
            return 0
    return int(head[1]) if len(head) > 1 else 0
