"""What systemd does for a service with a socket: pass the socket, and wait until the service is ready."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import UTSAGA

LAUNCHER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


@contextmanager
def serving(
    listening: socket.socket, home: Path, place: Path, settings: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server on `listening`, and give its process once it has reported that it is ready."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as reports:
        reports.bind(str(place / "notify"))
        reports.settimeout(120)
        words = [str(UTSAGA), "--releases", str(home), "serve", "--workers", "1"]
        descriptor = listening.fileno()
        with subprocess.Popen(
            [sys.executable, "-c", LAUNCHER, str(descriptor), *words],
            pass_fds=(descriptor,),
            env={**os.environ, **(settings or {}), "NOTIFY_SOCKET": str(place / "notify")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                assert reports.recv(100) == b"READY=1"
                yield process
            finally:
                process.terminate()
    (place / "notify").unlink()
