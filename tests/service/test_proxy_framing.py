"""Where requests begin and end: nginx and the server behind it agree, whatever a client sends.

https://www.rfc-editor.org/rfc/rfc9112#name-message-body-length. Each case is sent before another request on
the same connection. Either nginx refuses it and closes the connection, or the server gets the two of them and
nothing else; never what the case has in its body, or in what a server less strict would take for its body.
"""

import re
import socket
from contextlib import suppress
from itertools import count

import pytest

from tests.service.conftest import Site

pytestmark = pytest.mark.proxy
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
LENGTH = f"Content-Length: {5 + len(SMUGGLED)}"
CHUNKED = "Transfer-Encoding: chunked"
NUMBERS = count()

PASSED = 404  # what the application says of a path that does not exist


def request(*lines: str, body: str = "", line: str = "POST /case HTTP/1.1", host: str = "Host: a") -> str:
    return "".join(f"{each}\r\n" for each in (line, *filter(None, [host]), *lines)) + f"\r\n{body}"


def chunks(size: str, data: str = "abcde") -> str:
    return request(CHUNKED, body=f"{size}\r\n{data}\r\n0\r\n\r\n")


SOUND = {
    "a length": request("Content-Length: 5", body="abcde"),
    "chunks": chunks("5"),
    "a request in a body": request(f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED),
    "a request in a chunk": chunks(f"{len(SMUGGLED):x}", SMUGGLED),
    "a GET with a body": request(
        f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED, line="GET /case HTTP/1.1"
    ),
    "capital letters": request("tRANSFER-eNCODING: cHuNkEd", body="5\r\nabcde\r\n0\r\n\r\n"),
    "an extension of a chunk": chunks("5;x=y"),
    "zeros before a size": chunks("00005"),
    "a trailer": request(CHUNKED, body=f"5\r\nabcde\r\n0\r\n{LENGTH}\r\n\r\n"),
    "a whole URL": request(line="POST http://b/case HTTP/1.1"),
    "an empty line before": "\r\n" + request("Content-Length: 5", body="abcde"),
    "a wish for another protocol": request("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
    "a length named as of this connection": request("Connection: Content-Length", "Content-Length: 0"),
}
REPAIRED = {
    "lines that end with LF": request("Content-Length: 5").replace("\r\n", "\n") + "abcde",
    "one line that ends with LF": request("X: a\nContent-Length: 5", body="abcde"),
    "chunks that end with LF": request(CHUNKED, body="5\nabcde\n0\n\n"),
    "a tab after a size": chunks("5\t"),
    "a space after a size": chunks("5 "),
    "an underscore in a name": request("Content_Length: 5"),
    "a bracket in a name": request("Content(Length: 5"),
    "a no-break space in a name": request("Content\xa0Length: 5"),
    "two spaces in the first line": request(line="POST  /case HTTP/1.1"),
    "a space after the version": request(line="POST /case HTTP/1.1 "),
    "CR before CR LF": request("X: a\r"),
}
REFUSED = {
    "two lengths": request("Content-Length: 5", LENGTH, body=f"abcde{SMUGGLED}"),
    "a length twice": request("Content-Length: 5", "Content-Length: 5", body="abcde"),
    "a list of lengths": request("Content-Length: 5, 5", body="abcde"),
    "a length and chunks": request(LENGTH, CHUNKED, body=f"0\r\n\r\n{SMUGGLED}"),
    "chunks and a length": request(CHUNKED, LENGTH, body=f"0\r\n\r\n{SMUGGLED}"),
    "no length and chunks": request("Content-Length: 0", CHUNKED, body=f"0\r\n\r\n{SMUGGLED}"),
    "chunks in HTTP/1.0": request(CHUNKED, body="0\r\n\r\n", line="POST /case HTTP/1.0"),
    "chunked twice": request(CHUNKED, CHUNKED, body="0\r\n\r\n"),
    "identity, then chunked": request("Transfer-Encoding: identity", CHUNKED, body="0\r\n\r\n"),
    "a space before a colon": request("Transfer-Encoding : chunked", body="0\r\n\r\n"),
    "a tab before a colon": request("Content-Length\t: 5", body="abcde"),
    "a space before a name": request(" Content-Length: 5", body="abcde", host=""),
    "a folded line": request("X: a", " b"),
    "a folded coding": request("Transfer-Encoding:", " chunked", body="0\r\n\r\n"),
    "a folded length": request("Content-Length:", "\t5", body="abcde"),
    "CR in a value": request("X: a\rContent-Length: 5", body="abcde"),
    "NUL in a value": request("X: a\0b"),
    "NUL in a name": request("X\0: a"),
    "a control character in a name": request("Content\x01Length: 5"),
    "no colon": request("Content-Length 5"),
    "no name": request(": 5"),
    "no host": request(host=""),
    "two hosts": request("Host: b"),
    "a list of hosts": request(host="Host: a, b"),
    "a path as a host": request(host="Host: a/b"),
    "a space in the target": request(line="POST /ca se HTTP/1.1"),
    "NUL in the target": request(line="POST /case\0 HTTP/1.1"),
    "no slash": request(line="POST case HTTP/1.1"),
    "a tunnel": request(line="CONNECT a:80 HTTP/1.1"),
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no end of a chunk": request(CHUNKED, body="5\r\nabcde0\r\n\r\n"),
    "a chunk longer than its size": chunks("4"),
    "LF in an extension": chunks("5;x\n"),
    "a header of 5 kB": request("X: " + "a" * 5000),
    "40 kB of headers": request(*(f"X{number}: {'a' * 900}" for number in range(45))),
    **{
        f"length “{length}”": request(f"Content-Length: {length}", body="abcde")
        for length in ("+5", "-5", "0x5", "5 5", "5;", "5a", "", "9" * 23)
    },
    **{f"size “{size}”": chunks(size) for size in ("0x5", "-5", "+5", "5g", "", "5,5", "f" * 17, '5;x="\r')},
}
UNKNOWN = {
    f"coding {coding!r}": request(f"Transfer-Encoding: {coding}", body=f"0\r\n\r\n{SMUGGLED}")
    for coding in (
        "chunked, chunked",
        "chunked,",
        "identity",
        "gzip, chunked",
        "chunked, identity",
        "xchunked",
        "\x0bchunked",
        '"chunked"',
        "chunked;q=1",
        " \tchunked",
        "",
    )
}


def exchange(site: Site, case: str) -> tuple[list[int], list[int]]:
    """Send `case` and another request, and return the statuses and how often the server got each."""
    number = next(NUMBERS)
    following = request("Connection: close", line=f"GET /next-{number} HTTP/1.1")
    sent = (case.replace("/case", f"/case-{number}") + following).encode("latin-1")
    with socket.create_connection(site.address, timeout=30, source_address=("127.0.0.4", 0)) as connection:
        found = b""
        with suppress(ConnectionError):  # closed before all was read
            connection.sendall(sent)
            while part := connection.recv(1 << 16):
                found += part
    paths = site.paths()
    assert paths["/smuggled"] == 0
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", found)
    return [*map(int, statuses)], [paths[f"/case-{number}"], paths[f"/next-{number}"]]


def cases(some: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", some.values(), ids=some)


@cases(SOUND | REPAIRED)
def test_what_nginx_passes_on_is_two_requests_for_the_server_too(site: Site, case: str) -> None:
    assert exchange(site, case) == ([PASSED, PASSED], [1, 1])


@cases(REFUSED)
def test_what_is_malformed_is_refused_by_nginx(site: Site, case: str) -> None:
    assert exchange(site, case) == ([400], [0, 0])


@cases(UNKNOWN)
def test_unknown_transfer_codings_are_refused_by_nginx(site: Site, case: str) -> None:
    assert exchange(site, case) == ([501], [0, 0])


def test_the_server_sees_a_smuggled_request_if_there_is_one(site: Site) -> None:
    """Without this, the tests above could not fail."""
    before = site.paths()["/seen"]
    exchange(site, SMUGGLED.replace("/smuggled", "/seen"))
    assert site.paths()["/seen"] == before + 1
