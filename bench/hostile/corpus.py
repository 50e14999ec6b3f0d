"""Reads the corpus: queries and requests meant to harm an endpoint, each with the answers that are right.

A text is a string or a list of pieces, a piece a string or `[string, times]`; in a repeated string `§` is
the number of the repetition from 0 and `§§` that number plus one. CANARY stands for the host and port of a
listener that must never be called, PORT for its port.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import yaml

FOLDER = Path(__file__).parent
ANY = "any"
CLOSED = 0  # the status of a connection that ended, or was given up, without an answer
_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, */*;q=0.1"
_QUERY = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Case:
    """One request, as the bytes that are sent, and what may be answered."""

    group: str
    name: str
    method: str
    request: bytes
    expect: frozenset[int]
    setting: str = ANY  # that an error must name, or any
    bare: bool = False  # whether the HTTP server itself may answer, without problem+json
    pace: float = 0  # seconds between one byte and the next
    patience: float = 0  # seconds after which the client gives up

    def __str__(self) -> str:
        """The group and the name, as a report shows them."""
        return f"{self.group}: {self.name}"


def load(canary: str) -> list[Case]:
    """Return all cases; those that try to reach another machine name `canary`, a host and port."""
    return [case for path in sorted(FOLDER.glob("*.yaml")) for case in _read(path, canary)]


def _read(path: Path, canary: str) -> Iterator[Case]:
    text = path.read_text(encoding="utf-8").replace("CANARY", canary)
    group = yaml.safe_load(text.replace("PORT", canary.rpartition(":")[2]))
    for each in group["cases"]:
        words = {"setting": ANY, **group, **each}
        method, request = _request(words)
        yield Case(
            group=path.stem,
            name=words["name"],
            method=method,
            request=request,
            expect=frozenset(words["expect"]),
            setting=words["setting"],
            bare=words.get("bare", False),
            pace=words.get("pace", 0),
            patience=words.get("patience", 0),
        )


def _request(words: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return the method and the whole request of a case."""
    encoding = words.get("encoding", "utf-8")
    if "raw" in words:
        raw = _bytes(words["raw"], encoding)
        return raw.partition(b" ")[0].decode("latin-1"), raw
    headers = [_text(header) for header in words.get("headers", [])]
    if "query" not in words:
        body = _bytes(words["body"], encoding) if "body" in words else None
        return words["method"], _http(words["method"], _text(words["target"]), headers, body)
    query = _bytes(words["query"], encoding)
    headers.append(f"Accept: {words.get('accept', _ACCEPT)}")
    way = words.get("way", "post")
    if way == "get":
        return "GET", _http("GET", f"/sparql?query={quote_from_bytes(query, safe='')}", headers, None)
    if way == "form":
        encoded = b"query=" + quote_from_bytes(query, safe="").encode()
        return "POST", _http("POST", "/sparql", [*headers, f"Content-Type: {_FORM}"], encoded)
    return "POST", _http("POST", "/sparql", [*headers, f"Content-Type: {_QUERY}"], query)


def _http(method: str, target: str, headers: list[str], body: bytes | None) -> bytes:
    """Return a request that is whole and ends its connection."""
    length = [] if body is None else [f"Content-Length: {len(body)}"]
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close", *headers, *length]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8") + b"\r\n" + (body or b"")


def _bytes(pieces: Any, encoding: str) -> bytes:
    return _text(pieces).encode(encoding, errors="surrogatepass" if encoding == "utf-8" else "strict")


def _text(pieces: Any) -> str:
    """Return the text of a string, or of a list of strings and repeated strings."""
    if isinstance(pieces, str):
        return pieces
    return "".join(piece if isinstance(piece, str) else _repeat(*piece) for piece in pieces)


def _repeat(text: str, times: int) -> str:
    if "§" not in text:
        return text * times
    return "".join(text.replace("§§", str(i + 1)).replace("§", str(i)) for i in range(times))
