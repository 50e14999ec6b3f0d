"""The stored queries and the checks: the folder `queries` read, and bound to parameters."""

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
from graph.core.namespaces import ID, PREFIXES, XSD
from graph.query.header import QueryHeader, Translations

ANY_VALUE: Final = "any"
ParameterType = Literal["iri", "text", "date"]

QUERY_FOLDER: Final = Path(__file__).parents[2] / "queries"
_SERVICE = re.compile(r"\bSERVICE\s+(<[^<>]*>)")


@dataclass(frozen=True)
class Parameter:
    """A variable of a query that a caller may fix; one that is not required is left open when not given.

    One with a `default` is never open: the query's text holds it, as `VALUES ?name { default }`. The default
    “any” of a header is empty, and an empty string in the text, which the query takes for any value.
    """

    name: str
    type: ParameterType
    label: Translations
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class StoredQuery:
    """A question the graph answers, in words for each language; `text` is the query without its header.

    A federated one asks other endpoints too: `services` are their IRIs.
    """

    name: str
    title: Translations
    description: Translations
    text: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    services: tuple[str, ...] = ()

    def disallowed_services(self, allowed: Collection[str]) -> tuple[str, ...]:
        """Return the endpoints that it asks and that are not `allowed`: it can run only if there are none."""
        return tuple(each for each in self.services if each not in allowed)


@dataclass(frozen=True)
class Check:
    """A query that finds what must not be; every row is a fault that `message` puts into words."""

    name: str
    title: Translations
    message: Translations
    remedy: Translations
    columns: dict[str, Translations]
    text: str

    def fault(self, row: Mapping[str, str], language: str = "en") -> Fault:
        """Return the fault that `row` (a value for every column) shows; it is where the first column says."""
        return Fault(
            where=row[next(iter(self.columns))],
            message=self.message[language].format_map(row),
            rule=self.name,
            remedy=self.remedy[language],
        )


def load_queries(folder: Path = QUERY_FOLDER) -> dict[str, StoredQuery]:
    """Return the queries of `folder` by name; raise BadInput with file and line for a faulty header."""
    return {path.stem: _stored_query(path) for path in sorted(folder.glob("*.rq"))}


def load_checks(folder: Path = QUERY_FOLDER / "checks") -> dict[str, Check]:
    """Return the checks of `folder` by name; raise BadInput with file and line for a faulty header."""
    return {path.stem: _check(path) for path in sorted(folder.glob("*.rq"))}


def bind(stored: StoredQuery, values: Mapping[str, str]) -> str:
    """Return the text of `stored` with its parameters fixed to `values`, a blank one counting as not given.

    An IRI may be shortened: `organisation/malmo-kommun`, or a prefix of ours as in `code:deployment/cloud`.
    Raise BadInput for an unknown parameter, a required one that is missing, or a value of the wrong type.
    """
    names = [parameter.name for parameter in stored.parameters]
    for name in values:
        if name not in names:
            raise BadInput(
                f"“{name}” is no parameter of the query {stored.name}",
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
        if parameter.name in given:
            term = str(_term(parameter, given[parameter.name]))
            if parameter.default is not None:
                text = text.replace(_default(parameter), f"VALUES ?{parameter.name} {{ {term} }}")
            else:
                terms[parameter.name] = term
    if not terms:
        return text
    variables = " ".join(f"?{name}" for name in terms)
    return f"{text.rstrip()}\nVALUES ({variables}) {{ ({' '.join(terms.values())}) }}\n"


def _term(parameter: Parameter, value: str) -> NamedNode | RdfLiteral:
    """Return `value` as an RDF term of the parameter's type; the engine's classes refuse what is hostile."""
    try:
        match parameter.type:
            case "iri":
                return NamedNode(_expand(value))
            case "text":
                return RdfLiteral(value)
            case "date":
                return _date(value)
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


def _default(parameter: Parameter) -> str:
    """Return the clause that fixes a parameter to its default, as it stands in the query's text."""
    term = str(_term(parameter, parameter.default)) if parameter.default else '""'
    short = term.replace(f"<{XSD}", "xsd:").removesuffix(">") if parameter.type == "date" else term
    return f"VALUES ?{parameter.name} {{ {short} }}"


def _expand(value: str) -> str:
    """Return a short name of an entity, or one that begins with a prefix of ours, as a whole IRI."""
    if iris.parse_entity_iri(ID + value):
        return ID + value
    prefix, colon, name = value.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else value


def _date(value: str) -> RdfLiteral:
    return RdfLiteral(partial_dates.validate(value), datatype=NamedNode(partial_dates.DATATYPES[len(value)]))


def _stored_query(path: Path) -> StoredQuery:
    header = QueryHeader(path)
    words = header.mapping(header.root, ("title", "description", "keywords"), ("parameters", "services"))
    parameters = header.mapping(words["parameters"]) if "parameters" in words else {}
    services = header.strings(words["services"]) if "services" in words else ()
    _check_services(path, header.query, services)
    return StoredQuery(
        name=path.stem,
        title=header.texts(words["title"]),
        description=header.texts(words["description"]),
        text=header.query,
        keywords=header.strings(words["keywords"]),
        parameters=tuple(_parameter(header, name, node) for name, node in parameters.items()),
        services=services,
    )


def _check_services(path: Path, text: str, declared: tuple[str, ...]) -> None:
    """Raise BadInput unless the header of the query `text` declares the endpoints it calls, and no other."""
    called = {iri[1:-1] for iri in _SERVICE.findall(text)}
    wrong = called.symmetric_difference(declared)
    if wrong:
        raise BadInput(
            f"the header's services and the query's SERVICE differ in {', '.join(sorted(wrong))}",
            where=str(path),
            rule="query header",
            remedy="name each endpoint in both, as a whole IRI",
        )


def _parameter(header: QueryHeader, name: str, node: yaml.Node) -> Parameter:
    words = header.mapping(node, ("type", "label"), ("required", "default"))
    default = header.string(words["default"]) if "default" in words else None
    parameter = Parameter(
        name=name,
        type=cast(ParameterType, header.string(words["type"], get_args(ParameterType))),
        label=header.texts(words["label"]),
        required="required" in words and header.string(words["required"], ("true", "false")) == "true",
        default="" if default == ANY_VALUE else default,
    )
    if parameter.default is not None and _default(parameter) not in header.query:
        raise BadInput(
            f"the query does not hold the default of “{name}”",
            where=str(header.path),
            rule="query header",
            remedy=f"write {_default(parameter)} in its pattern",
        )
    return parameter


def _check(path: Path) -> Check:
    header = QueryHeader(path)
    words = header.mapping(header.root, ("title", "message", "remedy", "columns"))
    return Check(
        name=path.stem,
        title=header.texts(words["title"]),
        message=header.texts(words["message"]),
        remedy=header.texts(words["remedy"]),
        columns={name: header.texts(node) for name, node in header.mapping(words["columns"]).items()},
        text=header.query,
    )
