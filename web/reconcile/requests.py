"""Reads what a client of either version sends; what no schema allows is refused with a reason."""

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
MOST_CANDIDATES: Final = 100  # of one query
_USUAL: Final = 10
_MOST_CONDITIONS: Final = 30
_MOST_VALUES: Final = 50
_LONGEST: Final = 1000  # characters of a name, a value or an identifier, after Unicode normalisation
_QUERY: Final = {"query", "type", "type_strict", "limit", "properties"}
_DRAFT: Final = {"conditions", "type", "limit", "lang", "dir"}
_MATCHED: Final = {"name": "names", "id": "ids"}
_QUANTIFIERS: Final = ("any", "all", "none")
_STRICT: Final = ("any", "all", "should")

T = TypeVar("T")


@dataclass(frozen=True)
class Extension:
    """What a data extension asks for: entities, and properties as they are called with how many values."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, ReconciliationProperty, int], ...]


@dataclass(frozen=True)
class Reader:
    """Reads requests on the entities served, within the limits of the settings."""

    entities: Entities
    settings: Settings

    def batch(self, text: str) -> dict[str, ReconciliationRequest]:
        """Return the queries of a batch of 0.2 by their identifiers."""
        queries = _object(_json(text, "queries"), "queries")
        self._bound(queries, "queries")
        return {name: self._query(query, f"queries.{name[:40]}") for name, query in queries.items()}

    def draft_batch(self, text: str) -> list[tuple[ReconciliationRequest, str]]:
        """Return the queries of a batch of 1.0-draft in order, each with the language it names or none."""
        queries = _list(_object(_json(text, "body"), "body").get("queries"), "queries")
        self._bound(queries, "queries")
        return [self._draft_query(query, f"queries.{number}") for number, query in enumerate(queries)]

    def extension(self, text: str, where: str) -> Extension:
        """Return what a data extension query of either version asks for."""
        query = _object(_json(text, where), where)
        ids = tuple(_text(each, "ids") for each in _list(query.get("ids"), "ids"))
        self._bound(ids, "ids")
        listed = _list(query.get("properties"), "properties")
        if len(listed) > _MOST_CONDITIONS:
            raise TooLarge(
                f"More than {_MOST_CONDITIONS} properties are asked for", where="properties", rule=RULE
            )
        return Extension(ids, tuple(self._property(each, f"properties.{n}") for n, each in enumerate(listed)))

    def find_property(self, id_: str, where: str) -> ReconciliationProperty:
        """Return the property that `id_` names: one of those we propose, or any that the graph has."""
        whole = expand_iri(id_)
        known = find_property(self.entities, id_)
        if known is None and self.entities.exists(whole):
            known = ReconciliationProperty(whole, (), self.entities.ref(whole).labels)
        if known is None:
            remedy = "choose one of /reconcile/suggest/property?prefix="
            raise BadInput(f"“{id_[:80]}” is no property", where=where, rule=RULE, remedy=remedy)
        return known

    def _query(self, given: Any, where: str) -> ReconciliationRequest:
        query = _object(given, where)
        _only(query, _QUERY, where)
        if "query" not in query and not query.get("properties"):
            raise _wrong("it has neither query nor properties", where, "give it at least one of them")
        names = (_text(query["query"], f"{where}.query"),) if "query" in query else ()
        types = _each(query.get("type") or [], lambda value: _text(value, f"{where}.type"))
        listed = _list(query.get("properties", []), f"{where}.properties")
        return ReconciliationRequest(
            names=names,
            types=tuple(map(expand_iri, types)),
            type_mode=_one_of(query.get("type_strict", "any"), _STRICT, f"{where}.type_strict"),
            conditions=tuple(
                self._old_condition(each, f"{where}.properties.{number}")
                for number, each in enumerate(_bounded(listed, _MOST_CONDITIONS, f"{where}.properties"))
            ),
            limit=_limit(query.get("limit", _USUAL), f"{where}.limit"),
        )

    def _old_condition(self, given: Any, where: str) -> PropertyCondition:
        condition = _object(given, where)
        known = self.find_property(_text(condition.get("pid"), f"{where}.pid"), f"{where}.pid")
        return PropertyCondition(known, _values(condition.get("v"), f"{where}.v"))

    def _draft_query(self, given: Any, where: str) -> tuple[ReconciliationRequest, str]:
        query = _object(given, where)
        _only(query, _DRAFT, where)
        listed = _bounded(_list(query.get("conditions"), f"{where}.conditions"), _MOST_CONDITIONS, where)
        if not listed:
            raise _wrong("it has no conditions", f"{where}.conditions", "give at least one")
        found: dict[str, list[str]] = {"names": [], "ids": []}
        conditions: list[PropertyCondition] = []
        for number, each in enumerate(listed):
            self._add(_object(each, where), found, conditions, f"{where}.conditions.{number}")
        if sum(map(len, found.values())) > _MOST_VALUES:
            raise TooLarge(
                "There are many names", where=where, rule=RULE, remedy=f"give at most {_MOST_VALUES}"
            )
        type_ = query.get("type") or ""
        types = () if type_ == "" else (expand_iri(_text(type_, f"{where}.type")),)
        language = query.get("lang", "")
        asked = ReconciliationRequest(
            names=tuple(found["names"]),
            ids=tuple(found["ids"]),
            types=types,
            conditions=tuple(conditions),
            limit=_limit(query.get("limit", _USUAL), f"{where}.limit"),
        )
        return asked, _text(language, f"{where}.lang") if language else ""

    def _add(
        self,
        given: Mapping[str, Any],
        found: dict[str, list[str]],
        conditions: list[PropertyCondition],
        where: str,
    ) -> None:
        """Add a condition of 1.0-draft to the names and identifiers `found`, or to the `conditions`."""
        kind = _one_of(given.get("matchType"), (*_MATCHED, "property"), f"{where}.matchType")
        values = _values(given.get("propertyValue"), f"{where}.propertyValue")
        if kind != "property":
            found[_MATCHED[kind]] += [value.id or value.text for value in values]
            return
        required = given.get("required", False)
        if not isinstance(required, bool):
            raise _wrong("it is neither true nor false", f"{where}.required", "write true or false")
        known = self.find_property(
            _text(given.get("propertyId"), f"{where}.propertyId"), f"{where}.propertyId"
        )
        quantifier = _one_of(given.get("matchQuantifier", "any"), _QUANTIFIERS, f"{where}.matchQuantifier")
        conditions.append(PropertyCondition(known, values, required, quantifier))

    def _property(self, given: Any, where: str) -> tuple[str, ReconciliationProperty, int]:
        wanted = _object(given, where)
        id_ = _text(wanted.get("id"), f"{where}.id")
        limit = _object(wanted.get("settings", {}), f"{where}.settings").get("limit") or 0
        given = int(limit) if isinstance(limit, str) and limit.isdecimal() and len(limit) < 7 else limit
        return id_, self.find_property(id_, f"{where}.id"), _whole(given, 0, f"{where}.settings.limit")

    def _bound(self, listed: Mapping[str, Any] | Iterable[Any], where: str) -> None:
        most, count = self.settings.reconcile_queries, len(tuple(listed))
        if count > most:
            rule = f"{PREFIX}RECONCILE_QUERIES"
            raise TooLarge(f"{count} at once", where=where, rule=rule, remedy=f"send at most {most}")


def _wrong(message: str, where: str, remedy: str = "") -> BadInput:
    return BadInput(message, where=where, rule=RULE, remedy=remedy)


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _wrong(f"It is not JSON: {error}", where, "send a JSON document in UTF-8") from error


def _no_number(written: str) -> None:
    raise ValueError(f"{written} is no number")


def _object(given: Any, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _wrong("it is no JSON object", where, "write { … }")
    return given


def _list(given: Any, where: str) -> list[Any]:
    if not isinstance(given, list):
        raise _wrong("it is no JSON array", where, "write [ … ]")
    return given


def _only(given: Mapping[str, Any], known: set[str], where: str) -> None:
    for name in sorted(set(given) - known):
        raise _wrong(f"“{name[:40]}” is not known", where, f"use {', '.join(sorted(known))}")


def _text(given: Any, where: str) -> str:
    if (
        not isinstance(given, str)
        or not given.strip()
        or exceeds_length(given, _LONGEST)
        or not _writable(given)
    ):
        raise _wrong(
            "it is no text that can be read",
            where,
            f"write 1 to {_LONGEST} characters, counted in Unicode NFKC",
        )
    return given.strip()


def _writable(text: str) -> bool:
    """Tell whether `text` can be written as UTF-8: JSON can hold half of a character."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def _one_of(given: Any, known: tuple[Any, ...], where: str) -> Any:
    if given not in known:
        raise _wrong(f"“{str(given)[:40]}” is not known", where, f"use one of {', '.join(known)}")
    return given


def _limit(given: Any, where: str) -> int:
    return min(_whole(given, 1, where), MOST_CANDIDATES)


def _whole(given: Any, least: int, where: str) -> int:
    if not _is_number(given) or given != int(given) or given < least:
        raise _wrong(f"“{str(given)[:20]}” is no limit", where, f"write a whole number from {least}")
    return int(given)


def _is_number(given: Any) -> bool:
    """Tell whether `given` is a finite number; a whole one may be too long to be written as a float."""
    if isinstance(given, float):
        return math.isfinite(given)
    return isinstance(given, int) and not isinstance(given, bool)


def _bounded(listed: list[T], most: int, where: str) -> list[T]:
    if len(listed) > most:
        raise TooLarge(f"There are {len(listed)}", where=where, rule=RULE, remedy=f"give at most {most}")
    return listed


def _each(given: Any, read: Callable[[Any], T]) -> list[T]:
    listed = given if isinstance(given, list) else [given]
    return [read(each) for each in _bounded(listed, _MOST_VALUES, "values")]


def _values(given: Any, where: str) -> tuple[ConditionValue, ...]:
    found = tuple(_each(given, lambda each: _value(each, where)))
    if not found:
        raise _wrong("there is no value", where, "give at least one")
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
