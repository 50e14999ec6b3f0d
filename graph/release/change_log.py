"""The times at which each statement first appeared in a release and last changed, for feeds; and each entity.

It is kept beside every release, made from that of the release before it.
"""

import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from graph.core.namespaces import GRAPH, ID
from graph.release.release import DUMP, Release

FILE: Final = "changes.json"
ENTITY_FILE: Final = "entity-changes.json"
_STATEMENTS: Final = ID + "statement/"
_INFERRED: Final = GRAPH + "inferred"
_BLANK: Final = re.compile(r"^_:\S+$")
_BLANK_NODE: Final = re.compile(r"(?:^| )_:\S+(?= |$)")


class Change(NamedTuple):
    """The times of a statement or an entity, as ISO 8601 has them, and the digest of its triples."""

    published: str
    updated: str
    digest: str


def write(folder: Path, quads: Collection[Quad], created: str, before: Release | None) -> None:
    """Write to `folder` the changes up to a release of `quads`, created then, that follows `before`.

    An entity has changed if what is stated of it, of its parts or with them has: it is the time at which its
    page last changed, as far as the kept releases show.
    """
    statements = _compare(_digests(quads), created, read(before) if before else {})
    entities = _compare(_entity_digests(quads), created, read_entities(before) if before else {})
    for name, found in ((FILE, statements), (ENTITY_FILE, entities)):
        (folder / name).write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")


def read(release: Release) -> dict[str, Change]:
    """Return the changes by the statement's IRI; a release of an earlier version has everything new."""
    path = release.path / FILE
    if path.exists():
        return {name: Change(*values) for name, values in json.loads(path.read_text()).items()}
    content = "".join(line for line in release.lines() if line.startswith(f"<{_STATEMENTS}"))
    return _compare(_digests(parse(content, format=RdfFormat.N_QUADS)), release.manifest.created, {})


def read_entities(release: Release) -> dict[str, Change]:
    """Return the changes by the entity's IRI; a release of an earlier version has everything new."""
    path = release.path / ENTITY_FILE
    if path.exists():
        return {name: Change(*values) for name, values in json.loads(path.read_text()).items()}
    with gzip.open(release.path / DUMP, "rt", encoding="utf-8") as dump:
        digests = _entity_digests(parse(dump, format=RdfFormat.N_QUADS))
    return _compare(digests, release.manifest.created, {})


def _compare(digests: dict[str, str], created: str, known: dict[str, Change]) -> dict[str, Change]:
    """Return the changes of what has these `digests`, where `known` were there before."""
    return {
        name: known[name]
        if name in known and known[name].digest == digest
        else Change(known[name].published if name in known else created, created, digest)
        for name, digest in digests.items()
    }


def _entity_digests(quads: Iterable[Quad]) -> dict[str, str]:
    """Return a digest of the triples that have each entity, or a part of it, as subject or object."""
    said: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.graph_name == NamedNode(_INFERRED):
            continue
        triple = _BLANK_NODE.sub("_:", f"{quad.subject} {quad.predicate} {quad.object}")
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode) and node.value.startswith(ID):
                said[node.value.partition("#")[0]].add(triple)
    return _hashed(said)


def _digests(quads: Iterable[Quad]) -> dict[str, str]:
    """Return a digest of the triples of each statement, which no label of a blank node changes."""
    said: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        subject = quad.subject
        stated = quad.graph_name != NamedNode(_INFERRED)
        if stated and isinstance(subject, NamedNode) and subject.value.startswith(_STATEMENTS):
            said[subject.value].add(f"{quad.predicate} {_BLANK.sub('_:', str(quad.object))}")
    return _hashed(said)


def _hashed(said: dict[str, set[str]]) -> dict[str, str]:
    return {
        name: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
        for name, lines in said.items()
    }
