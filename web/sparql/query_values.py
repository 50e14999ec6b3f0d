"""The values given for the parameters of a stored query: typed names resolved to entities, and what is wrong.

A value may be an IRI, the kind and slug of an entity, or what a person calls an entity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from graph.core import partial_dates
from graph.core.errors import BadInput
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import ID
from graph.matching.name_resolver import ResolvedName
from graph.query.parameters import ANY_KIND, CLASS, Parameter, expand_iri
from graph.query.stored import StoredQuery
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.i18n import content_language
from web.html.labels import name as display_name

_MAX_QUOTED: Final = 80  # characters of a value in a message
ProblemKind = Literal["missing", "unknown", "several", "no_iri", "no_class", "no_date"]


@dataclass(frozen=True)
class ValueProblem:
    """Why a value cannot be used, and the entities that may be meant."""

    kind: ProblemKind
    parameter: Parameter
    typed: str
    nearest: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class QueryValues:
    """The values of the parameters of a query by name.

    `given` is what its parameters are bound to, without those left empty. `shown` is what a form shows.
    `meant` are the entities that typed names mean.
    """

    given: dict[str, str]
    shown: dict[str, str]
    meant: dict[str, Ref]
    problems: tuple[ValueProblem, ...]

    def require_valid(self) -> None:
        """Raise BadInput if there are problems with the values."""
        for problem in self.problems:
            near = ", ".join(parameter_value(ref.iri) for ref in problem.nearest)
            raise BadInput(
                f"“{problem.typed}” is no value of “{problem.parameter.name}”",
                where=problem.parameter.name,
                rule=problem.parameter.type,
                remedy=f"give one of {near}" if near else problem.parameter.remedy,
            )


def read_values(query: StoredQuery, typed: Mapping[str, str]) -> QueryValues:
    """Return the values of the parameters of `query` that are `typed`, any of which may be missing."""
    given: dict[str, str] = {}
    shown: dict[str, str] = {}
    meant: dict[str, Ref] = {}
    problems = []
    for parameter in query.parameters:
        value = typed.get(parameter.name, "").strip()
        found = _read_value(parameter, value)
        shown[parameter.name] = _shown(parameter, value or parameter.default or "")
        if isinstance(found, ValueProblem):
            problems.append(found)
        elif isinstance(found, Ref):
            meant[parameter.name], given[parameter.name] = found, parameter_value(found.iri)
        elif found:
            given[parameter.name] = found
    return QueryValues(given, shown, meant, tuple(problems))


def parameter_value(name: str) -> str:
    """Return the kind and slug of the entity with the IRI `name`, or the IRI of anything else."""
    return name.removeprefix(ID) if parse_entity_iri(name) else name


def _read_value(parameter: Parameter, value: str) -> str | Ref | ValueProblem:
    """Return the value that a parameter is bound to, the entity that a name means, or what is wrong."""
    if not value:
        return ValueProblem("missing", parameter, "") if parameter.required else ""
    if parameter.type == "date":
        return value if _is_date(value) else ValueProblem("no_date", parameter, value[:_MAX_QUOTED])
    if parameter.type != "iri" or _is_known(value):
        return value
    if parameter.kind in ("", CLASS):
        kind: ProblemKind = "no_class" if parameter.kind else "no_iri"
        return ValueProblem(kind, parameter, value[:_MAX_QUOTED])
    return _read_name(parameter, value)


def _read_name(parameter: Parameter, value: str) -> Ref | ValueProblem:
    entities = app_state().entities
    found = _resolve(parameter, value)
    if found.match:
        return entities.ref(found.match)
    kind: ProblemKind = "several" if found.nearest else "unknown"
    return ValueProblem(kind, parameter, value[:_MAX_QUOTED], entities.refs(found.nearest))


def _resolve(parameter: Parameter, value: str) -> ResolvedName:
    kinds = () if parameter.kind == ANY_KIND else (parameter.kind,)
    slug = parse_entity_iri(ID + value)
    return app_state().names.resolve(slug[1].replace("-", " ") if slug else value, kinds)


def _is_known(value: str) -> bool:
    """Return whether `value` is an IRI; the kind and slug of an entity only if there is one."""
    name = expand_iri(value)
    if name == ID + value:
        return app_state().entities.exists(name)
    return name != value or "://" in value or value.startswith("urn:")


def _is_date(value: str) -> bool:
    try:
        partial_dates.validate(value)
    except ValueError:
        return False
    return True


def _shown(parameter: Parameter, value: str) -> str:
    """Return what a form shows for `value`: the name of an entity, if that name means it alone."""
    if parameter.type != "iri" or not parameter.kind or not value or not _is_known(value):
        return value
    ref = app_state().entities.ref(expand_iri(value))
    label = display_name(ref, content_language()).value if ref.labels else ""
    return label if label and _resolve(parameter, label).match == ref.iri else value
