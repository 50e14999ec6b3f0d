"""What the package of a site adds where data cannot say it, by the name of the extension point."""

from collections.abc import Iterable
from pkgutil import resolve_name
from typing import Final, TypeVar

from graph.core.errors import BadInput
from graph.core.site import FILE, SITE

T = TypeVar("T")
POINTS: Final = {
    "api_parameters": "parameters of addresses in the description for programs, by the path",
    "builder_examples": "states of the query builder by the key of their title",
    "code_words": "beginnings of the keys of messages for short codes, by the name of the property",
    "entity_pages": "functions that return the page of an entity, by kind",
    "example_classes": "the IRIs of classes of which the description of the data set names an example",
    "fact_order": "the IRIs of properties in the order of facts on pages",
    "first_query": "the query that the editor begins with",
    "general_words": "words in names that do not say which body it is",
    "jurisdictions": "where a legal act applies, by the IRI of the property of its number",
    "link_names": "what links are called, by the host",
    "place_names": "how places are called in questions: a PlaceNames",
    "schema_identifiers": "the local names of properties of identifiers for schema.org",
    "schema_types": "classes of schema.org by the IRI of a class",
    "search_examples": "searches to begin with",
    "blueprints": "the Flask blueprints of further pages",
    "boundaries": "a function that draws the map: it returns Boundaries",
    "graded_queries": "the names of stored queries that explain the strength of observations",
    "home_section": "a function that returns a section of the home page: Markup",
    "organisations": "what organisations are like: an OrganisationModel",
    "views": "the names of blueprints that the menu has, each with a view `page`",
    "bodies": "how names of bodies are read: a BodyNames",
    "identifiers": "schemes of identifiers by name: each an IdentifierScheme",
    "properties": "the properties of the reconciliation service: a ReconciliationTable",
    "search": "the IRIs of properties that are searched, by the field of the index",
    "worked_example": "the kind and name of the statement that explains the model",
    "wikidata": "what Wikidata has of our entities: a WikidataModel",
}
"""The extension points, and what each expects."""


def check_points(extensions: Iterable[str]) -> None:
    """Raise BadInput for a key of [extensions] that is no extension point."""
    for point in extensions:
        if point not in POINTS:
            raise BadInput(
                f"“{point}” is no extension point",
                where=f"{SITE.folder / FILE}: [extensions]",
                rule=FILE,
                remedy=f"use one of {', '.join(POINTS)}",
            )


check_points(SITE.extensions)


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
