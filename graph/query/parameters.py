"""The parameters of stored queries: their types, and how they are bound in a query's text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from graph.core import iris, partial_dates
from graph.core.errors import BadInput
from graph.core.namespaces import ID, UTS, XSD, expand_curie
from graph.core.partial_dates import PartialDate
from graph.query.header import Translations

ParameterType = Literal["iri", "text", "date", "lineage"]
LINEAGE: Final = "lineage"
ANY_KIND: Final = "entity"
CLASS: Final = "class"
KINDS: Final = (*iris.KIND_NAMES, "code", CLASS, ANY_KIND)
"""What a value may be: an entity of a kind, a code, a class of organisations, or any entity."""
_MAX_QUOTED: Final = 60  # characters of a value in a message
_PATTERN_START: Final = "WHERE {\n"
_LINE: Final = f"(<{UTS}successorOf>|^<{UTS}successorOf>)*"
_REMEDIES: Final[dict[ParameterType, str]] = {
    "iri": "give a whole IRI, or a short one such as organisation/name",
    "text": "give text without broken characters",
    "date": "give a day, a month or a year: 2017-05-31, 2017-05 or 2017",
    "lineage": "give 1, or leave it out",
}


@dataclass(frozen=True)
class Parameter:
    """A variable of a query that a caller may bind; it stays unbound if it is not required and not given.

    A parameter with a `default` is always bound: the query's text contains it as `VALUES ?name { default }`.
    The default “any” in a header becomes an empty string, which the query treats as any value. A date with a
    default is bound as two days, `?nameFirst` and `?nameLast`, neither of which is bound to any value.

    An IRI with a `kind` is that of such an entity; without, it may be any.

    One of the type “lineage” is no variable: with the value 1, the value of the parameter `of` stands for all
    that it succeeds and that succeeds it too.
    """

    name: str
    type: ParameterType
    label: Translations
    required: bool = False
    default: str | None = None
    of: str = ""
    kind: str = ""

    @property
    def remedy(self) -> str:
        """How to write a value."""
        return _REMEDIES[self.type]


def bind(text: str, parameters: tuple[Parameter, ...], given: Mapping[str, str]) -> str:
    """Return the query `text` with its `parameters` bound to the values `given`, none of them blank.

    Raise BadInput for a value of the wrong type.
    """
    lines = {each.of for each in parameters if each.type == LINEAGE and _is_on(each, given)}
    terms: dict[str, str] = {}
    for parameter in parameters:
        value = given.get(parameter.name) or parameter.default
        if not value or parameter.type == LINEAGE:
            continue
        if parameter.name in lines:
            line = f"{_term(parameter, value)} {_LINE} ?{parameter.name} ."
            text = text.replace(default_clause(parameter), line) if parameter.default else _insert(text, line)
        elif parameter.default is None:
            terms[parameter.name] = str(_term(parameter, value))
        elif parameter.name in given:
            text = text.replace(default_clause(parameter), _clause(parameter, value))
    if not terms:
        return text
    variables = " ".join(f"?{name}" for name in terms)
    return f"{text.rstrip()}\nVALUES ({variables}) {{ ({' '.join(terms.values())}) }}\n"


def _insert(text: str, line: str) -> str:
    """Return the query `text` with `line` as the first of its pattern."""
    return text.replace(_PATTERN_START, f"{_PATTERN_START}  {line}\n", 1)


def default_clause(parameter: Parameter) -> str:
    """Return the clause that binds a parameter to its default, as the query's text contains it."""
    if parameter.type == LINEAGE:
        return _PATTERN_START
    return _clause(parameter, parameter.default or "").replace(f"<{XSD}date>", "xsd:date")


def _is_on(parameter: Parameter, given: Mapping[str, str]) -> bool:
    value = given.get(parameter.name, "0")
    if value not in ("0", "1"):
        raise _unreadable(parameter, f"“{value}” is neither 1 nor 0")
    return value == "1"


def _term(parameter: Parameter, value: str) -> NamedNode | RdfLiteral:
    """Return `value` as a term of the parameter's type; the engine's classes refuse invalid characters."""
    try:
        match parameter.type:
            case "iri":
                return NamedNode(expand_iri(value))
            case "date":
                return _date_literal(value)
        return RdfLiteral(value)
    except ValueError as error:
        problem = f"“{value[:_MAX_QUOTED]}” is no IRI" if parameter.type == "iri" else str(error)
        raise _unreadable(parameter, problem) from error


def _unreadable(parameter: Parameter, problem: str) -> BadInput:
    return BadInput(
        f"the value of “{parameter.name}” cannot be read: {problem}",
        where=parameter.name,
        rule=parameter.type,
        remedy=parameter.remedy,
    )


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


def expand_iri(value: str) -> str:
    """Return the IRI of `value`: the kind and slug of an entity, a CURIE with a known prefix, or an IRI."""
    if iris.parse_entity_iri(ID + value):
        return ID + value
    return expand_curie(value)


def _date_literal(value: str) -> RdfLiteral:
    return RdfLiteral(partial_dates.validate(value), datatype=NamedNode(partial_dates.DATATYPES[len(value)]))
