"""Parsers for the requests of both versions; what their schemas do not allow is an error."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from graph.core.errors import BadInput, TooLarge
from graph.core.settings import PREFIX, Settings
from graph.matching.properties import ReconciliationProperty, find_property
from graph.matching.reconciliation_request import (
    ConditionValue,
    PropertyCondition,
    ReconciliationRequest,
    expand_iri,
)
from graph.read.entities import Entities
from graph.search.analysis import exceeds_length

RULE: Final = "reconciliation"
MAX_CANDIDATES: Final = 100  # of one query
_DEFAULT_CANDIDATES: Final = 10
_MAX_CONDITIONS: Final = 30
_MAX_EXTENDED: Final = 100  # properties of a data extension, more than are proposed for any kind
_MAX_VALUES: Final = 50
_MAX_TEXT_LENGTH: Final = 1000  # characters of a name, a value or an identifier, after Unicode normalisation
_QUERY_MEMBERS: Final = {"query", "type", "type_strict", "limit", "properties"}
_DRAFT_MEMBERS: Final = {"conditions", "type", "limit", "lang", "dir"}
_MATCH_TYPES: Final = {"name": "names", "id": "ids"}
_QUANTIFIERS: Final = ("any", "all", "none")
_TYPE_MODES: Final = ("any", "all", "should")

T = TypeVar("T")
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
        queries = _object(_json(text, "queries"), "queries")
        self._check_batch_size(queries, "queries")
        parsed = [_parse(self._query, query, f"queries.{name[:40]}") for name, query in queries.items()]
        return dict(zip(queries, _some_valid(parsed), strict=True))

    def draft_batch(self, text: str) -> list[ParsedQuery]:
        """Return the queries in a batch of 1.0-draft in order, like `batch`."""
        queries = _list(_object(_json(text, "body"), "body").get("queries"), "queries")
        self._check_batch_size(queries, "queries")
        parsed = [_parse(self._draft_query, query, f"queries.{n}") for n, query in enumerate(queries)]
        return _some_valid(parsed)

    def extension(self, text: str, where: str) -> ExtensionQuery:
        """Return the data extension query in the JSON `text`, of either version."""
        query = _object(_json(text, where), where)
        ids = tuple(_text(each, "ids") for each in _list(query.get("ids"), "ids"))
        self._check_batch_size(ids, "ids")
        listed = _list(query.get("properties"), "properties")
        if len(listed) > _MAX_EXTENDED:
            raise TooLarge(
                f"More than {_MAX_EXTENDED} properties are asked for", where="properties", rule=RULE
            )
        return ExtensionQuery(
            ids, tuple(self._property(each, f"properties.{n}") for n, each in enumerate(listed))
        )

    def find_property(self, id_: str, where: str) -> ReconciliationProperty:
        """Return the property with the identifier `id_`: one that we propose, or any in the graph."""
        iri_ = expand_iri(id_)
        property_ = find_property(self.entities, id_)
        if property_ is None and self.entities.exists(iri_):
            property_ = ReconciliationProperty(iri_, (), self.entities.ref(iri_).labels)
        if property_ is None:
            remedy = "choose one of /reconcile/suggest/property?prefix="
            raise BadInput(f"“{id_[:80]}” is no property", where=where, rule=RULE, remedy=remedy)
        return property_

    def _query(self, given: Any, where: str) -> ReconciliationRequest:
        query = _object(given, where)
        _check_members(query, _QUERY_MEMBERS, where)
        if "query" not in query and not query.get("properties"):
            raise _invalid("it has neither query nor properties", where, "give it at least one of them")
        names = (_text(query["query"], f"{where}.query"),) if "query" in query else ()
        types = _each(query.get("type") or [], lambda value: _text(value, f"{where}.type"))
        listed = _list(query.get("properties", []), f"{where}.properties")
        return ReconciliationRequest(
            names=names,
            types=tuple(map(expand_iri, types)),
            type_mode=_one_of(query.get("type_strict", "any"), _TYPE_MODES, f"{where}.type_strict"),
            conditions=tuple(
                self._condition(each, f"{where}.properties.{number}")
                for number, each in enumerate(_check_length(listed, _MAX_CONDITIONS, f"{where}.properties"))
            ),
            limit=_limit(query.get("limit", _DEFAULT_CANDIDATES), f"{where}.limit"),
        )

    def _condition(self, given: Any, where: str) -> PropertyCondition:
        condition = _object(given, where)
        property_ = self.find_property(_text(condition.get("pid"), f"{where}.pid"), f"{where}.pid")
        return PropertyCondition(property_, _values(condition.get("v"), f"{where}.v"))

    def _draft_query(self, given: Any, where: str) -> ReconciliationRequest:
        query = _object(given, where)
        _check_members(query, _DRAFT_MEMBERS, where)
        listed = _check_length(_list(query.get("conditions"), f"{where}.conditions"), _MAX_CONDITIONS, where)
        if not listed:
            raise _invalid("it has no conditions", f"{where}.conditions", "give at least one")
        found: dict[str, list[str]] = {"names": [], "ids": []}
        conditions: list[PropertyCondition] = []
        for number, each in enumerate(listed):
            self._add_draft_condition(_object(each, where), found, conditions, f"{where}.conditions.{number}")
        if sum(map(len, found.values())) > _MAX_VALUES:
            raise TooLarge(
                "There are many names", where=where, rule=RULE, remedy=f"give at most {_MAX_VALUES}"
            )
        type_ = query.get("type") or ""
        types = () if type_ == "" else (expand_iri(_text(type_, f"{where}.type")),)
        language = query.get("lang", "")
        return ReconciliationRequest(
            names=tuple(found["names"]),
            ids=tuple(found["ids"]),
            types=types,
            conditions=tuple(conditions),
            limit=_limit(query.get("limit", _DEFAULT_CANDIDATES), f"{where}.limit"),
            language=_text(language, f"{where}.lang") if language else "",
        )

    def _add_draft_condition(
        self,
        given: Mapping[str, Any],
        found: dict[str, list[str]],
        conditions: list[PropertyCondition],
        where: str,
    ) -> None:
        """Add a condition of 1.0-draft to the names and identifiers `found`, or to the `conditions`."""
        kind = _one_of(given.get("matchType"), (*_MATCH_TYPES, "property"), f"{where}.matchType")
        values = _values(given.get("propertyValue"), f"{where}.propertyValue")
        if kind != "property":
            found[_MATCH_TYPES[kind]] += [value.id or value.text for value in values]
            return
        required = given.get("required", False)
        if not isinstance(required, bool):
            raise _invalid("it is neither true nor false", f"{where}.required", "write true or false")
        property_ = self.find_property(
            _text(given.get("propertyId"), f"{where}.propertyId"), f"{where}.propertyId"
        )
        quantifier = _one_of(given.get("matchQuantifier", "any"), _QUANTIFIERS, f"{where}.matchQuantifier")
        conditions.append(PropertyCondition(property_, values, required, quantifier))

    def _property(self, given: Any, where: str) -> tuple[str, ReconciliationProperty, int]:
        property_ = _object(given, where)
        id_ = _text(property_.get("id"), f"{where}.id")
        limit = _object(property_.get("settings", {}), f"{where}.settings").get("limit") or 0
        given = int(limit) if isinstance(limit, str) and limit.isdecimal() and len(limit) < 7 else limit
        return id_, self.find_property(id_, f"{where}.id"), _whole_number(given, 0, f"{where}.settings.limit")

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


def _invalid(message: str, where: str, remedy: str = "") -> BadInput:
    return BadInput(message, where=where, rule=RULE, remedy=remedy)


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _invalid(f"It is not JSON: {error}", where, "send a JSON document in UTF-8") from error


def _refuse_constant(written: str) -> None:
    raise ValueError(f"{written} is no number")


def _object(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _invalid("it is no JSON object", where, "write { … }")
    return given


def _list(given: Any, where: str) -> list[Any]:
    if not isinstance(given, list):
        raise _invalid("it is no JSON array", where, "write [ … ]")
    return given


def _check_members(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for name in sorted(set(given) - allowed):
        raise _invalid(f"“{name[:40]}” is not known", where, f"use {', '.join(sorted(allowed))}")


def _text(given: Any, where: str) -> str:
    if (
        not isinstance(given, str)
        or not given.strip()
        or exceeds_length(given, _MAX_TEXT_LENGTH)
        or not _is_encodable(given)
    ):
        raise _invalid(
            "it is no text that can be read",
            where,
            f"write 1 to {_MAX_TEXT_LENGTH} characters, counted in Unicode NFKC",
        )
    return given.strip()


def _is_encodable(text: str) -> bool:
    """Return whether `text` can be encoded as UTF-8: JSON allows single surrogates."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def _one_of(given: Any, allowed: tuple[Any, ...], where: str) -> Any:
    if given not in allowed:
        raise _invalid(f"“{str(given)[:40]}” is not known", where, f"use one of {', '.join(allowed)}")
    return given


def _limit(given: Any, where: str) -> int:
    return min(_whole_number(given, 1, where), MAX_CANDIDATES)


def _whole_number(given: Any, least: int, where: str) -> int:
    if not _is_number(given) or given != int(given) or given < least:
        raise _invalid(f"“{str(given)[:20]}” is no limit", where, f"write a whole number from {least}")
    return int(given)


def _is_number(given: Any) -> bool:
    """Return whether `given` is a finite number; an integer may be too large for a float."""
    if isinstance(given, float):
        return math.isfinite(given)
    return isinstance(given, int) and not isinstance(given, bool)


def _check_length(listed: list[T], most: int, where: str) -> list[T]:
    if len(listed) > most:
        raise TooLarge(f"There are {len(listed)}", where=where, rule=RULE, remedy=f"give at most {most}")
    return listed


def _each(given: Any, read: Callable[[Any], T]) -> list[T]:
    listed = given if isinstance(given, list) else [given]
    return [read(each) for each in _check_length(listed, _MAX_VALUES, "values")]


def _values(given: Any, where: str) -> tuple[ConditionValue, ...]:
    found = tuple(_each(given, lambda each: _value(each, where)))
    if not found:
        raise _invalid("there is no value", where, "give at least one")
    return found


def _value(given: Any, where: str) -> ConditionValue:
    if isinstance(given, dict):
        id_ = _text(given.get("id"), f"{where}.id")
        return ConditionValue(_text(given.get("name", id_), f"{where}.name"), id_)
    if isinstance(given, bool):
        return ConditionValue(str(given).lower())
    if _is_number(given):
        given = str(int(given)) if given == int(given) else str(given)
    return ConditionValue(_text(given, where))
