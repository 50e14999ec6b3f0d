"""The statements behind a row of an answer, found by the names of its columns.

A row names statements, or claims that are derived from them; or it has the values of a claim, such as the
organisation, the product and the status of an adoption; or the text of a statement. A row that compares two
assessments has the values of each in columns that end with A and with B.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Final

from graph.core.namespaces import UTS
from graph.core.terms import Term, iri
from graph.evidence.support import CLAIMS, statements_behind
from graph.index.protocol import EntitySet
from graph.rdf.convert import values_clause
from graph.read.entities import Entities

STATEMENT_COLUMNS: Final = ("statement", "otherStatement", "example")
CLAIM_COLUMNS: Final = (*CLAIMS, "assessmentBefore", "assessmentAfter")
TEXT_COLUMN: Final = "textSv"  # of a query that has no other column of statements
_BY_TEXT: Final = f"SELECT ?statement ?text WHERE {{{{ {{}} ?statement <{UTS}text> ?text }}}}"
_CHUNK_SIZE: Final = 200  # rows
_PROPERTIES: Final = {
    "adoption": {"organisation": "adopter", "product": "product", "status": "status"},
    "assessment": {
        "organisation": "assessor",
        "product": "product",
        "outcome": "outcome",
        "law": "underAct",
        "statement": "derivedFrom",
    },
}
"""By kind of claim: the columns that its values may stand in, and the properties that it has them by."""
_NEEDED: Final = {
    "adoption": {"organisation", "product", "status"},
    "assessment": {"organisation", "product", "outcome"},
}
_SIDES: Final = ("A", "B")  # ends of columns, each of one of two assessments of a product
_DATES: Final = ("asOf", "madeIn")
Values = Mapping[str, tuple[str, ...]]
Row = Mapping[str, Term]


def names_statements(names: Collection[str]) -> bool:
    """Return whether the statements behind a row can be found by values with these `names`."""
    direct = {*STATEMENT_COLUMNS, *CLAIM_COLUMNS, TEXT_COLUMN}.intersection(names)
    sides = ({*names, *(name.removesuffix(side) for name in names)} for side in ("", *_SIDES))
    return bool(direct) or any(needed <= each for each in sides for needed in _NEEDED.values())


def statements_of_rows(entities: Entities, rows: Iterable[Row], fixed: Values) -> Iterator[tuple[str, ...]]:
    """Yield for each of `rows` the IRIs of the statements behind it, each once.

    A row has its terms by column; `fixed` are the values of what is no column.
    """
    remaining = iter(rows)
    while chunk := tuple(islice(remaining, _CHUNK_SIZE)):
        texts = {row[TEXT_COLUMN] for row in chunk if TEXT_COLUMN in row}
        by_text = _statements_by_text(entities, texts)
        for row in chunk:
            named = by_text.get(row[TEXT_COLUMN], ()) if TEXT_COLUMN in row else ()
            yield tuple(dict.fromkeys(_statements_of_row(entities, row, fixed) or named))


def _statements_of_row(entities: Entities, row: Row, fixed: Values) -> tuple[str, ...]:
    """Return the statements that a row names, and those of its claims."""
    values = dict(fixed) | {name: (term.value,) for name, term in row.items() if term.kind == "iri"}
    named = [value for name in STATEMENT_COLUMNS for value in values.get(name, ())]
    claims = [value for name in CLAIM_COLUMNS for value in values.get(name, ())]
    if not (named or claims):
        claims = [claim for kind in CLAIMS for claim in _claims(entities, kind, values, row)]
        claims += [claim for side in _SIDES for claim in _claims_of_side(entities, values, side)]
    behind = (each for claim in claims for each in _statements(entities, claim, values.get("source", ())))
    return (*named, *behind)


def _claims_of_side(entities: Entities, values: Values, side: str) -> Iterator[str]:
    """Return the assessments whose values stand in the columns that end with `side`."""
    own = {name: values[f"{name}{side}"] for name in _PROPERTIES["assessment"] if f"{name}{side}" in values}
    shared = {"product": values["product"]} if "product" in values else {}
    return _claims(entities, "assessment", own | shared, {})


def _statements_by_text(entities: Entities, texts: Collection[Term]) -> Mapping[Term, tuple[str, ...]]:
    """Return the statements that have one of `texts`, by the text."""
    found: dict[Term, tuple[str, ...]] = {}
    rows = entities.select(_BY_TEXT.format(values_clause("text", texts))) if texts else []
    for row in sorted(rows, key=lambda row: row["statement"].value):
        found[row["text"]] = (*found.get(row["text"], ()), row["statement"].value)
    return found


def _claims(entities: Entities, kind: str, values: Values, row: Row) -> Iterator[str]:
    """Yield the claims of `kind` that have the values and the date of a row; none without what is needed."""
    if not _NEEDED[kind] <= values.keys():
        return
    sets = [
        _linking_to(entities, values[name], property_, kind)
        for name, property_ in _PROPERTIES[kind].items()
        if name in values
    ]
    found = reduce(and_, sets)
    dates = {UTS + name: row[name].value for name in _DATES if name in row}
    for claim in found.page(0, len(found)):
        node = entities.node(iri(claim))
        own = ((node.literal(name), value) for name, value in dates.items())
        if all(date is None or date.value == value for date, value in own):
            yield claim


def _linking_to(entities: Entities, names: tuple[str, ...], property_: str, kind: str) -> EntitySet:
    """Return the claims of `kind` that have one of `names` as value of `property_`."""
    return reduce(or_, (entities.index.linking_to(name, UTS + property_, kind=kind) for name in names))


def _statements(entities: Entities, claim: str, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return the statements that `claim` is derived from, only those of `sources` if there are any."""
    behind = statements_behind(entities, claim)
    for source in sources:
        behind &= entities.index.linking_to(source, UTS + "saidIn", kind="statement")
    return behind.page(0, len(behind))
