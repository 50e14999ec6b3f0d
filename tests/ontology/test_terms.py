"""No term is used anywhere, in the context, the shapes, the facts or the queries, that is not declared."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from graph.core.namespaces import CODE, DISPLAY_NAME, PREFIXES, SHAPES, UTS

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "graph" / "facts"
CONTEXT: dict[str, Any] = json.loads((ROOT / "ontology" / "context.jsonld").read_text())["@context"]
PLAIN_TERMS = {"id", "type", "value"}
# https://www.w3.org/TR/tabular-metadata/#uri-property-syntax: CSVW has these prefixes built in.
CSVW_PREFIXES = PREFIXES | {"dc": PREFIXES["dcterms"]}
SPARQL = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''  # a string
    r"|\#[^\n]*"  # a comment
    r"|<(?P<iri>[^<>\"{}|^`\\\s]*)>"
    r"|(?P<prefix>[A-Za-z][\w-]*):(?P<local>[\w-]*(?:\.[\w-]+)*)"
)


@pytest.fixture(scope="session")
def declared(ontology: Graph) -> set[str]:
    """Every term that the ontology declares, its codes and code lists too."""
    return {str(term) for term in ontology.subjects() if isinstance(term, URIRef)}


@pytest.fixture(scope="session")
def namespaces(ontology: Graph) -> tuple[str, ...]:
    """Every namespace in which a name has to be a declared term."""
    named = {str(term) for term in ontology.subjects(URIRef(DISPLAY_NAME))}
    return (UTS, CODE, *sorted(name for name in named if name.endswith(("#", "/"))))


def test_the_context_has_the_prefixes_of_the_code() -> None:
    prefixes = {k: v for k, v in CONTEXT.items() if isinstance(v, str) and v.endswith(("#", "/"))}
    prefixes.pop("@base")
    assert prefixes.items() <= PREFIXES.items()


def test_each_term_of_the_context_is_declared(declared: set[str]) -> None:
    terms = {term: iri for term in CONTEXT if (iri := context_iri(term))}
    assert terms
    assert not {term: iri for term, iri in terms.items() if iri not in declared}
    lists = {vocab for term in CONTEXT if (vocab := code_list(term))}
    assert not {vocab for vocab in lists if vocab.rstrip("/") not in declared}


def test_a_code_with_the_name_of_a_term_is_read_as_the_code(codes: Graph) -> None:
    lists = {vocab: CONTEXT[term]["@context"] for term in CONTEXT if (vocab := code_list(term))}
    found = {
        f"{vocab}{code}": scoped.get(code)
        for vocab, scoped in lists.items()
        for concept in codes.subjects(SKOS.inScheme, URIRef(vocab.rstrip("/")))
        if (code := str(concept).removeprefix(vocab)) in CONTEXT
    }
    assert found == {iri: iri for iri in found}
    assert f"{CODE}statement-kind/safeguard" in found


def test_the_shapes_use_declared_terms_only(shapes: Graph, declared: set[str]) -> None:
    used = {str(term) for triple in shapes for term in triple if isinstance(term, URIRef)}
    assert not {iri for iri in used - declared if not iri.startswith(SHAPES.removesuffix("#"))}


@pytest.mark.parametrize("path", sorted((FACTS / "sources").glob("*.yaml")), ids=lambda path: path.stem)
def test_sources_use_declared_terms_only(path: Path, declared: set[str]) -> None:
    used = set(yaml_terms(yaml.safe_load(path.read_text())))
    assert used
    assert not used - declared


@pytest.mark.parametrize("path", sorted((FACTS / "registers").glob("*.json")), ids=lambda path: path.stem)
def test_registers_use_declared_terms_only(
    path: Path, declared: set[str], namespaces: tuple[str, ...]
) -> None:
    used = set(csvw_terms(json.loads(path.read_text())))
    assert used
    assert not {iri for iri in used - declared if iri.startswith(namespaces) or ":" not in iri}


@pytest.mark.parametrize("path", sorted((FACTS / "links").glob("*.tsv")), ids=lambda path: path.stem)
def test_links_use_declared_terms_only(path: Path, declared: set[str]) -> None:
    lines = path.read_text().splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    used = {expand(row["predicate_id"], PREFIXES) for row in rows}
    assert used
    assert not used - declared


@pytest.mark.parametrize("path", sorted((ROOT / "queries").rglob("*.rq")), ids=lambda path: path.stem)
def test_queries_use_declared_terms_only(path: Path, declared: set[str], namespaces: tuple[str, ...]) -> None:
    used = sparql_terms(path.read_text())
    assert used
    assert not {iri for iri in used - declared if iri.startswith(namespaces) and iri not in namespaces}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (
            "PREFIX a: <http://a/#> SELECT * { ?s a:b.c/a:d ?o.}",
            {"http://a/#", "http://a/#b.c", "http://a/#d"},
        ),
        ("PREFIX a: <http://a/#> SELECT * { ?s ?p 'a:x', \"a:y\" } # a:z", {"http://a/#"}),
        ("SELECT * { ?s <http://a/#e> ?o FILTER(?s < ?o && ?o > 1) }", {"http://a/#e"}),
        ("SELECT * { ?s nowhere:x ?o }", {"nowhere:x"}),
    ],
)
def test_terms_of_a_query_are_found(text: str, terms: set[str]) -> None:
    assert sparql_terms(text) == terms


def context_iri(term: str) -> str:
    """Return the IRI that `term` stands for, or nothing for a keyword or a prefix."""
    definition = CONTEXT[term]
    name = definition.get("@id") or definition.get("@reverse") if isinstance(definition, dict) else definition
    return expand(name, CONTEXT) if isinstance(name, str) and not name.startswith(("@", "http")) else ""


def code_list(term: str) -> str:
    """Return the namespace of the codes that are the values of `term`, if they are codes."""
    definition = CONTEXT[term]
    scoped = definition.get("@context", {}) if isinstance(definition, dict) else {}
    return str(scoped.get("@vocab", ""))


def expand(name: str, prefixes: dict[str, Any]) -> str:
    """Return the IRI of a prefixed name, or the name itself where the prefix is unknown."""
    prefix, colon, local = name.partition(":")
    return f"{prefixes[prefix]}{local}" if colon and prefix in prefixes else name


def yaml_terms(node: Any) -> Iterator[str]:
    """Yield the IRI of every key, class and code; what the context does not know as it stands."""
    if isinstance(node, list):
        for item in node:
            yield from yaml_terms(item)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        values = value if isinstance(value, list) else [value]
        if key == "type":
            yield from (context_iri(v) if v in CONTEXT else v for v in values)
        elif key in PLAIN_TERMS or CONTEXT.get(key) == "@included":
            yield from yaml_terms([v for v in values if not isinstance(v, str)])
        elif key not in CONTEXT:
            yield key
        else:
            yield context_iri(key)
            yield from (code_list(key) + v for v in values if code_list(key))
            if not (isinstance(CONTEXT[key], dict) and CONTEXT[key].get("@container") == "@language"):
                yield from yaml_terms(values)


def csvw_terms(node: Any) -> Iterator[str]:
    """Yield every property, class and code that CSVW metadata names."""
    if isinstance(node, list):
        for item in node:
            yield from csvw_terms(item)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if ":" in key:
            yield expand(key, CSVW_PREFIXES)
        if key in {"propertyUrl", "valueUrl", "@type"} and "{" not in value:
            yield expand(value, CSVW_PREFIXES)
        yield from csvw_terms(value)


def sparql_terms(text: str) -> set[str]:
    """Return every IRI that a query names, in full or with a prefix."""
    tokens = list(SPARQL.finditer(text))
    prefixes = {
        name["prefix"]: iri["iri"]
        for name, iri in pairwise(tokens)
        if name["prefix"] and not name["local"] and iri["iri"]
    }
    names = {expand(f"{t['prefix']}:{t['local']}", prefixes) for t in tokens if t["prefix"] and t["local"]}
    return names | {t["iri"] for t in tokens if t["iri"]}
