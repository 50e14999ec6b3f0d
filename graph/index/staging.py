"""Takes triples apart into what the tables are made of: links, the literals that matter, names.

An IRI or blank node goes by 64 bits of its digest until it has its place in the order of all: so nothing need
be looked up, and memory does not grow with the data. Should two ever share them, the build fails rather than
take one for the other.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import pyoxigraph as ox

from graph.core.entity_types import ENTITY_KINDS
from graph.core.iris import KIND_NAMES as ORDER
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import NAME_PROPERTIES, XSD

NO_KIND: Final = len(ORDER)  # the kind of everything that no list holds
_ROWS: Final = 50_000  # written at once
_REMEMBERED: Final = 300_000  # names that are not written again
_PLAIN: Final = XSD + "string"
_SCHEMA: Final = """
CREATE TABLE staging.name (digest INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL);
CREATE TRIGGER staging.two BEFORE INSERT ON name
  WHEN EXISTS (SELECT 1 FROM name WHERE digest = NEW.digest AND iri <> NEW.iri)
  BEGIN SELECT RAISE(ABORT, 'two names share a digest'); END;
CREATE TABLE staging.link (subject INTEGER, property INTEGER, object INTEGER);
CREATE TABLE staging.literal (subject INTEGER, property INTEGER, value TEXT, language TEXT, datatype TEXT);
"""
_INDEXES: Final = """
CREATE INDEX staging.link_forth ON link (property, subject, object);
CREATE INDEX staging.link_back ON link (property, object, subject);
CREATE INDEX staging.literal_of ON literal (property, subject);
"""
_MATTER: Final = frozenset(
    (*NAME_PROPERTIES, *(path[-1] for kind in ENTITY_KINDS.values() for path in kind.paths))
)


class Staging:
    """Where triples are put as they come; `properties` are those that they have, by what stands for them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write to the attached database `staging` of `connection`."""
        self._connection = connection
        self.properties: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._names: list[tuple[int, str, int]] = []
        self._links: list[tuple[int, int, int]] = []
        self._literals: list[tuple[int, int, str, str, str]] = []
        connection.executescript(_SCHEMA)

    def fill(self, triples: Iterable[ox.Quad]) -> None:
        """Take `triples`, each once, and make them ready to be asked."""
        for subject, property_, value, _ in triples:
            if isinstance(value, ox.NamedNode | ox.BlankNode) and not isinstance(subject, ox.Triple):
                row = self._digest(subject), self._number(property_.value), self._digest(value)
                self._links.append(row)
            elif isinstance(value, ox.Literal) and property_.value in _MATTER:
                self._literal(subject, property_.value, value)
            if len(self._links) + len(self._literals) >= _ROWS:
                self._write()
        self._write()
        self._connection.executescript(_INDEXES)

    def _literal(
        self, subject: ox.NamedNode | ox.BlankNode | ox.Triple, property_: str, value: ox.Literal
    ) -> None:
        if not isinstance(subject, ox.Triple):
            datatype = "" if value.language or value.datatype.value == _PLAIN else value.datatype.value
            number = self._number(property_)
            self._literals.append(
                (self._digest(subject), number, value.value, value.language or "", datatype)
            )

    def _number(self, property_: str) -> int:
        number = self._numbers.get(property_)
        if number is None:
            number = self._numbers[property_] = digest(property_)
            if self.properties.setdefault(number, property_) != property_:
                raise ValueError("two properties share a digest")
        return number

    def _digest(self, node: ox.NamedNode | ox.BlankNode) -> int:
        name = node.value if isinstance(node, ox.NamedNode) else f"_:{node.value}"
        known = self._known.get(name)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[name] = digest(name)
            self._names.append((known, name, _kind(name)))
        return known

    def _write(self) -> None:
        write = self._connection.executemany
        write("INSERT OR IGNORE INTO staging.name VALUES (?, ?, ?)", self._names)
        write("INSERT INTO staging.link VALUES (?, ?, ?)", self._links)
        write("INSERT INTO staging.literal VALUES (?, ?, ?, ?, ?)", self._literals)
        for rows in (self._names, self._links, self._literals):
            rows.clear()


def digest(name: str) -> int:
    """Return what stands for an IRI, or for a blank node with “_:” before its name."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def _kind(name: str) -> int:
    parts = parse_entity_iri(name)
    return ORDER.index(parts[0]) if parts else NO_KIND
