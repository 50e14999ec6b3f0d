"""The last visit to the web address of a source, and its archived copy."""

from dataclasses import dataclass

from graph.core.namespaces import DCTERMS, SCHEMA, UTS
from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.ingest.visit_failures import FAILURES
from graph.read.entities import Entities

_CHECKED, _STATUS, _FAILURE = UTS + "checkedOn", UTS + "httpStatus", UTS + "visitFailure"
_MOVED, _ARCHIVED = UTS + "movedTo", SCHEMA + "archivedAt"
_GONE = (404, 410)
_NEWEST = f"SELECT (MAX(?day) AS ?newest) {{ ?source <{_CHECKED}> ?day }}"
VISIT_PROPERTIES = frozenset({_CHECKED, _STATUS, _FAILURE, _MOVED, _ARCHIVED})


@dataclass(frozen=True)
class SourceVisit:
    """What is known of a source's address: of its last visit, of an archived copy, or of both.

    `on` and `outcome` are the day and the result of the visit: answered, gone, error, or a failure of
    `graph.ingest.visit_failures`; None and empty if there was none.
    """

    on: Term | None
    outcome: str
    status: int | None
    moved_to: str | None
    archived_copy: str | None
    archived_on: Term | None


def read_source_visit(entities: Entities, name: str) -> SourceVisit | None:
    """Return what is known of the address of the source with the IRI `name`, or None if there is nothing."""
    node = entities.node(iri(name))
    on, status, failure = node.literal(_CHECKED), node.integer(_STATUS), node.literal(_FAILURE)
    outcome = _outcome(status) if status else failure.value if failure else ""
    is_known = on is not None and bool(status or outcome in FAILURES)
    copy = node.iri(_ARCHIVED)
    if not is_known and not copy:
        return None
    return SourceVisit(
        on=on if is_known else None,
        outcome=outcome if is_known else "",
        status=status if is_known else None,
        moved_to=node.iri(_MOVED) if is_known else None,
        archived_copy=copy,
        archived_on=entities.node(iri(copy)).literal(DCTERMS + "created") if copy else None,
    )


def newest_visit(reader: StoreReader) -> str:
    """Return the day of the newest visit to a source's address in ISO 8601, or "" if there was none."""
    return next((row["newest"].value for row in reader.select(_NEWEST) if "newest" in row), "")


def _outcome(status: int) -> str:
    return "gone" if status in _GONE else "answered" if status < 400 else "error"
