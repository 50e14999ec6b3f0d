"""The evidence of an answer to a stored query, `?evidence=1`: in its JSON, and beside each row of its page.

SPARQL's JSON has no place for it: https://www.w3.org/TR/sparql11-results-json/#json-result-object. Readers of
that format take `head` and `results`, and pass over other members.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from graph.claims.statements import Statement, read_statement
from graph.core.errors import BadInput, Unprocessable
from graph.core.settings import PREFIX
from graph.core.site import SITE
from graph.evidence.row_support import names_statements, statements_of_rows
from graph.evidence.standings import Standing, products_spoken_of, standing_on
from graph.query.parameters import LINEAGE, expand_iri
from graph.query.stored import StoredQuery
from graph.rdf.results import QueryResults, results_of_document
from graph.read.entities import Ref
from graph.read.product_lines import predecessors, product_line
from web.evidence.documents import envelope_documents
from web.evidence.entity_evidence import MAX_STANDINGS, standing_documents
from web.html.app_state import app_state

ARGUMENT: Final = "evidence"
_RULE: Final = f"{PREFIX}EVIDENCE_STATEMENTS"
Fixed = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class AnswerEvidence:
    """The IRIs of the statements behind each row of an answer."""

    rows: tuple[tuple[str, ...], ...]

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements behind any row, each once."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row))


@dataclass(frozen=True)
class ShownStanding:
    """Where an organisation stands on a product, with the status that it has, if any, for a page."""

    organisation: Ref
    product: Ref
    standing: Standing
    status: Ref | None


@dataclass(frozen=True)
class RowEvidence:
    """The statements behind each row that a page shows, and where the organisation asked for stands."""

    rows: tuple[tuple[Statement, ...], ...]
    standings: tuple[ShownStanding, ...]


def wants_evidence() -> bool:
    """Return whether the request asks for evidence.

    Raise BadInput for another value than 1, 0 or nothing, and for 1 on a site without evidence.
    """
    value = request.args.get(ARGUMENT, "")
    if value not in ("", "0", "1"):
        raise BadInput(
            f"“{value[:20]}” is neither 1 nor 0", where=ARGUMENT, rule=ARGUMENT, remedy="write evidence=1"
        )
    if value == "1" and not SITE.offers("arguments", ARGUMENT):
        raise BadInput(
            "This site has no evidence", where=ARGUMENT, rule=ARGUMENT, remedy=f"leave {ARGUMENT} out"
        )
    return value == "1"


def can_have_evidence(query: StoredQuery, columns: tuple[str, ...]) -> bool:
    """Return whether the statements behind the rows of `query`, which have `columns`, can be found."""
    names = {*columns, *_fixed_values(query, {}, columns)}
    return SITE.offers("arguments", ARGUMENT) and names_statements(names)


def require_json(name: str, extension: str) -> None:
    """Raise BadInput for a format without a place for evidence, unless it is not wanted."""
    if extension != "json" and wants_evidence():
        raise BadInput(
            f"There is no place for evidence in {extension.upper()}",
            where=ARGUMENT,
            rule="format",
            remedy=f"ask for /queries/{name}.json?{ARGUMENT}=1, or leave {ARGUMENT} out",
        )


def find_evidence(query: StoredQuery, given: Mapping[str, str], found: QueryResults) -> AnswerEvidence:
    """Return the statements behind the rows `found` of `query` with the values `given`.

    Raise BadInput if they cannot be found by the columns, Unprocessable if the setting allows fewer.
    """
    fixed = _fixed_values(query, given, found.columns)
    if not names_statements({*found.columns, *fixed}):
        raise BadInput(
            f"The rows of {query.name} do not say which statements they rest on",
            where=ARGUMENT,
            rule=ARGUMENT,
            remedy=f"leave {ARGUMENT} out, or ask a query with a column statement, such as laws-cited",
        )
    named = [
        {name: term for name, term in zip(found.columns, row, strict=True) if term} for row in found.rows
    ]
    rows, names = [], set[str]()
    for statements in statements_of_rows(app_state().entities, named, fixed):
        rows.append(statements)
        names.update(statements)
        _check_count(len(names))
    return AnswerEvidence(tuple(rows))


def _check_count(statements: int) -> None:
    """Raise Unprocessable if an answer rests on more `statements` than the setting allows."""
    limit = app_state().settings.evidence_statements
    if statements > limit:
        raise Unprocessable(
            f"The answer rests on more than {limit:,} statements",
            where=ARGUMENT,
            rule=_RULE,
            remedy="ask for less by the parameters of the query, or leave evidence out",
        )


def with_evidence(query: StoredQuery, given: Mapping[str, str], body: bytes) -> bytes:
    """Return `body`, the rows of `query` in SPARQL's JSON, with their evidence; raise as `find_evidence`."""
    document: dict[str, Any] = json.loads(body)
    found = find_evidence(query, given, results_of_document(document))
    document |= {
        "evidence": envelope_documents(found.statements),
        "evidenceOfRows": [list(row) for row in found.rows],
        "standings": standing_documents(_standings(query, given)),
    }
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def row_evidence(query: StoredQuery, given: Mapping[str, str], found: QueryResults) -> RowEvidence:
    """Return the statements behind the rows `found` for a page; raise as `find_evidence`."""
    entities, evidence = app_state().entities, find_evidence(query, given, found)
    entities.preload(evidence.statements)
    rows = (tuple(read_statement(entities, name) for name in row) for row in evidence.rows)
    return RowEvidence(tuple(rows), tuple(map(_shown, _standings(query, given))))


def _shown(standing: Standing) -> ShownStanding:
    ref, status = app_state().entities.ref, standing.adoption.status if standing.adoption else None
    return ShownStanding(
        ref(standing.organisation.iri),
        ref(standing.product.iri),
        standing,
        ref(status.iri) if status else None,
    )


def _standings(query: StoredQuery, given: Mapping[str, str]) -> tuple[Standing, ...]:
    """Return where the organisation that is asked for stands on the product, or on all it is known of."""
    entities, fixed = app_state().entities, _fixed_values(query, given, ())
    organisations = fixed.get("organisation", ()) if SITE.offers("members", "standings") else ()
    pairs = [
        (organisation, product)
        for organisation in organisations
        for product in fixed.get("product") or products_spoken_of(entities, organisation)[:MAX_STANDINGS]
    ]
    return tuple(standing_on(entities, *pair) for pair in pairs)


def _fixed_values(query: StoredQuery, given: Mapping[str, str], columns: tuple[str, ...]) -> Fixed:
    """Return the IRIs that parameters of `query` which are none of `columns` are bound to, by name."""
    lines = {each.of for each in query.parameters if each.type == LINEAGE and given.get(each.name) == "1"}
    values: Fixed = {}
    for parameter in query.parameters:
        value = given.get(parameter.name) or parameter.default
        if parameter.type == "iri" and value and parameter.name not in columns:
            iri = expand_iri(value)
            values[parameter.name] = _line(iri) if parameter.name in lines else (iri,)
    return values


def _line(product: str) -> tuple[str, ...]:
    """Return the product with the IRI `product`, those that succeeded it, and those that it succeeded."""
    entities = app_state().entities
    return (*product_line(entities, product), *predecessors(entities, product))
