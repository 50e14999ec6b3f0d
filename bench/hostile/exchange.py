"""Sends the bytes of a case and reads the answer, however odd either is."""

import select
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

from bench.hostile.corpus import CLOSED, Case

_PART = 1 << 16

Address = tuple[str, int]


@dataclass(frozen=True)
class Reply:
    """What came back; header names are in lower case."""

    status: int
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = True

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def exchange(address: Address, case: Case, limit: float) -> Reply:
    """Send `case` and return the answer, with the status CLOSED if there is none within `limit` seconds."""
    with socket.create_connection(address, timeout=limit) as connection:
        with suppress(OSError):  # a server may answer and close before it has read all
            _send(connection, case)
        start = time.monotonic()
        deadline = start + (case.patience or limit)
        response = HTTPResponse(connection, method=case.method)
        status, body, whole = CLOSED, bytearray(), True
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.1))
            response.begin()
            status = response.status
            while part := response.read(_PART):
                body += part
                connection.settimeout(max(deadline - time.monotonic(), 0.1))
            whole = not response.length
        except (OSError, HTTPException):
            whole = False
        finally:
            response.close()
        seconds = time.monotonic() - start
        headers = {name.lower(): value for name, value in response.getheaders()} if status else {}
    return Reply(status, seconds, headers, bytes(body), whole or case.method == "HEAD")


def _send(connection: socket.socket, case: Case) -> None:
    """Send the request at its pace, until it is sent, answered or given up."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not case.pace:
        connection.sendall(case.request)
        return
    end = time.monotonic() + case.patience
    for byte in case.request:
        connection.sendall(bytes([byte]))
        answered, _, _ = select.select([connection], [], [], case.pace)
        if answered or time.monotonic() > end:
            return
