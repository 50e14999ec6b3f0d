"""What the tests of running servers share: requests, waiting, and what a log may not hold."""

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from bench.hostile.exchange import Address

LONGEST = 60.0


def get(address: Address, path: str, **headers: str) -> tuple[int, str]:
    """Return the status and the text of the response to a GET."""
    connection = HTTPConnection(*address, timeout=LONGEST)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    finally:
        connection.close()


def try_to_get(address: Address, path: str) -> tuple[int, str]:
    """Return the same, or the status 0 if the server closes the connection without a response."""
    try:
        return get(address, path)
    except (OSError, HTTPException):
        return 0, ""


def until(condition: Callable[[], object]) -> None:
    """Return when `condition` holds; fail if it does not within a minute."""
    end = time.monotonic() + LONGEST
    while not condition():
        if time.monotonic() > end:
            pytest.fail("what the test waits for does not come")
        time.sleep(0.1)


def assert_no_traceback(log: Path) -> None:
    """Check that a server has logged no traceback."""
    text = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in text, text
    assert '"traceback"' not in text, text
