"""Stored queries as RDF, by the SIB convention: https://github.com/sib-swiss/sparql-examples.

`describe_query` says what the release says of them too. `describe_access` adds what depends on the host: the
parameters (https://www.w3.org/TR/shacl/#core-components-parameters) and the table of rows with its columns
(https://www.w3.org/TR/tabular-metadata/#vocabulary).
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.core.namespaces import (
    BASE,
    CSVW,
    DCTERMS,
    FOAF,
    GRAPH,
    QUERY,
    RDF,
    RDFS,
    SCHEMA,
    SH,
    SPEX,
    XSD,
)
from graph.query.columns import projected_columns
from graph.query.header import HEADER_LANGUAGES
from graph.query.parameters import Parameter
from graph.query.stored import StoredQuery

EXAMPLES: Final = GRAPH + "examples"
PREFIXES_NODE: Final = EXAMPLES + "#prefixes"
_DATATYPES: Final = {"text": XSD + "string", "date": XSD + "string", "lineage": XSD + "boolean"}
_Subject = NamedNode | BlankNode
_Value = NamedNode | BlankNode | Literal


def describe_query(stored: StoredQuery, endpoint: str = BASE + "sparql") -> Iterator[Triple]:
    """Yield the description of a query that is to be run at `endpoint`."""
    subject = NamedNode(QUERY + stored.name)
    yield _says(subject, RDF + "type", NamedNode(SH + "SPARQLExecutable"))
    yield _says(subject, RDF + "type", NamedNode(SH + "SPARQLSelectExecutable"))
    for language in HEADER_LANGUAGES:
        yield _says(subject, RDFS + "label", Literal(stored.title[language], language=language))
        yield _says(subject, RDFS + "comment", Literal(stored.description[language], language=language))
    for keyword in stored.keywords:
        yield _says(subject, SCHEMA + "keywords", Literal(keyword))
    for service in stored.services:
        yield _says(subject, SPEX + "federatesWith", NamedNode(service))
    yield _says(subject, SCHEMA + "target", NamedNode(endpoint))
    yield _says(subject, SH + "prefixes", NamedNode(PREFIXES_NODE))
    yield _says(subject, SH + "select", Literal(stored.text))


def describe_access(stored: StoredQuery, page: str) -> Iterator[Triple]:
    """Yield the parameters of a query, its columns, and where its rows are: at `page` with an extension."""
    subject, table = NamedNode(QUERY + stored.name), NamedNode(f"{page}.csv")
    yield _says(subject, FOAF + "page", NamedNode(page))
    yield _says(subject, RDFS + "seeAlso", table)
    for order, parameter in enumerate(stored.parameters):
        yield from _parameter(subject, parameter, order)
    yield _says(table, RDF + "type", NamedNode(CSVW + "Table"))
    yield _says(table, CSVW + "url", Literal(f"{page}.csv", datatype=NamedNode(XSD + "anyURI")))
    yield _says(table, DCTERMS + "source", subject)
    schema = BlankNode(f"schema-{stored.name}")
    yield _says(table, CSVW + "tableSchema", schema)
    yield _says(schema, RDF + "type", NamedNode(CSVW + "Schema"))
    columns = [(name, BlankNode(f"{stored.name}-column-{name}")) for name in projected_columns(stored.text)]
    for name, column in columns:
        yield _says(column, RDF + "type", NamedNode(CSVW + "Column"))
        yield _says(column, CSVW + "name", Literal(name))
    yield from _list(schema, CSVW + "column", [column for _, column in columns], f"{stored.name}-columns")


def _parameter(subject: NamedNode, parameter: Parameter, order: int) -> Iterator[Triple]:
    """Yield the description of one parameter of the query `subject`, the one at the place `order`."""
    node = BlankNode(f"{subject.value.removeprefix(QUERY)}-parameter-{parameter.name}")
    yield _says(subject, SH + "parameter", node)
    yield _says(node, RDF + "type", NamedNode(SH + "Parameter"))
    yield _says(node, SH + "path", NamedNode(f"{subject.value}#{parameter.name}"))
    for language in HEADER_LANGUAGES:
        yield _says(node, SH + "name", Literal(parameter.label[language], language=language))
    yield _says(node, SH + "order", Literal(order))
    yield _says(node, SH + "optional", Literal(not parameter.required))
    if parameter.type == "iri":
        yield _says(node, SH + "nodeKind", NamedNode(SH + "IRI"))
    else:
        yield _says(node, SH + "datatype", NamedNode(_DATATYPES[parameter.type]))
    if parameter.default:
        yield _says(node, SH + "defaultValue", Literal(parameter.default))


def _list(subject: _Subject, property_: str, items: list[BlankNode], label: str) -> Iterator[Triple]:
    """Yield the RDF list of `items` as the value of a property; `label` begins those of its cells."""
    cells: list[_Subject] = [BlankNode(f"{label}-{number}") for number in range(len(items))]
    cells.append(NamedNode(RDF + "nil"))
    yield _says(subject, property_, cells[0])
    for cell, item, rest in zip(cells, items, cells[1:], strict=False):
        yield _says(cell, RDF + "first", item)
        yield _says(cell, RDF + "rest", rest)


def _says(subject: _Subject, predicate: str, value: _Value) -> Triple:
    return Triple(subject, NamedNode(predicate), value)
