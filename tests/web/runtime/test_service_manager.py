"""The socket that systemd passes to a server, and the report that it is ready."""

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.core.errors import BadInput
from graph.release.release import Release
from tests.service_manager import serving
from web.runtime.service_manager import notify_ready, passed_socket


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A socket that somebody else keeps open."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as opened:
        yield opened


def status(listening: socket.socket) -> int:
    host, port = listening.getsockname()
    with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=60) as reply:
        return int(reply.status)


def test_a_restart_on_the_same_socket_refuses_no_request(
    listening: socket.socket, release: Release, tmp_path: Path
) -> None:
    with serving(listening, release.path.parent, tmp_path) as process:
        assert status(listening) == 200
        process.terminate()
        assert process.wait(30) == 0
    found: list[int] = []
    waiting = [threading.Thread(target=lambda: found.append(status(listening))) for _ in range(8)]
    for each in waiting:
        each.start()
    with serving(listening, release.path.parent, tmp_path):
        for each in waiting:
            each.join(60)
    assert found == [200] * 8


def test_a_socket_for_another_process_is_left_alone() -> None:
    environment = {"LISTEN_PID": "1", "LISTEN_FDS": "1", "HOME": "/"}
    assert passed_socket(environment) is None
    assert environment == {"HOME": "/"}
    assert passed_socket({}) is None


@pytest.mark.parametrize("count", ["0", "2", ""])
def test_any_other_number_of_sockets_is_refused(count: str) -> None:
    with pytest.raises(BadInput, match="sockets were passed"):
        passed_socket({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": count})


def refused(kind: int) -> str:
    """Return what a process prints that is passed a socket of that kind, which does not listen."""
    code = (
        "import os; from web.runtime.service_manager import passed_socket;"
        "os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'}; passed_socket()"
    )
    with socket.socket(socket.AF_INET, kind) as passed:
        return subprocess.run(
            [sys.executable, "-c", f"import os; os.dup2({passed.fileno()}, 3); {code}"],
            pass_fds=(passed.fileno(),),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        ).stderr


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_socket_that_does_not_listen_is_refused(kind: int) -> None:
    assert "does not listen" in refused(kind) or "is no socket" in refused(kind)


def test_who_does_not_want_to_know_is_not_notified(tmp_path: Path) -> None:
    notify_ready({})
    environment = {"NOTIFY_SOCKET": str(tmp_path / "gone")}
    notify_ready(environment)
    assert environment == {}
