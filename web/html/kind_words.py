"""The names of kinds of entities and of the columns of their lists: messages, or labels of the ontology.

A kind that the site's table describes is named by the messages `kind.…` (one) and `kinds.…` (several), or if
there are none, by the label of its first class. Kinds that were derived from an ontology are named by it.
"""

from flask import Flask

from graph.core.iris import term_words
from graph.core.kind_table import KindTable
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.facets import column_key
from web.html.i18n import LANGUAGES, interface_language, messages
from web.html.labels import best


def kind_name(kind: str, language: str = "") -> str:
    """Return the name of one entity of `kind`, in the language of the interface unless another is given."""
    return _kind_name(f"kind.{kind}", kind, language or interface_language())


def kinds_name(kind: str, language: str = "") -> str:
    """Return the name of several entities of `kind`."""
    return _kind_name(f"kinds.{kind}", kind, language or interface_language())


def kind_lead(kind: str) -> str:
    """Return a sentence on what the list of `kind` has, or nothing if nobody has written one."""
    return messages(interface_language()).get(f"lead.{kind}", ("",))[0]


def column_name(name: str, kind: str = "") -> str:
    """Return the title of the column or facet `name` of the list of `kind`, in the interface's language."""
    language = interface_language()
    message = messages(language).get(column_key(name), ("",))[0]
    column = next((each for each in _table()[kind].columns if each.name == name), None) if kind else None
    if column is None or (message and (not _table().derived or name in ("type", "year"))):
        return message or name
    property_ = column.property_ or column.counted_property
    return _label(property_, language) or message or term_words(property_) or name


def names_in_all_languages(kind: str, *, several: bool = False) -> dict[str, str]:
    """Return the name of `kind` in each language of the interface."""
    name = kinds_name if several else kind_name
    return {language: name(kind, language) for language in LANGUAGES}


def register(app: Flask) -> None:
    """Add these functions to the templates of `app`."""
    app.jinja_env.globals.update(kind_name=kind_name, kinds_name=kinds_name, kind_lead=kind_lead)
    app.jinja_env.filters.update(list_column_name=column_name)


def _kind_name(key: str, kind: str, language: str) -> str:
    message = messages(language).get(key, ("",))[0]
    if message and not (_table().derived and kind in _table()):
        return message
    classes = _table()[kind].classes if kind in _table() else ()
    label = _label(classes[0], language) if classes else ""
    words = term_words(classes[0]) if classes else ""
    return label or message or (words or kind.replace("-", " ")).capitalize()


def _label(name: str, language: str) -> str:
    ref: Ref = app_state().entities.ref(name)
    term = best(ref.labels, language) if ref.labels else None
    return term.value[:1].upper() + term.value[1:] if term else ""


def _table() -> KindTable:
    return app_state().entities.index.kinds
