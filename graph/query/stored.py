"""Stored queries and data checks: loading the folder `queries`, and binding parameters."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

import yaml
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from graph.core import iris, partial_dates
from graph.core.errors import BadInput, Fault
from graph.core.namespaces import ID, XSD, expand_curie
from graph.core.partial_dates import PartialDate
from graph.query.header import QueryHeader, Translations

ANY_VALUE: Final = "any"
ParameterType = Literal["iri", "text", "date"]

QUERY_FOLDER: Final = Path(__file__).parents[2] / "queries"
_SERVICE_CALL = re.compile(r"\bSERVICE\s+(<[^<>]*>)")


@dataclass(frozen=True)
class Parameter:
    """A variable of a query that a caller may bind; it stays unbound if it is not required and not given.

    A parameter with a `default` is always bound: the query's text contains it as `VALUES ?name { default }`.
    The default “any” in a header becomes an empty string, which the query treats as any value. A date with a
    default is bound as two days, `?nameFirst` and `?nameLast`, neither of which is bound to any value.
    """

    name: str
    type: ParameterType
    label: Translations
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class StoredQuery:
    """A query with its descriptions by language; `text` is the query without its header.

    `services` are the IRIs of the endpoints that it calls.
    """

    name: str
    title: Translations
    description: Translations
    text: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    services: tuple[str, ...] = ()

    def disallowed_services(self, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the endpoints that it calls that are not `allowed`; it can run only if there are none."""
        return tuple(each for each in self.services if each not in allowed)


@dataclass(frozen=True)
class DataCheck:
    """A query that finds faults in the data; each row is one, described by `message`."""

    name: str
    title: Translations
    message: Translations
    remedy: Translations
    columns: dict[str, Translations]
    text: str

    def fault(self, row: Mapping[str, str], language: str = "en") -> Fault:
        """Return the fault of `row`, a value for each column; the first column is where it is."""
        return Fault(
            where=row[next(iter(self.columns))],
            message=self.message[language].format_map(row),
            rule=self.name,
            remedy=self.remedy[language],
        )


def load_queries(folder: Path = QUERY_FOLDER) -> dict[str, StoredQuery]:
    """Return the queries of `folder` by name; raise BadInput with file and line for an invalid header."""
    return {path.stem: _stored_query(path) for path in sorted(folder.glob("*.rq"))}


def load_checks(folder: Path = QUERY_FOLDER / "checks") -> dict[str, DataCheck]:
    """Return the checks of `folder` by name; raise BadInput with file and line for an invalid header."""
    return {path.stem: _check(path) for path in sorted(folder.glob("*.rq"))}


def bind_parameters(stored: StoredQuery, values: Mapping[str, str]) -> str:
    """Return the text of `stored` with its parameters bound to `values`; a blank value counts as not given.

    An IRI may be shortened: `organisation/malmo-kommun`, or a CURIE such as `code:deployment/cloud`. Raise
    BadInput for an unknown parameter, a required one that is missing, or a value of the wrong type.
    """
    names = [parameter.name for parameter in stored.parameters]
    for name in values:
        if name not in names:
            raise BadInput(
                f"“{name}” is not a parameter of the query {stored.name}",
                where=name,
                rule="parameter",
                remedy=f"use one of {', '.join(names)}" if names else "leave it out: the query has none",
            )
    given = {name: value.strip() for name, value in values.items() if value.strip()}
    for parameter in stored.parameters:
        if parameter.required and parameter.name not in given:
            raise BadInput(
                f"the query {stored.name} needs a value for “{parameter.name}”",
                where=parameter.name,
                rule="parameter",
                remedy="give one",
            )
    text = stored.text
    terms: dict[str, str] = {}
    for parameter in stored.parameters:
        if parameter.name not in given:
            continue
        if parameter.default is None:
            terms[parameter.name] = str(_term(parameter, given[parameter.name]))
        else:
            text = text.replace(_default_clause(parameter), _clause(parameter, given[parameter.name]))
    if not terms:
        return text
    variables = " ".join(f"?{name}" for name in terms)
    return f"{text.rstrip()}\nVALUES ({variables}) {{ ({' '.join(terms.values())}) }}\n"


def _term(parameter: Parameter, value: str) -> NamedNode | RdfLiteral:
    """Return `value` as a term of the parameter's type; the engine's classes refuse invalid characters."""
    try:
        match parameter.type:
            case "iri":
                return NamedNode(_expand_iri(value))
            case "text":
                return RdfLiteral(value)
            case "date":
                return _date_literal(value)
    except ValueError as error:
        raise BadInput(
            f"the value of “{parameter.name}” cannot be read: {error}",
            where=parameter.name,
            rule=parameter.type,
            remedy={
                "iri": "give a whole IRI, or a short one such as organisation/malmo-kommun",
                "text": "give text without broken characters",
                "date": "give a day, a month or a year: 2017-05-31, 2017-05 or 2017",
            }[parameter.type],
        ) from error


def _default_clause(parameter: Parameter) -> str:
    """Return the clause that binds a parameter to its default, as the query's text contains it."""
    return _clause(parameter, parameter.default or "").replace(f"<{XSD}date>", "xsd:date")


def _clause(parameter: Parameter, value: str) -> str:
    """Return the clause that binds a parameter to `value`, or to any value if that is empty."""
    term = _term(parameter, value) if value else RdfLiteral("")
    if parameter.type != "date":
        return f"VALUES ?{parameter.name} {{ {term} }}"
    days = ("UNDEF", "UNDEF")
    if value:
        date = PartialDate(term.value)
        days = (f'"{date.first_day}"^^<{XSD}date>', f'"{date.last_day}"^^<{XSD}date>')
    return f"VALUES (?{parameter.name}First ?{parameter.name}Last) {{ ({' '.join(days)}) }}"


def _expand_iri(value: str) -> str:
    """Return the IRI of `value`: the kind and slug of an entity, a CURIE with a known prefix, or an IRI."""
    if iris.parse_entity_iri(ID + value):
        return ID + value
    return expand_curie(value)


def _date_literal(value: str) -> RdfLiteral:
    return RdfLiteral(partial_dates.validate(value), datatype=NamedNode(partial_dates.DATATYPES[len(value)]))


def _stored_query(path: Path) -> StoredQuery:
    header = QueryHeader(path)
    fields = header.mapping(header.root, ("title", "description", "keywords"), ("parameters", "services"))
    parameters = header.mapping(fields["parameters"]) if "parameters" in fields else {}
    services = header.strings(fields["services"]) if "services" in fields else ()
    _check_services(path, header.query, services)
    return StoredQuery(
        name=path.stem,
        title=header.translations(fields["title"]),
        description=header.translations(fields["description"]),
        text=header.query,
        keywords=header.strings(fields["keywords"]),
        parameters=tuple(_parameter(header, name, node) for name, node in parameters.items()),
        services=services,
    )


def _check_services(path: Path, text: str, declared: tuple[str, ...]) -> None:
    """Raise BadInput unless the header declares exactly the endpoints that the query `text` calls."""
    called = {iri[1:-1] for iri in _SERVICE_CALL.findall(text)}
    difference = called.symmetric_difference(declared)
    if difference:
        raise BadInput(
            f"the header's services and the query's SERVICE differ in {', '.join(sorted(difference))}",
            where=str(path),
            rule="query header",
            remedy="name each endpoint in both, as a whole IRI",
        )


def _parameter(header: QueryHeader, name: str, node: yaml.Node) -> Parameter:
    fields = header.mapping(node, ("type", "label"), ("required", "default"))
    default = header.string(fields["default"]) if "default" in fields else None
    parameter = Parameter(
        name=name,
        type=cast(ParameterType, header.string(fields["type"], get_args(ParameterType))),
        label=header.translations(fields["label"]),
        required="required" in fields and header.string(fields["required"], ("true", "false")) == "true",
        default="" if default == ANY_VALUE else default,
    )
    if parameter.default is not None and _default_clause(parameter) not in header.query:
        raise BadInput(
            f"the query does not contain the default of “{name}”",
            where=str(header.path),
            rule="query header",
            remedy=f"write {_default_clause(parameter)} in its pattern",
        )
    return parameter


def _check(path: Path) -> DataCheck:
    header = QueryHeader(path)
    fields = header.mapping(header.root, ("title", "message", "remedy", "columns"))
    return DataCheck(
        name=path.stem,
        title=header.translations(fields["title"]),
        message=header.translations(fields["message"]),
        remedy=header.translations(fields["remedy"]),
        columns={name: header.translations(node) for name, node in header.mapping(fields["columns"]).items()},
        text=header.query,
    )
