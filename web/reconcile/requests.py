"""Parsers for the requests of both versions; what their schemas do not allow is an error."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.core.errors import BadInput, TooLarge
from graph.core.settings import PREFIX, Settings
from graph.matching.properties import find_property
from graph.matching.reconciliation_request import (
    PropertyCondition,
    ReconciliationRequest,
    expand_iri,
)
from graph.matching.reconciliation_table import ReconciliationProperty
from graph.read.entities import Entities
from web.reconcile.json_values import (
    MAX_VALUES,
    RULE,
    check_length,
    check_members,
    invalid,
    one_of,
    parse_json,
    read_each,
    read_list,
    read_object,
    read_text,
    read_values,
    whole_number,
)

MAX_CANDIDATES: Final = 100  # of one query
_DEFAULT_CANDIDATES: Final = 10
_MAX_CONDITIONS: Final = 30
_MAX_EXTENDED: Final = 100  # properties of a data extension, more than are proposed for any kind
_QUERY_MEMBERS: Final = {"query", "type", "type_strict", "limit", "properties"}
_DRAFT_MEMBERS: Final = {"conditions", "type", "limit", "lang", "dir"}
_MATCH_TYPES: Final = {"name": "names", "id": "ids"}
_QUANTIFIERS: Final = ("any", "all", "none")
_TYPE_MODES: Final = ("any", "all", "should")

ParsedQuery = ReconciliationRequest | BadInput | TooLarge


@dataclass(frozen=True)
class ExtensionQuery:
    """A data extension query: entities, and properties as (identifier, property, limit of values)."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, ReconciliationProperty, int], ...]


@dataclass(frozen=True)
class RequestParser:
    """A parser of requests on the entities served, within the limits of the settings."""

    entities: Entities
    settings: Settings

    def batch(self, text: str) -> dict[str, ParsedQuery]:
        """Return the queries in a batch of 0.2 by their identifiers, those that are invalid as their error.

        Raise the error if every query is invalid, as then nothing can be answered.
        """
        queries = read_object(parse_json(text, "queries"), "queries")
        self._check_batch_size(queries, "queries")
        parsed = [_parse(self._query, query, f"queries.{name[:40]}") for name, query in queries.items()]
        return dict(zip(queries, _some_valid(parsed), strict=True))

    def draft_batch(self, text: str) -> list[ParsedQuery]:
        """Return the queries in a batch of 1.0-draft in order, like `batch`."""
        queries = read_list(read_object(parse_json(text, "body"), "body").get("queries"), "queries")
        self._check_batch_size(queries, "queries")
        parsed = [_parse(self._draft_query, query, f"queries.{n}") for n, query in enumerate(queries)]
        return _some_valid(parsed)

    def extension(self, text: str, where: str) -> ExtensionQuery:
        """Return the data extension query in the JSON `text`, of either version."""
        query = read_object(parse_json(text, where), where)
        ids = tuple(read_text(each, "ids") for each in read_list(query.get("ids"), "ids"))
        self._check_batch_size(ids, "ids")
        listed = read_list(query.get("properties"), "properties")
        if len(listed) > _MAX_EXTENDED:
            raise TooLarge(
                f"More than {_MAX_EXTENDED} properties are asked for", where="properties", rule=RULE
            )
        return ExtensionQuery(
            ids, tuple(self._property(each, f"properties.{n}") for n, each in enumerate(listed))
        )

    def find_property(self, id_: str, where: str) -> ReconciliationProperty:
        """Return the property with the identifier `id_`: one that we propose, or any in the graph."""
        iri_ = expand_iri(id_, self.entities.index.kinds.matched)
        property_ = find_property(self.entities, id_)
        if property_ is None and self.entities.exists(iri_):
            property_ = ReconciliationProperty(iri_, (), self.entities.ref(iri_).labels)
        if property_ is None:
            remedy = "choose one of /reconcile/suggest/property?prefix="
            raise BadInput(f"“{id_[:80]}” is no property", where=where, rule=RULE, remedy=remedy)
        return property_

    def _query(self, given: Any, where: str) -> ReconciliationRequest:
        query = read_object(given, where)
        check_members(query, _QUERY_MEMBERS, where)
        if "query" not in query and not query.get("properties"):
            raise invalid("it has neither query nor properties", where, "give it at least one of them")
        names = (read_text(query["query"], f"{where}.query"),) if "query" in query else ()
        types = read_each(query.get("type") or [], lambda value: read_text(value, f"{where}.type"))
        listed = read_list(query.get("properties", []), f"{where}.properties")
        return ReconciliationRequest(
            names=names,
            types=tuple(expand_iri(each, self.entities.index.kinds.matched) for each in types),
            type_mode=one_of(query.get("type_strict", "any"), _TYPE_MODES, f"{where}.type_strict"),
            conditions=tuple(
                self._condition(each, f"{where}.properties.{number}")
                for number, each in enumerate(check_length(listed, _MAX_CONDITIONS, f"{where}.properties"))
            ),
            limit=_limit(query.get("limit", _DEFAULT_CANDIDATES), f"{where}.limit"),
        )

    def _condition(self, given: Any, where: str) -> PropertyCondition:
        condition = read_object(given, where)
        property_ = self.find_property(read_text(condition.get("pid"), f"{where}.pid"), f"{where}.pid")
        return PropertyCondition(property_, read_values(condition.get("v"), f"{where}.v"))

    def _draft_query(self, given: Any, where: str) -> ReconciliationRequest:
        query = read_object(given, where)
        check_members(query, _DRAFT_MEMBERS, where)
        listed = check_length(
            read_list(query.get("conditions"), f"{where}.conditions"), _MAX_CONDITIONS, where
        )
        if not listed:
            raise invalid("it has no conditions", f"{where}.conditions", "give at least one")
        found: dict[str, list[str]] = {"names": [], "ids": []}
        conditions: list[PropertyCondition] = []
        for number, each in enumerate(listed):
            self._add_draft_condition(
                read_object(each, where), found, conditions, f"{where}.conditions.{number}"
            )
        if sum(map(len, found.values())) > MAX_VALUES:
            raise TooLarge(
                "There are many names", where=where, rule=RULE, remedy=f"give at most {MAX_VALUES}"
            )
        type_ = query.get("type") or ""
        kinds = self.entities.index.kinds.matched
        types = () if type_ == "" else (expand_iri(read_text(type_, f"{where}.type"), kinds),)
        language = query.get("lang", "")
        return ReconciliationRequest(
            names=tuple(found["names"]),
            ids=tuple(found["ids"]),
            types=types,
            conditions=tuple(conditions),
            limit=_limit(query.get("limit", _DEFAULT_CANDIDATES), f"{where}.limit"),
            language=read_text(language, f"{where}.lang") if language else "",
        )

    def _add_draft_condition(
        self,
        given: Mapping[str, Any],
        found: dict[str, list[str]],
        conditions: list[PropertyCondition],
        where: str,
    ) -> None:
        """Add a condition of 1.0-draft to the names and identifiers `found`, or to the `conditions`."""
        kind = one_of(given.get("matchType"), (*_MATCH_TYPES, "property"), f"{where}.matchType")
        values = read_values(given.get("propertyValue"), f"{where}.propertyValue")
        if kind != "property":
            found[_MATCH_TYPES[kind]] += [value.id or value.text for value in values]
            return
        required = given.get("required", False)
        if not isinstance(required, bool):
            raise invalid("it is neither true nor false", f"{where}.required", "write true or false")
        property_ = self.find_property(
            read_text(given.get("propertyId"), f"{where}.propertyId"), f"{where}.propertyId"
        )
        quantifier = one_of(given.get("matchQuantifier", "any"), _QUANTIFIERS, f"{where}.matchQuantifier")
        conditions.append(PropertyCondition(property_, values, required, quantifier))

    def _property(self, given: Any, where: str) -> tuple[str, ReconciliationProperty, int]:
        property_ = read_object(given, where)
        id_ = read_text(property_.get("id"), f"{where}.id")
        limit = read_object(property_.get("settings", {}), f"{where}.settings").get("limit") or 0
        given = int(limit) if isinstance(limit, str) and limit.isdecimal() and len(limit) < 7 else limit
        return id_, self.find_property(id_, f"{where}.id"), whole_number(given, 0, f"{where}.settings.limit")

    def _check_batch_size(self, listed: Mapping[str, Any] | Iterable[Any], where: str) -> None:
        most, count = self.settings.reconcile_queries, len(tuple(listed))
        if count > most:
            rule = f"{PREFIX}RECONCILE_QUERIES"
            raise TooLarge(f"{count} at once", where=where, rule=rule, remedy=f"send at most {most}")


def _parse(read: Callable[[Any, str], ReconciliationRequest], query: Any, where: str) -> ParsedQuery:
    """Return the `query` as `read`, or the error that it is invalid."""
    try:
        return read(query, where)
    except (BadInput, TooLarge) as error:
        return error


def _some_valid(parsed: list[ParsedQuery]) -> list[ParsedQuery]:
    """Return `parsed`; raise the first error in it if there is nothing else."""
    errors = [each for each in parsed if not isinstance(each, ReconciliationRequest)]
    if errors and len(errors) == len(parsed):
        raise errors[0]
    return parsed


def _limit(given: Any, where: str) -> int:
    return min(whole_number(given, 1, where), MAX_CANDIDATES)
