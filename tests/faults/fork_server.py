"""Runs `utsaga` commands in forked processes, and interferes with them while they change files.

A fork saves the seconds in which a command imports its modules. Each request is a line of JSON on standard
input (see `Request`), each reply the process on a line and its exit status on another. Python's audit events
tell that a command is about to change a file: https://docs.python.org/3/library/audit_events.html.
"""

import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from web.cli import main

FILLER: Final = "filler"
_MODULES: Final = (
    "graph.cli.release_commands",
    "graph.cli.reports_command",
    "web.runtime.command",
    "web.runtime.server",
    "web.runtime.start",
)
_CHANGES: Final = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "sqlite3.connect")
_FILE_SIZE: Final = 1 << 20
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Request:
    """One command: its words, where its output goes, and what happens to it.

    Before the change number `at` of a file under `home`, or before the first one of a file whose path ends
    with `on`, this is done: “kill” ends the process, “fill” leaves no room on the disk of `home`.
    """

    argv: list[str]
    output: str
    home: str = ""
    do: str = ""
    at: int = 0
    on: str = ""
    limits: dict[str, int] = field(default_factory=dict)  # by name, as `resource` has them


def changed(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the path that an audit event is about to change; nothing if it changes none."""
    if event == "open":
        path, is_change = arguments[0], bool(arguments[2] & _WRITES)
    else:
        path, is_change = arguments[event == "os.symlink"] if event in _CHANGES else "", event in _CHANGES
    return str(path).removeprefix("file://") if is_change and isinstance(path, str | os.PathLike) else ""


def fill(folder: Path) -> None:
    """Write to a file in `folder` until there is no room left, not for a byte."""
    for size in (_FILE_SIZE, 1):
        with suppress(OSError), (folder / FILLER).open("ab", buffering=0) as file:
            while file.write(bytes(size)):
                pass


def _kill(_folder: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_ACTIONS: Final[dict[str, Callable[[Path], None]]] = {"kill": _kill, "fill": fill}


class Interference:
    """An audit hook that counts the changes of files, and does what a request says, once."""

    def __init__(self, request: Request) -> None:
        """Take the request."""
        self._request, self._count, self._is_over = request, 0, not request.do

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take note of an event."""
        if self._is_over or not (path := changed(event, arguments)).startswith(self._request.home):
            return
        self._count += 1
        on = self._request.on
        if self._count == self._request.at or (on and path.endswith(on)):
            self._is_over = True
            _ACTIONS[self._request.do](Path(self._request.home).parent)


def _run(request: Request) -> None:
    """Run a command in this process, which ends with it."""
    output = os.open(request.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that the limit of a file's size is an error to handle
    for name, value in request.limits.items():
        resource.setrlimit(getattr(resource, name), (value, value))
    sys.addaudithook(Interference(request))
    sys.argv = ["utsaga", *request.argv]
    main()


def _status_of(request: Request) -> int:
    """Return the exit status of a command; 70 with a traceback for what it does not handle."""
    try:
        _run(request)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 70
    return 0


def serve() -> None:
    """Carry out one request after another, until the input ends."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            status = _status_of(Request(**json.loads(line)))
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    for module in _MODULES:
        importlib.import_module(module)
    serve()
