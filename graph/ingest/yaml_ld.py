"""Reads a source, a YAML-LD file whose keys are the terms of ontology/context.jsonld, into quads.

https://json-ld.org/spec/latest/yaml-ld/
"""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from graph.core.errors import BadInput, Fault
from graph.core.files import read_text
from graph.core.iris import KIND_NAMES, SLUG
from graph.core.namespaces import GRAPH, ID
from graph.ingest.facts import Facts
from graph.rdf.ontology_files import ONTOLOGY_FOLDER

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | None

_REFERENCE = re.compile(
    rf"(?:{'|'.join(KIND_NAMES) or SLUG})/{SLUG}(?:#[a-z0-9-]+)?"  # an entity of ours
    r"|https?://[^\s<>\"{}|\\^`]+"
)
_KINDS = f"one of the kinds {', '.join(KIND_NAMES)}" if KIND_NAMES else "any kind"
_USE_A_TERM = "use a term of ontology/context.jsonld"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)*|none")


class _Loader(yaml.CSafeLoader):
    """YAML in which all but whole numbers and nothing is a string: a date stays as it was written."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])


@cache
def context() -> dict[str, Any]:
    """Return the terms of the JSON-LD context."""
    terms: dict[str, Any] = json.loads((ONTOLOGY_FOLDER / "context.jsonld").read_text())["@context"]
    return terms


def read(path: Path) -> Facts:
    """Return the facts of the source at `path`; raise BadInput with every fault found in its form."""
    source = _Source(path)
    document = source.document()
    slug = str(document.get("id", "")).removeprefix("source/")
    if source.faults:
        raise BadInput.of(source.faults)
    graph = f"{GRAPH}source/{slug}"
    content = json.dumps({"@context": context(), **document}).encode()
    triples = parse(content, format=RdfFormat.JSON_LD)
    name = NamedNode(graph)
    return Facts(graph, [Quad(t.subject, t.predicate, t.object, name) for t in triples], source.lines)


class _Source:
    """Reads the nodes of a file into JSON, with their lines and the faults."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.lines: dict[str, str] = {}
        self._seen: set[int] = set()
        self._declared: set[str] = set()

    def document(self) -> dict[str, Json]:
        try:
            node = yaml.compose(read_text(self.path), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else 1
            raise BadInput(
                error.problem or "the file is not YAML",
                where=f"{self.path}:{line}",
                rule="YAML",
                remedy="mend the syntax",
            ) from error
        except yaml.YAMLError as error:
            raise BadInput(
                str(error), where=f"{self.path}:1", rule="YAML", remedy="mend the syntax"
            ) from error
        if not isinstance(node, yaml.MappingNode):
            raise BadInput(
                "a source is a mapping of terms to values",
                where=f"{self.path}:1",
                rule="YAML-LD",
                remedy="begin with id:",
            )
        document = self._mapping(node)
        if not str(document.get("id", "")).startswith("source/"):
            self._fault(node, "the file names no source", "source id", "begin the file with id: source/…")
        return document

    def _fault(self, node: yaml.Node, message: str, rule: str, remedy: str) -> None:
        self.faults.append(Fault(self._where(node), message, rule, remedy))

    def _where(self, node: yaml.Node) -> str:
        return f"{self.path}:{node.start_mark.line + 1}"

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Json]:
        keys = list(self._keys(node))
        subject = next((self._iri(value) for key, _, value in keys if key == "id"), "")
        if subject:
            self._record(node, subject, any(key == "type" for key, _, _ in keys))
        mapping: dict[str, Json] = {}
        for key, key_node, value in keys:
            term = context()[key]
            predicate = _expand(term)
            if subject and predicate:
                self.lines[f"{subject} {predicate}"] = self._where(key_node)
            mapping[key] = self._value(key, term, value)
        return mapping

    def _keys(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Yield the known keys with their nodes; a key that is unknown or stands twice is a fault."""
        seen: set[str] = set()
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key not in _terms():
                near = get_close_matches(key, _terms(), 1)
                remedy = f"write “{near[0]}”" if near else _USE_A_TERM
                self._fault(key_node, f"“{key}” is no known key", "unknown key", remedy)
            elif key in seen:
                self._fault(
                    key_node, f"the key “{key}” stands twice", "duplicate key", "write it once, with a list"
                )
            else:
                seen.add(key)
                yield key, key_node, value

    def _record(self, node: yaml.Node, subject: str, declares: bool) -> None:
        if declares and subject in self._declared:
            first = self.lines[subject]
            self._fault(
                node, f"{subject} is declared at {first} too", "one entity, one IRI", "give one another id"
            )
        if declares:
            self._declared.add(subject)
        if declares or subject not in self.lines:
            self.lines[subject] = self._where(node)

    def _iri(self, node: yaml.Node) -> str:
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        return value if value.startswith("http") else ID + value

    def _value(self, key: str, term: Any, node: yaml.Node) -> Json:
        if id(node) in self._seen:
            self._fault(node, "a value is repeated by an alias", "no aliases", "write the value out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(key, term, item) for item in node.value]
        if isinstance(node, yaml.MappingNode):
            if isinstance(term, dict) and term.get("@container") == "@language":
                return self._languages(key, node)
            return self._mapping(node)
        return self._scalar(key, term, node) if isinstance(node, yaml.ScalarNode) else None

    def _languages(self, key: str, node: yaml.MappingNode) -> Json:
        texts: dict[str, Json] = {}
        for tag, value in node.value:
            if not _LANGUAGE.fullmatch(str(tag.value)):
                self._fault(tag, f"“{tag.value}” under {key} is no language", "language", "write sv: or en:")
            texts[str(tag.value)] = self._value(key, "", value)
        return texts

    def _scalar(self, key: str, term: Any, node: yaml.ScalarNode) -> Json:
        value: str = node.value
        if key == "type" and value not in _terms():
            self._fault(node, f"“{value}” is no known class", "unknown class", _USE_A_TERM)
        if _is_reference(key, term) and not _REFERENCE.fullmatch(value):
            self._fault(
                node,
                f"“{value}” under {key} is no reference",
                "reference",
                f"write kind/slug with {_KINDS}, or an http(s) IRI",
            )
        if isinstance(term, dict) and term.get("@container") == "@language":
            self._fault(node, f"{key} needs a language", "language", f"write {key}: {{sv: …, en: …}}")
        match node.tag.rpartition(":")[2]:
            case "int":
                return int(value)
            case "null":
                self._fault(node, f"{key} has no value", "empty value", "fill it in or take the key out")
        return value


def _is_reference(key: str, term: Any) -> bool:
    return key == "id" or (isinstance(term, dict) and (term.get("@type") == "@id" or "@reverse" in term))


@cache
def _terms() -> tuple[str, ...]:
    """Return the keys an author may use: the context's terms without its prefixes and keywords."""
    return tuple(k for k, v in context().items() if not k.startswith("@") and not str(v).endswith(("#", "/")))


def _expand(term: Any) -> str:
    """Return the property's IRI that a term of the context stands for, or nothing for a keyword."""
    compact = term.get("@id", "") if isinstance(term, dict) else term
    prefix, _, name = str(compact).partition(":")
    return f"{context()[prefix]}{name}" if prefix in context() else ""
