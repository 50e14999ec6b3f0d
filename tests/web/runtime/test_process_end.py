"""The end of a server by a signal: status 0, no process left, and the interpreter is not taken down."""

import os
import signal
import subprocess
import sys

from bench.client import free_port
from bench.soak import await_life, tree
from graph.release.release import Release

PROGRAM = """
import atexit, os
from web.cli import main
atexit.register(os.abort)  # as a thread of a library does at times, when the interpreter is taken down
main()
"""


def test_it_ends_well_and_its_workers_with_it(release: Release) -> None:
    port = free_port()
    words = ("--releases", str(release.path.parent), "serve", "--port", str(port))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        env={**os.environ, "UTSAGA_WORKERS": "2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        await_life(("127.0.0.1", port), process)
        assert len(tree(process.pid)) > 2
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)  # which waits for all that have its output open
    assert process.returncode == 0, said
    assert b"Serving on" in said
