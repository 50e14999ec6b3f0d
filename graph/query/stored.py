"""Stored queries and data checks: loading the folder `queries`, and binding parameters."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

import yaml

from graph.core.errors import BadInput, Fault
from graph.core.files import list_folder
from graph.core.iris import KIND_NAMES
from graph.core.site import SITE
from graph.core.translations import choose
from graph.query.header import QueryHeader, Translations
from graph.query.optional_lines import select_lines
from graph.query.parameters import KINDS, LINEAGE, Parameter, ParameterType, bind, default_clause
from graph.query.row_bounds import RowBounds

ANY_VALUE: Final = "any"

QUERY_FOLDER: Final = SITE.queries
_SERVICE_CALL = re.compile(r"\bSERVICE\s+(<[^<>]*>)")


@dataclass(frozen=True)
class StoredQuery:
    """A query with its descriptions by language; `text` is the query as it runs without any parameter.

    `services` are the IRIs of the endpoints that it calls. `marked_text` is the text with the lines that
    belong to a parameter, if it has any: see `graph.query.optional_lines`. `bounds` are of the rows that it
    gives as it runs without any parameter; None if nothing is expected of them.
    """

    name: str
    title: Translations
    description: Translations
    text: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    services: tuple[str, ...] = ()
    marked_text: str = ""
    bounds: RowBounds | None = None

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
        """Return the fault of `row`, a value for each column; the first column is where it is.

        It is said in `language`, or in the first language of the site.
        """
        return Fault(
            where=row[next(iter(self.columns))],
            message=choose(self.message, language)[1].format_map(row),
            rule=self.name,
            remedy=choose(self.remedy, language)[1],
        )


def load_queries(folder: Path = QUERY_FOLDER) -> dict[str, StoredQuery]:
    """Return the queries of `folder` by name; raise BadInput with file and line for an invalid header."""
    return {path.stem: _stored_query(path) for path in list_folder(folder, "*.rq")}


def load_checks(folder: Path = QUERY_FOLDER / "checks") -> dict[str, DataCheck]:
    """Return the checks of `folder` by name; raise BadInput with file and line for an invalid header."""
    return {path.stem: _check(path) for path in list_folder(folder, "*.rq")}


def bind_parameters(stored: StoredQuery, values: Mapping[str, str]) -> str:
    """Return the text of `stored` with its parameters bound to `values`; a blank value counts as not given.

    An IRI may be shortened: `organisation/name`, or a CURIE such as `code:deployment/on-premises`. Raise
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
    text = select_lines(stored.marked_text, given) if given and stored.marked_text else stored.text
    return bind(text, stored.parameters, given)


def called_services(text: str) -> tuple[str, ...]:
    """Return the IRIs of the endpoints that the query `text` calls, each once."""
    return tuple(dict.fromkeys(iri[1:-1] for iri in _SERVICE_CALL.findall(text)))


def _stored_query(path: Path) -> StoredQuery:
    header = QueryHeader(path)
    optional = ("rows", "parameters", "services")
    fields = header.mapping(header.root, ("title", "description", "keywords"), optional)
    parameters = header.mapping(fields["parameters"]) if "parameters" in fields else {}
    services = header.strings(fields["services"]) if "services" in fields else ()
    _check_services(path, header.query, services)
    text = select_lines(header.query, (), path.name)
    return StoredQuery(
        name=path.stem,
        title=header.translations(fields["title"]),
        description=header.translations(fields["description"]),
        text=text,
        keywords=header.strings(fields["keywords"]),
        parameters=tuple(_parameter(header, name, node) for name, node in parameters.items()),
        services=services,
        marked_text="" if text == header.query else header.query,
        bounds=_bounds(header, fields["rows"]) if "rows" in fields else None,
    )


def _bounds(header: QueryHeader, node: yaml.Node) -> RowBounds:
    fields = header.mapping(node, ("min", "max"))
    bounds = RowBounds(header.count(fields["min"]), header.count(fields["max"]))
    if bounds.minimum > bounds.maximum:
        raise header.fault(node, f"no number of rows is within {bounds}", "write the smaller number as min")
    return bounds


def _check_services(path: Path, text: str, declared: tuple[str, ...]) -> None:
    """Raise BadInput unless the header declares exactly the endpoints that the query `text` calls."""
    difference = set(called_services(text)).symmetric_difference(declared)
    if difference:
        raise BadInput(
            f"the header's services and the query's SERVICE differ in {', '.join(sorted(difference))}",
            where=str(path),
            rule="query header",
            remedy="name each endpoint in both, as a whole IRI",
        )


def _parameter(header: QueryHeader, name: str, node: yaml.Node) -> Parameter:
    fields = header.mapping(node, ("type", "label"), ("required", "default", "of", "kind"))
    default = header.string(fields["default"]) if "default" in fields else None
    parameter = Parameter(
        name=name,
        type=cast(ParameterType, header.string(fields["type"], get_args(ParameterType))),
        label=header.translations(fields["label"]),
        required="required" in fields and header.string(fields["required"], ("true", "false")) == "true",
        default="" if default == ANY_VALUE else default,
        of=header.string(fields["of"]) if "of" in fields else "",
        kind=_kind(header, name, fields.get("kind")),
    )
    _check_parameter(header, parameter)
    return parameter


def _kind(header: QueryHeader, name: str, node: yaml.Node | None) -> str:
    """Return the kind that a header gives for the parameter `name`, or else the name if it is that of one."""
    if node is None:
        return name if name in KINDS else ""
    return header.string(node, KINDS if KIND_NAMES else ())  # any, where the build derives the kinds


def _check_parameter(header: QueryHeader, parameter: Parameter) -> None:
    """Raise BadInput unless the query contains what `parameter` is bound by."""
    needs_clause = parameter.default is not None or parameter.type == LINEAGE
    if needs_clause and default_clause(parameter) not in header.query:
        raise BadInput(
            f"the query does not contain the default of “{parameter.name}”",
            where=str(header.path),
            rule="query header",
            remedy=f"write {default_clause(parameter).rstrip()} in its pattern",
        )
    if (parameter.type == LINEAGE) != bool(parameter.of):
        raise BadInput(
            f"“{parameter.name}” does not say which parameter it widens",
            where=str(header.path),
            rule="query header",
            remedy="write of: and the parameter's name for one of the type lineage, and for no other",
        )


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
