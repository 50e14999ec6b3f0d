"""The values that a form offers for the parameters of a stored query, where they are few."""

from typing import Final

from graph.core.namespaces import ORG
from graph.query.parameters import CLASS
from graph.query.stored import StoredQuery
from graph.rdf.results import QueryResults
from graph.vocabulary.property_contexts import read_contexts
from web.html.app_state import app_state
from web.sparql.pages import Choices
from web.sparql.result_table import cell

_MAX_CHOICES: Final = 60


def class_choices(query: StoredQuery) -> Choices:
    """Return, for each parameter that is a class, the classes of organisations in use, the largest first."""
    names = [parameter.name for parameter in query.parameters if parameter.kind == CLASS]
    if not names:
        return {}
    above = read_contexts().superclasses
    refs = (each.ref for each in app_state().terms_in_use.classes)
    classes = tuple(ref for ref in refs if ORG + "FormalOrganization" in above.get(ref.iri, ()))
    return dict.fromkeys(names, classes)


def column_choices(query: StoredQuery, every: QueryResults) -> Choices:
    """Return, for each parameter that is also a column, its values in `every`, all rows."""
    names = {parameter.name for parameter in query.parameters}.intersection(every.columns)
    columns = {
        name: dict.fromkeys(term for row in every.rows if (term := row[every.columns.index(name)]))
        for name in names
    }
    return {
        name: tuple(cell(term) for term in terms)
        for name, terms in columns.items()
        if len(terms) <= _MAX_CHOICES
    }
