"""Follows the path of a column from the entities of a kind, in SQL."""

from graph.core.entity_types import INVERSE, PropertyPath
from graph.index.staging import digest

BoundQuery = tuple[str, dict[str, int]]


def path_query(kind: int, path: PropertyPath, *, literal: bool) -> BoundQuery:
    """Return a query, with its parameters, for each entity of `kind` and what `path` leads to from it.

    Its columns are start and value, language, datatype of `literal` ends, or else start and node.
    """
    steps = path[:-1]
    values = {f"p{at}": digest(step.removeprefix(INVERSE)) for at, step in enumerate(path)}
    tables, here = ["staging.member"], "member.digest"
    for at, step in enumerate(steps if literal else path):
        near, far = ("object", "subject") if step.startswith(INVERSE) else ("subject", "object")
        tables.append(f"JOIN staging.link AS l{at} ON l{at}.property = :p{at} AND l{at}.{near} = {here}")
        here = f"l{at}.{far}"
    if literal:
        tables.append(
            f"JOIN staging.literal AS said ON said.property = :p{len(steps)} AND said.subject = {here}"
        )
    found = "said.value, said.language, said.datatype" if literal else f"{here} AS node"
    query = f"SELECT member.digest AS start, {found} FROM {' '.join(tables)} WHERE member.kind = :kind"  # noqa: S608
    return query, values | {"kind": kind}
