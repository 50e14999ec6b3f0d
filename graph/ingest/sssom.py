"""Reads links to other data sets, an SSSOM table of mappings with its metadata in leading # lines.

https://mapping-commons.github.io/sssom/spec-formats-tsv/ by way of the csv module and PyYAML: the sssom
package would bring in pandas and linkml for the few rules that are needed here.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import Literal, NamedNode, Quad

from graph.core.errors import BadInput, Fault
from graph.core.files import read_text
from graph.core.iris import may_be_linked
from graph.core.namespaces import BASE, DCTERMS, GRAPH, OWL, RDFS, SKOS
from graph.ingest.facts import Facts

PREDICATES = (f"{OWL}sameAs", f"{SKOS}exactMatch", f"{SKOS}closeMatch", f"{RDFS}seeAlso")
JUSTIFICATIONS = "https://w3id.org/semapv/vocab/"

_REQUIRED_SLOTS = ("curie_map", "license", "mapping_set_id", "mapping_set_title")
_SLOTS = (
    *_REQUIRED_SLOTS,
    "mapping_set_description",
    "mapping_set_source",
    "mapping_provider",
    "mapping_date",
)
_REQUIRED_COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
REJECTED = "Not"
_COLUMNS = (
    *_REQUIRED_COLUMNS,
    "predicate_modifier",
    "subject_label",
    "object_label",
    "confidence",
    "mapping_date",
    "mapping_provider",
    "author_label",
    "comment",
)


@dataclass(frozen=True)
class Table:
    """The content of a table: its links as facts, and the pairs of IRIs that were rejected as no match."""

    facts: Facts
    prefixes: dict[str, str]
    rejected: frozenset[tuple[str, str]]


def read(path: Path) -> Facts:
    """Return the links in the SSSOM table at `path`; raise BadInput with every fault found."""
    return parse(read_text(path), path).facts


def parse(text: str, path: Path) -> Table:
    """Return the content of the table `text`, whose file is `path`; raise BadInput with every fault."""
    head = list(takewhile(lambda line: line.startswith("#"), text.split("\n")))
    table = _Links(path)
    table.read_metadata("\n".join(line.removeprefix("#") for line in head))
    if not table.faults:
        table.read_rows(text, len(head))
    if table.faults:
        raise BadInput.of(table.faults)
    facts = Facts(table.graph, table.quads, table.lines)
    return Table(facts, table.prefixes, frozenset(table.rejected))


class _Links:
    """Reads a table into quads, with their lines and the faults."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.graph = f"{GRAPH}links/{path.name.removesuffix('.sssom.tsv')}"
        self.quads: list[Quad] = []
        self.lines: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.prefixes: dict[str, str] = {}
        self.rejected: set[tuple[str, str]] = set()
        self._seen: dict[tuple[str, str], str] = {}

    def _fault(self, line: int, message: str, rule: str, remedy: str) -> None:
        self.faults.append(Fault(f"{self.path}:{line}", message, rule, remedy))

    def _add(self, subject: str, predicate: str, value: NamedNode | Literal, line: int) -> None:
        self.quads.append(Quad(NamedNode(subject), NamedNode(predicate), value, NamedNode(self.graph)))
        # not the subject alone: an entity stands where it is declared, a link only where it is written
        self.lines[f"{subject} {predicate}"] = f"{self.path}:{line}"

    def read_metadata(self, text: str) -> None:
        try:
            metadata = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._fault(line, error.problem or "the metadata is not YAML", "YAML", "mend the syntax")
            return
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self._fault(1, f"the metadata is not YAML: {error}", "YAML", "mend the syntax")
            return
        if not isinstance(metadata, dict):
            self._fault(1, "the table has no metadata", "SSSOM metadata", "begin with #curie_map:")
            return
        for slot in sorted(set(_REQUIRED_SLOTS) - set(metadata)):
            self._fault(1, f"the metadata has no {slot}", "SSSOM metadata", f"add #{slot}: …")
        for slot in sorted(map(str, set(metadata) - set(_SLOTS))):
            self._fault(1, f"“{slot}” is not known", "SSSOM metadata", f"use {', '.join(_SLOTS)}")
        if not self.faults:
            self._state_metadata(metadata)

    def _state_metadata(self, metadata: dict[str, Any]) -> None:
        if metadata["mapping_set_id"] != self.graph:
            self._fault(
                1,
                "the mapping_set_id does not belong to the file's name",
                "SSSOM metadata",
                f"write {self.graph}",
            )
        prefixes = metadata["curie_map"] if isinstance(metadata["curie_map"], dict) else {}
        self.prefixes = {str(prefix): str(base) for prefix, base in prefixes.items()}
        sources = metadata.get("mapping_set_source") or []
        origins = [*(sources if isinstance(sources, list) else [sources]), metadata.get("mapping_provider")]
        origins = [str(origin) for origin in origins if origin]
        iris = [*self.prefixes.values(), str(metadata["license"]), *origins]
        for value in iris:
            if not _is_web(value):
                self._fault(1, f"“{value}” is no http(s) IRI", "SSSOM metadata", "write the whole IRI")
        if self.faults:
            return
        title = Literal(str(metadata["mapping_set_title"]), language="en")
        self._add(self.graph, f"{DCTERMS}title", title, 1)
        self._add(self.graph, f"{DCTERMS}license", NamedNode(str(metadata["license"])), 1)
        for origin in origins:
            self._add(self.graph, f"{DCTERMS}source", NamedNode(origin), 1)

    def read_rows(self, text: str, skip: int) -> None:
        source = io.StringIO(text, newline="")
        for _ in range(skip):
            source.readline()
        rows = csv.reader(source, delimiter="\t", strict=True)
        line = skip
        try:
            header = next(rows, [])
            line = skip + 1
            self._check_header(header, line)
            if not self.faults:
                for cells in rows:
                    line = skip + rows.line_num
                    self._read_row(header, cells, line)
        except csv.Error as error:
            message = f"the row that begins here is not TSV: {error}"
            self._fault(line + 1, message, "TSV", "mend the quotes")

    def _check_header(self, header: list[str], line: int) -> None:
        for name in sorted(set(header) - set(_COLUMNS)):
            self._fault(line, f"the column “{name}” is not known", "columns", f"use {', '.join(_COLUMNS)}")
        for name in sorted(set(_REQUIRED_COLUMNS) - set(header)):
            self._fault(line, f"the column {name} is missing", "columns", "add it")
        if len(set(header)) < len(header):
            self._fault(line, "a column stands twice", "columns", "take one out")

    def _read_row(self, header: list[str], cells: list[str], line: int) -> None:
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells; there are {len(header)} columns"
            self._fault(line, message, "columns", "give each column a cell, empty where nothing is known")
            return
        row = dict(zip(header, cells, strict=True))
        before = len(self.faults)
        subject, predicate, target, reason = (self._expand(row, name, line) for name in _REQUIRED_COLUMNS)
        if len(self.faults) > before:
            return
        self._check_row(row, (subject, predicate, target, reason), line)
        if len(self.faults) > before:
            return
        if row.get("predicate_modifier"):
            self.rejected.add((subject, target))
        else:
            self._add(subject, predicate, NamedNode(target), line)

    def _expand(self, row: dict[str, str], name: str, line: int) -> str:
        """Return the IRI that the CURIE in a cell stands for, recording a fault when it stands for none."""
        prefix, colon, rest = row[name].partition(":")
        if not row[name]:
            self._fault(line, f"{name} is empty", f"column {name}", "write prefix:name")
        elif not colon or prefix not in self.prefixes:
            remedy = f"use one of {', '.join(self.prefixes)}, or declare the prefix in curie_map"
            self._fault(line, f"“{row[name]}” in {name} has no known prefix", "CURIE", remedy)
        elif not _is_web(self.prefixes[prefix] + rest):
            self._fault(line, f"“{row[name]}” in {name} makes no IRI", "CURIE", "mend the name")
        return self.prefixes.get(prefix, "") + rest

    def _check_row(self, row: dict[str, str], iris: Iterable[str], line: int) -> None:
        subject, predicate, target, reason = iris
        if not may_be_linked(subject):
            remedy = "write id:kind/slug"
            self._fault(line, f"<{subject}> is no entity of this graph", "column subject_id", remedy)
        if predicate not in PREDICATES:
            remedy = f"use one of {', '.join(PREDICATES)}"
            self._fault(line, f"<{predicate}> is no link", "column predicate_id", remedy)
        if row.get("predicate_modifier", "") not in ("", REJECTED):
            message, remedy = "the predicate_modifier is unknown", f"write {REJECTED}, or nothing"
            self._fault(line, message, "column predicate_modifier", remedy)
        if target.startswith(BASE):
            remedy = "say it in a source instead"
            self._fault(line, f"<{target}> is not outside this graph", "column object_id", remedy)
        if not reason.startswith(JUSTIFICATIONS):
            remedy = "use a term of semapv, such as semapv:ManualMappingCuration"
            self._fault(line, f"<{reason}> is no justification", "column mapping_justification", remedy)
        if not _is_share(row.get("confidence", "")):
            self._fault(line, "the confidence is not between 0 and 1", "column confidence", "write 0.9")
        if not _is_date(row.get("mapping_date", "")):
            self._fault(line, "the mapping_date is no date", "column mapping_date", "write YYYY-MM-DD")
        here = f"{self.path}:{line}"
        first = self._seen.setdefault((subject, target), here)
        if first != here:
            message = f"{row['subject_id']} is linked to {row['object_id']} at {first} too"
            self._fault(line, message, "one link once", "take one row out")


def _is_web(value: str) -> bool:
    try:
        NamedNode(value)
    except ValueError:
        return False
    return re.match(r"https?://[^/?#]", value) is not None


def _is_share(cell: str) -> bool:
    return not cell or bool(re.fullmatch(r"0(\.[0-9]+)?|1(\.0+)?", cell))


def _is_date(cell: str) -> bool:
    try:
        return not cell or datetime.date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False
