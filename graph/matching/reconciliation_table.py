"""The properties that a site offers to spreadsheets, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from graph.core.extensions import extension
from graph.core.kind_table import KindTable
from graph.core.namespaces import RDFS, SKOS, TYPE
from graph.core.property_paths import INVERSE
from graph.core.terms import Term, text
from graph.core.translations import for_site

LABEL: Final = RDFS + "label"
STATUS: Final = "status/"  # followed by the slug of a product
STATEMENTS: Final = "statements"
LINKS: Final = "links"
ROLE: Final = "role"
ORGANISATION: Final = "organisation"


@dataclass(frozen=True)
class ReconciliationProperty:
    """A property of some kinds of entity; it `identifies` if a value belongs to one entity only."""

    id: str
    kinds: tuple[str, ...]
    labels: tuple[Term, ...] = ()
    value_class: str = ""  # the IRI of the class of its values, if they are entities
    identifies: bool = False


@dataclass(frozen=True)
class ReconciliationTable:
    """The properties of the service; names are identifiers of properties, or their aliases.

    `described` are those that tell candidates apart, `previewed` those of a preview, `types` the classes that
    a spreadsheet is offered first.
    """

    properties: tuple[ReconciliationProperty, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    described: tuple[str, ...] = ()
    previewed: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


def named_property(
    id_: str, kinds: tuple[str, ...], swedish: str, english: str, of: str = ""
) -> ReconciliationProperty:
    """Return a property that has no label in the ontology; `of` is the class of its values."""
    names = for_site({"sv": swedish, "en": english})
    labels = tuple(text(name, language) for language, name in names.items())
    return ReconciliationProperty(id_, kinds, labels, of, identifies=id_ == LINKS)


def common_properties(kinds: tuple[str, ...]) -> tuple[ReconciliationProperty, ...]:
    """Return the properties that entities of any site may have, for entities of `kinds`."""
    return (
        named_property(LABEL, kinds, "namn", "name"),
        named_property(SKOS + "altLabel", kinds, "annat namn", "other name"),
        named_property(TYPE, kinds, "typ", "type"),
        named_property(LINKS, kinds, "länkar till andra datamängder", "links to other data sets"),
        named_property(STATEMENTS, kinds, "antal utsagor", "number of statements"),
    )


@cache
def reconciliation_table(table: KindTable) -> ReconciliationTable:
    """Return the table of the site, or else one of the columns of the lists in `table`."""
    return extension("properties", None) or _of_columns(table)


def _of_columns(table: KindTable) -> ReconciliationTable:
    kinds: dict[str, list[str]] = {}
    for kind in table.matched:
        for column in table[kind].columns:
            for path in column.paths:
                if len(path) == 1 and not path[0].startswith(INVERSE):
                    kinds.setdefault(path[0], []).append(kind)
    common = common_properties(table.matched)
    known = {each.id for each in common}
    own = [ReconciliationProperty(id_, tuple(of)) for id_, of in kinds.items() if id_ not in known]
    classes = (name for kind in table.matched for name in table[kind].classes)
    return ReconciliationTable((*common, *own), types=tuple(classes))
