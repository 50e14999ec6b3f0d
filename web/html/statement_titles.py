"""What a statement is called on pages: who spoke, and about what.

A statement has no name of its own, only a text; in lists and headings it is named by its speaker and its
subjects, “A speaker (an organisation) on a product”.
"""

from collections.abc import Iterable
from typing import Final

from babel.lists import format_list
from flask import Flask

from graph.claims.statements import Statement
from graph.core.formatting import LOCALES
from graph.core.namespaces import ID
from graph.read.entities import Ref
from web.html.i18n import content_language, interface_language, translate
from web.html.labels import name

_KINDS_BY_INTEREST: Final = ("product", "law", "")  # "" is any other kind
_MAX_SUBJECTS: Final = 3  # named in a title


def statement_title(statement: Statement) -> str:
    """Return who makes `statement`, for whom, and about what; without a subject only who makes it."""
    subjects = _subjects(statement)
    speaker = speaker_and_organisations(statement)
    if not subjects:
        return speaker
    title = translate("title.about", who=speaker, what=_enumerate(subjects))
    publishers = () if statement.speaker or statement.unit else _other_publishers(statement)
    is_reported = statement.on_behalf_of and publishers
    return translate("title.according", title=title, source=_names(publishers)) if is_reported else title


def speaker_and_organisations(statement: Statement) -> str:
    """Return who makes `statement` as text: a person or group with organisations, or else its publisher."""
    speaker = statement.speaker or statement.unit
    organisations = _names(statement.on_behalf_of)
    if speaker is None and statement.speaker_removed:
        removed = translate("statement.removed")
        return f"{removed} ({organisations})" if organisations else removed
    if speaker is None:
        return organisations or _names(statement.publishers) or source_name(statement)
    named = name(speaker, content_language()).value
    return f"{named} ({organisations})" if organisations else named


def source_name(statement: Statement) -> str:
    """Return what stands for the publisher of a statement's source where none is known."""
    return translate("statement.second_hand" if statement.reported_in else "statement.own_words")


def _other_publishers(statement: Statement) -> tuple[Ref, ...]:
    """Return the publishers of the source unless the statement is made for one of them."""
    is_own = set(statement.publishers) & set(statement.on_behalf_of)
    return () if is_own else statement.publishers


def _subjects(statement: Statement) -> tuple[Ref, ...]:
    """Return the subjects of the most interesting kind, without those who speak if there are others."""
    own = {*statement.on_behalf_of, statement.speaker, statement.unit}
    subjects = statement.relations["about"]
    others = [each for each in subjects if each not in own] or list(subjects)
    for kind in _KINDS_BY_INTEREST:
        if found := tuple(each for each in others if each.iri.startswith(f"{ID}{kind}")):
            return found
    return tuple(others)


def _enumerate(refs: tuple[Ref, ...]) -> str:
    names = [name(each, content_language()).value for each in refs]
    shown = names[:_MAX_SUBJECTS]
    if len(names) > _MAX_SUBJECTS:
        shown = [*names[: _MAX_SUBJECTS - 1], translate("title.more", n=len(names) - _MAX_SUBJECTS + 1)]
    return str(format_list(shown, locale=LOCALES[interface_language()]))


def _names(refs: Iterable[Ref]) -> str:
    return ", ".join(name(each, content_language()).value for each in refs)


def register(app: Flask) -> None:
    """Add the filters to the templates of `app`."""
    app.jinja_env.filters.update(statement_title=statement_title)
    app.jinja_env.tests.update(reported_by_others=lambda statement: bool(_other_publishers(statement)))
