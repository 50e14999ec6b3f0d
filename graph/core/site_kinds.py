"""The kinds of entities that the table of a site describes: `kinds.yaml` in its folder."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from graph.core.entity_types import EntityKind, ListColumn, Place, Validity
from graph.core.files import read_text
from graph.core.parts import ALL_KINDS, PARTS_FOLDER, parts_with
from graph.core.property_paths import PropertyPath, parse_paths, parse_term, write_paths, write_term
from graph.core.site import SITE
from graph.core.yaml_nodes import YamlNodes

FILE: Final = "kinds.yaml"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_COLUMN_NAME: Final = re.compile(r"[a-z][A-Za-z0-9_-]*")
TAKEN_NAMES: Final = frozenset(
    (
        *("about", "alignments", "build", "card", "cite", "code", "compare", "dataset", "display-names"),
        *("docs", "download", "feed", "feeds", "graph", "healthz", "id", "map", "mcp", "metrics", "network"),
        *("ns", "om", "openapi", "opensearch", "queries", "query", "readyz", "reconcile", "release"),
        *("releases", "report", "resolve", "resource", "robots", "search", "shapes", "sitemap", "sparql"),
        *("static", "suggest", "timeline"),
    )
)
"""The addresses of other pages, which no list can have."""
RESERVED_KINDS: Final = ALL_KINDS | {"observation"}
"""The kinds that pages read by name, as things of parts or measurements: nothing else can be called so."""
TAKEN_COLUMNS: Final = frozenset(("page", "sort", "asof", "lang", "content", "iri", "property", "release"))
COLUMN_KEYS: Final = ("path", "count", "facet", "year", "hidden")
VALIDITY_KEYS: Final = ("since", "until", "at", "unique_by", "pending", "open_ended")
KIND_KEYS: Final = ("columns", "dates", "validity", "as_of", "place", "status", "matched", "menu")
_UNIQUE_BY: Final = 4  # properties at most


def read_kinds(path: Path) -> Mapping[str, EntityKind]:
    """Return the kinds that the file at `path` describes, in its order.

    Raise BadInput with file and line for what is wrong in it.
    """
    return parse_kinds(path, read_text(path))


def parse_kinds(path: Path, text: str) -> Mapping[str, EntityKind]:
    """Return the kinds that `text` describes, the content of the file at `path`."""
    table = _KindReader(path, text, "table of kinds")
    return table.kinds()


def write_kinds(kinds: Mapping[str, EntityKind]) -> str:
    """Return a table of `kinds` as `read_kinds` reads it."""
    written = {name: _written_kind(kind) for name, kind in kinds.items()}
    return yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=110)


class _KindReader(YamlNodes):
    """Reads the nodes of a table of kinds."""

    def kinds(self) -> Mapping[str, EntityKind]:
        """Return all kinds by name."""
        found = {}
        for name, node in self.mapping(self.root).items() if self.root else ():
            if not _NAME.fullmatch(name) or name in TAKEN_NAMES:
                why = "is the address of another page" if name in TAKEN_NAMES else "cannot be an address"
                raise self.fault(node, f"“{name}” {why}", "name the kind in a–z, 0–9 and single hyphens")
            found[name] = kind = self._kind(node)
            for part in parts_with("kinds", name) if not kind.is_of_part else ():
                remedy = (
                    "choose another name"
                    if SITE.has(part)
                    else f"add {part} to parts, or choose another name"
                )
                raise self.fault(node, f"“{name}” is a kind of the part “{part}”", remedy)
        return found

    def _kind(self, node: yaml.Node) -> EntityKind:
        given = self.mapping(node, ("classes",), KIND_KEYS)
        columns = self.mapping(given["columns"]) if "columns" in given else {}
        return EntityKind(
            classes=tuple(self._read(each, parse_term) for each in self._items(given["classes"])),
            columns=tuple(self._column(name, each) for name, each in columns.items()),
            dates=self._paths(given.get("dates")),
            validity=self._validity(given["validity"]) if "validity" in given else None,
            as_of="as_of" in given and self.flag(given["as_of"]),
            matched="matched" not in given or self.flag(given["matched"]),
            menu="menu" not in given or self.flag(given["menu"]),
            place=self._place(given["place"]) if "place" in given else None,
            status=self._paths(given.get("status")),
        )

    def _column(self, name: str, node: yaml.Node) -> ListColumn:
        if not _COLUMN_NAME.fullmatch(name) or name in TAKEN_COLUMNS:
            raise self.fault(node, f"“{name}” cannot be the name of a column", "choose another name")
        given = self.mapping(node, (), COLUMN_KEYS)
        if ("path" in given) == ("count" in given):
            raise self.fault(node, f"“{name}” needs a path or a count", "write “path: …” or “count: …”")
        flags = {key: key in given and self.flag(given[key]) for key in ("facet", "year", "hidden")}
        return ListColumn(
            name,
            self._paths(given.get("path")),
            self._read(given["count"], parse_term) if "count" in given else "",
            facet=flags["facet"],
            year=flags["year"],
            visible=not flags["hidden"],
        )

    def _validity(self, node: yaml.Node) -> Validity:
        given = self.mapping(node, (), VALIDITY_KEYS)
        unique = tuple(self._read(each, parse_term) for each in self._items(given.get("unique_by")))
        if len(unique) > _UNIQUE_BY:
            raise self.fault(
                given["unique_by"], f"{len(unique)} properties", f"name {_UNIQUE_BY} at the most"
            )
        return Validity(
            self._paths(given.get("since")),
            self._paths(given.get("until")),
            self._paths(given.get("at")),
            unique,
            self._pending(given["pending"]) if "pending" in given else ("", ""),
            open_ended="open_ended" in given and self.flag(given["open_ended"]),
        )

    def _pending(self, node: yaml.Node) -> tuple[str, str]:
        pairs = self.mapping(node)
        if len(pairs) != 1:
            raise self.fault(node, "one property and its value were expected", "write “property: value”")
        property_, value = next(iter(pairs.items()))
        key = node.value[0][0] if isinstance(node, yaml.MappingNode) else node
        return self._term(key, property_), self._read(value, parse_term)

    def _place(self, node: yaml.Node) -> Place:
        given = self.mapping(node, (), ("latitude", "longitude", "geometry"))
        if given.keys() not in ({"latitude", "longitude"}, {"geometry"}):
            raise self.fault(node, "a place is incomplete", "give latitude and longitude, or geometry")
        return Place(**{name: self._paths(each) for name, each in given.items()})

    def _paths(self, node: yaml.Node | None) -> tuple[PropertyPath, ...]:
        return () if node is None else self._read(node, parse_paths)

    def _items(self, node: yaml.Node | None) -> list[yaml.Node]:
        """Return the items of a list, or the one value that stands in its place."""
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def _read(self, node: yaml.Node, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(self.string(node))
        except ValueError as error:
            raise self.fault(node, str(error), "write CURIEs, or whole IRIs between < and >") from error

    def _term(self, node: yaml.Node, written: str) -> str:
        try:
            return parse_term(written)
        except ValueError as error:
            raise self.fault(node, str(error), "write a CURIE, or a whole IRI between < and >") from error


def _written_kind(kind: EntityKind) -> dict[str, Any]:
    validity = kind.validity
    written: dict[str, Any] = {
        "classes": [write_term(each) for each in kind.classes],
        "columns": {column.name: _written_column(column) for column in kind.columns},
        "dates": write_paths(kind.dates),
        "validity": _written_validity(validity) if validity else {},
        "as_of": kind.as_of,
        "place": {name: write_paths(paths) for name, paths in vars(kind.place).items() if paths}
        if kind.place
        else {},
        "status": write_paths(kind.status),
    }
    shown = {key: value for key, value in written.items() if value}
    return shown | {key: False for key in ("matched", "menu") if not getattr(kind, key)}


def _written_column(column: ListColumn) -> dict[str, Any]:
    written = {
        "path": write_paths(column.paths),
        "count": write_term(column.counted_property) if column.counted_property else "",
        "facet": column.facet,
        "year": column.year,
        "hidden": not column.visible,
    }
    return {key: value for key, value in written.items() if value}


def _written_validity(validity: Validity) -> dict[str, Any]:
    written: dict[str, Any] = {
        "since": write_paths(validity.since),
        "until": write_paths(validity.until),
        "at": write_paths(validity.at),
        "unique_by": [write_term(each) for each in validity.unique_by],
        "pending": {write_term(validity.pending[0]): write_term(validity.pending[1])}
        if any(validity.pending)
        else {},
        "open_ended": validity.open_ended,
    }
    return {key: value for key, value in written.items() if value}


def _part_kinds() -> Mapping[str, EntityKind]:
    files = (PARTS_FOLDER / folder / FILE for folder in SITE.of_parts("folders"))
    return {name: kind for file in files if file.exists() for name, kind in read_kinds(file).items()}


def _site_kinds() -> Mapping[str, EntityKind]:
    path = SITE.folder / FILE
    if not path.exists():
        return {}
    own = read_kinds(path)
    return {**own, **{name: PART_KINDS[name] for name in SITE.of_parts("kinds") if name not in own}}


PART_KINDS: Final = _part_kinds()
"""The kinds of the parts that are on, as they are where the site does not describe them."""
SITE_KINDS: Final = _site_kinds()
"""The kinds of the table of the site, with those that its parts must have; none if it has no table.

A build derives the kinds of a site without a table.
"""
