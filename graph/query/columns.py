"""The columns of a result as its query has them: their order, and the properties whose values are in them.

Engines give the columns of `SELECT *` in any order; people expect that of the query.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.core.errors import BadInput
from graph.core.namespaces import TYPE
from graph.query.lexer import tokenize
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
    """Return where the values of each variable of the query `text` come from, if a triple in it says so.

    A path with alternatives, inverses or repetitions does not, since its last property may have other values.
    """
    query, found = parse(text), dict[str, ColumnOrigin]()
    for triple in query.scan.triples if query else ():
        if query and triple.object and triple.object.kind == "VARIABLE":
            for origin in _origins(query, triple):
                found.setdefault(triple.object.text[1:], origin)
    return found


def _origins(query: ParsedQuery, triple: ScannedTriple) -> Iterator[ColumnOrigin]:
    subject = triple.subject.text[1:] if triple.subject and triple.subject.kind == "VARIABLE" else ""
    if triple.is_type:
        yield ColumnOrigin(TYPE, subject)
        return
    names = [expand(token, query.prefixes) for token in triple.predicate if token.text not in _PLAIN_PATH]
    if names and all(names):
        yield ColumnOrigin(names[-1] or "", subject if len(names) == 1 else "")
