"""What the package of a site adds where data cannot say it, by the name of the extension point."""

from pkgutil import resolve_name
from typing import Final, TypeVar

from graph.core.errors import BadInput
from graph.core.site import FILE, SITE

T = TypeVar("T")
POINTS: Final = {
    "bodies": "how names of bodies are read: a BodyNames",
    "identifiers": "schemes of identifiers by name: each an IdentifierScheme",
    "properties": "the properties of the reconciliation service: a ReconciliationTable",
    "search": "the IRIs of properties that are searched, by the field of the index",
    "wikidata": "what Wikidata has of our entities: a WikidataModel",
}
"""The extension points, and what each expects."""


def extension(point: str, default: T) -> T:
    """Return what the site gives at the extension point `point`, or `default` if it gives nothing.

    Raise BadInput, naming the point, for a name that cannot be imported.
    """
    target = SITE.extensions.get(point)
    if target is None:
        return default
    try:
        found: T = resolve_name(target)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadInput(
            f"“{target}” cannot be imported: {error}",
            where=f"{SITE.folder / FILE}: extensions.{point}",
            rule="module:name",
            remedy=f"give {POINTS[point]}",
        ) from error
    return found
