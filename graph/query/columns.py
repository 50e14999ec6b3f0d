"""The columns of a result as its query has them: their order, and the properties whose values are in them.

Engines give the columns of `SELECT *` in any order; people expect that of the query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from graph.core.errors import BadInput
from graph.core.namespaces import TYPE
from graph.query.lexer import Token, tokenize
from graph.query.lint import ParsedQuery, expand, parse
from graph.query.triple_scanner import ScannedTriple

_PLAIN_PATH: Final = frozenset({"/", "(", ")"})


@dataclass(frozen=True)
class ColumnOrigin:
    """Where a column's values come from: they are the values of a property of what a variable stands for.

    The variable is empty if what has the property has none, as within a path.
    """

    property_: str
    subject: str = ""


def columns_in_order(text: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the `columns` of a result of the query `text` in the order in which they should be shown.

    That of a query which names its columns is left as it is.
    """
    try:
        tokens = tokenize(text)
    except BadInput:  # the engine has read it; it knows better
        return columns
    words = [token.text.upper() for token in tokens]
    start = words.index("SELECT") if "SELECT" in words else len(words)
    if "*" not in words[start + 1 : start + 3]:
        return columns
    named = dict.fromkeys(token.text[1:] for token in tokens if token.kind == "VARIABLE")
    return tuple(sorted(columns, key=list(named).index)) if named.keys() >= set(columns) else columns


def projected_columns(text: str) -> tuple[str, ...]:
    """Return the names of the columns that the SELECT query `text` names, none for `SELECT *`.

    Raise BadInput for what is no query.
    """
    tokens = tokenize(text)
    start = next((at for at, each in enumerate(tokens) if each.text.upper() == "SELECT"), len(tokens))
    found, depth = list[str](), 0
    for before, token in pairwise(tokens[start:]):
        if token.text == "{" or token.text.upper() in {"WHERE", "FROM"}:
            break
        depth += (token.text == "(") - (token.text == ")")
        is_named = depth == 0 or (depth == 1 and before.text.upper() == "AS")
        if token.kind == "VARIABLE" and is_named:
            found.append(token.text[1:])
    return tuple(found)


def column_properties(text: str) -> Mapping[str, str]:
    """Return the IRI of the property whose values a variable of the query `text` has, by the variable's name.

    Of a path it is the last one; a variable that is the value of several properties has the first.
    """
    query, found = parse(text), dict[str, str]()
    for triple in query.scan.triples if query else ():
        names = [expand(token, query.prefixes) for token in triple.predicate] if query else []
        property_ = next(filter(None, reversed(names)), None)
        if triple.object and triple.object.kind == "VARIABLE" and property_:
            found.setdefault(triple.object.text[1:], property_)
    return found


def column_origins(text: str) -> Mapping[str, ColumnOrigin]:
    """Return where the values of each variable of the query `text` come from, by the first triple with it.

    A variable that is a subject first has no origin, since the triple of which it is the object may be
    optional. Nor has one behind alternatives, inverses or repetitions: other properties may give its values.
    """
    query, found, seen = parse(text), dict[str, ColumnOrigin](), set[str]()
    for triple in query.scan.triples if query else ():
        subject, value = _variable(triple.subject), _variable(triple.object)
        seen.add(subject)
        if query and value and value not in seen:
            seen.add(value)
            if origin := _origin(query, triple):
                found[value] = origin
    return found


def _variable(token: Token | None) -> str:
    """Return the name of the variable that `token` is; empty if it is none."""
    return token.text[1:] if token and token.kind == "VARIABLE" else ""


def _origin(query: ParsedQuery, triple: ScannedTriple) -> ColumnOrigin | None:
    """Return where the object of `triple` comes from, or None if its path does not say."""
    if triple.is_type:
        return ColumnOrigin(TYPE, _variable(triple.subject))
    names = [expand(token, query.prefixes) for token in triple.predicate if token.text not in _PLAIN_PATH]
    if not names or not all(names):
        return None
    return ColumnOrigin(names[-1] or "", _variable(triple.subject) if len(names) == 1 else "")
