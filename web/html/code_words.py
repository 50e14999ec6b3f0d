"""Values that data give as short codes without an entity, in words."""

from typing import Final

from flask import Flask

from graph.core.extensions import extension
from graph.core.terms import Term
from web.html.i18n import interface_language, messages

_FAMILIES: Final = extension("code_words", dict[str, str]())
"""By the name of a property or a column: how the keys of the messages for its values begin."""


def in_words(value: object, name: str) -> str:
    """Return the words for `value` of the property or column called `name`; nothing if it needs none."""
    if not isinstance(value, Term) or name not in _FAMILIES:
        return ""
    forms = messages(interface_language()).get(_FAMILIES[name] + value.value)
    return forms[0] if forms else ""


def register(app: Flask) -> None:
    """Add this filter to the templates of `app`."""
    app.jinja_env.filters.update(in_words=in_words)
