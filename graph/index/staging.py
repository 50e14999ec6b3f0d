"""Staging tables, from which the index is built: names, links between nodes, and the literals of columns.

Here a node is identified by a digest of 64 bits, so that nothing has to be looked up and memory does not grow
with the data. If two nodes ever have the same digest, the build fails.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import pyoxigraph as ox

from graph.core.kind_table import KindTable
from graph.core.namespaces import NAME_PROPERTIES, XSD
from graph.core.property_paths import INVERSE, PropertyPath

_BATCH_ROWS: Final = 50_000  # inserted at once
_MAX_CACHED_NAMES: Final = 300_000  # names whose digest is cached
_XSD_STRING: Final = XSD + "string"
_SCHEMA: Final = """
CREATE TABLE staging.name (digest INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL);
CREATE TRIGGER staging.collision BEFORE INSERT ON name
  WHEN EXISTS (SELECT 1 FROM name WHERE digest = NEW.digest AND iri <> NEW.iri)
  BEGIN SELECT RAISE(ABORT, 'two names have the same digest'); END;
CREATE TABLE staging.link (subject INTEGER, property INTEGER, object INTEGER);
CREATE TABLE staging.literal (subject INTEGER, property INTEGER, value TEXT, language TEXT, datatype TEXT);
"""
_INDEXES: Final = """
CREATE INDEX staging.link_by_subject ON link (property, subject, object);
CREATE INDEX staging.link_by_object ON link (property, object, subject);
CREATE INDEX staging.literal_by_subject ON literal (property, subject);
"""

BoundQuery = tuple[str, dict[str, int]]
"""An SQL query and its parameters."""


class Staging:
    """The staging tables while they are filled; `properties` are the IRIs of all properties by digest.

    The kind of a name is the number of the kind that it alone allows, `other_kind` if it may be of any, and
    one more if it is in no list.
    """

    def __init__(self, connection: sqlite3.Connection, kinds: KindTable) -> None:
        """Create the tables in the attached database `staging` of `connection`."""
        self._connection = connection
        self._kinds = kinds
        self._kind_numbers = {name: number for number, name in enumerate(kinds)} | {"": other_kind(kinds)}
        paths = (path for kind in kinds.values() for path in kind.paths)
        self._indexed = frozenset((*NAME_PROPERTIES, *(path[-1] for path in paths)))
        self.properties: dict[int, str] = {}
        self._property_digests: dict[str, int] = {}
        self._name_digests: dict[str, int] = {}
        self._names: list[tuple[int, str, int]] = []
        self._links: list[tuple[int, int, int]] = []
        self._literals: list[tuple[int, int, str, str, str]] = []
        connection.executescript(_SCHEMA)

    def fill(self, triples: Iterable[ox.Quad]) -> None:
        """Insert `triples`, which must be distinct, and create the indexes."""
        for subject, property_, value, _ in triples:
            if isinstance(subject, ox.Triple):
                continue
            if isinstance(value, ox.NamedNode | ox.BlankNode):
                row = self._digest(subject), self._property(property_.value), self._digest(value)
                self._links.append(row)
            elif isinstance(value, ox.Literal) and property_.value in self._indexed:
                self._add_literal(subject, property_.value, value)
            if len(self._links) + len(self._literals) >= _BATCH_ROWS:
                self._flush()
        self._flush()
        self._connection.executescript(_INDEXES)

    def _add_literal(self, subject: ox.NamedNode | ox.BlankNode, property_: str, value: ox.Literal) -> None:
        datatype = "" if value.language or value.datatype.value == _XSD_STRING else value.datatype.value
        row = self._digest(subject), self._property(property_), value.value, value.language or "", datatype
        self._literals.append(row)

    def _property(self, property_: str) -> int:
        """Return the digest of a property, and add it to `properties`."""
        key = self._property_digests.get(property_)
        if key is None:
            key = self._property_digests[property_] = digest(property_)
            if self.properties.setdefault(key, property_) != property_:
                raise ValueError("two properties have the same digest")
        return key

    def _digest(self, node: ox.NamedNode | ox.BlankNode) -> int:
        """Return the digest of a node, and add its name to the rows to insert."""
        name = node.value if isinstance(node, ox.NamedNode) else f"_:{node.value}"
        key = self._name_digests.get(name)
        if key is None:
            if len(self._name_digests) >= _MAX_CACHED_NAMES:
                self._name_digests.clear()
            key = self._name_digests[name] = digest(name)
            self._names.append((key, name, self._kind_number(name)))
        return key

    def _kind_number(self, name: str) -> int:
        named = self._kinds.named_kind(name)
        return len(self._kind_numbers) if named is None else self._kind_numbers[named]

    def _flush(self) -> None:
        insert = self._connection.executemany
        insert("INSERT OR IGNORE INTO staging.name VALUES (?, ?, ?)", self._names)
        insert("INSERT INTO staging.link VALUES (?, ?, ?)", self._links)
        insert("INSERT INTO staging.literal VALUES (?, ?, ?, ?, ?)", self._literals)
        for rows in (self._names, self._links, self._literals):
            rows.clear()


def digest(name: str) -> int:
    """Return the digest of an IRI, or of a blank node's label after “_:”, as a signed integer of 64 bits."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def path_query(kind: int, path: PropertyPath, *, literal: bool) -> BoundQuery:
    """Return an SQL query for the values that `path` leads to from each entity of the kind number `kind`.

    Its columns are start (the digest of the entity) and value, language, datatype if `literal`, else node.
    """
    steps = path[:-1] if literal else path
    parameters = {f"p{number}": digest(step.removeprefix(INVERSE)) for number, step in enumerate(path)}
    tables, current = ["staging.member"], "member.digest"
    for number, step in enumerate(steps):
        near, far = ("object", "subject") if step.startswith(INVERSE) else ("subject", "object")
        link = f"l{number}"
        tables.append(
            f"JOIN staging.link AS {link} ON {link}.property = :p{number} AND {link}.{near} = {current}"
        )
        current = f"{link}.{far}"
    if literal:
        tables.append(
            f"JOIN staging.literal AS leaf ON leaf.property = :p{len(steps)} AND leaf.subject = {current}"
        )
    columns = "leaf.value, leaf.language, leaf.datatype" if literal else f"{current} AS node"
    query = f"SELECT member.digest AS start, {columns} FROM {' '.join(tables)} WHERE member.kind = :kind"  # noqa: S608
    return query, parameters | {"kind": kind}


def other_kind(kinds: KindTable) -> int:
    """Return the kind number of nodes that are in no list."""
    return len(kinds)
