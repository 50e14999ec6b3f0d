"""The citation of a statement as a sentence, in HTML with links; as text it is the same without the tags."""

from typing import Final

from markupsafe import Markup, escape

from graph.core.namespaces import BASE
from graph.read.entities import Entities, Ref
from graph.read.source_texts import read_origin
from graph.read.statements import Statement
from web.html.app_state import app_state
from web.html.dates import publication_date
from web.html.filters import best, name, passage_range
from web.html.i18n import content_language, translate
from web.html.urls import external_url

COLLECTION: Final = "Utsaga"
_ENDS: Final = (".", "!", "?", "…")


def citation_html(entities: Entities, statement: Statement) -> Markup:
    """Return the citation as HTML, whose links are absolute; the source's leads to its address if safe.

    It says that the words are our summary, of whom and of which source.
    """
    addresses = read_origin(entities, statement.source.iri).addresses if statement.source else ()
    origin = (_source(statement, next(iter(addresses), "")), *_where(statement))
    source = Markup(", ").join(part for part in origin if part)
    said_by = _speaker_links(statement)
    if said_by and source:
        of = escape(translate("cite.of_speaker")).format(speaker=said_by, source=source)
    else:
        of = said_by or source or escape(COLLECTION)
    words = escape(translate("cite.summary")).format(of=of, text=_sentence(text_of(statement)))
    unread = Markup("{}. ").format(secondary_source_note(statement)) if statement.reported_in else ""
    record = Markup('<a href="{0}">{0}</a>').format(statement.iri)
    collection = ", ".join(filter(None, (COLLECTION, release())))
    return Markup("{} {}{}. {}").format(words, unread, collection, record)


def speaker_of(statement: Statement) -> str:
    """Return who says it: a person with offices or a group, and organisations; nothing for the source."""
    speaker = statement.speaker or statement.unit
    organisations = [name(ref, content_language()).value for ref in statement.on_behalf_of]
    if speaker is None:
        removed = [translate("statement.removed")] if statement.speaker_removed else []
        return ", ".join([*removed, *organisations])
    titles = [best(office.titles, content_language()) for office in statement.offices]
    named = name(speaker, content_language()).value
    return ", ".join([named, *(title.value for title in titles if title), *organisations])


def text_of(statement: Statement) -> str:
    """Return the text of the statement to show to the reader, on one line; its IRI if it has none."""
    found = best(statement.texts, content_language())
    return " ".join(found.value.split()) if found else statement.iri


def source_of(statement: Statement) -> str:
    """Return the title of the source, or an empty string."""
    return name(statement.source, content_language()).value if statement.source else ""


def publishers_of(statement: Statement) -> str:
    """Return the names of the source's publishers."""
    return ", ".join(name(ref, content_language()).value for ref in statement.publishers)


def date_of(statement: Statement) -> str:
    """Return when the source was published, or an empty string."""
    return str(publication_date(statement.date).striptags())


def locators(statement: Statement) -> str:
    """Return where in the source's text the evidence is."""
    return "; ".join(passage_range(passage) for passage in statement.passages)


def secondary_source_note(statement: Statement) -> str:
    """Return a note that a register is the source, as the original text was not read; else nothing."""
    register = statement.reported_in
    return translate("cite.unread", register=name(register, content_language()).value) if register else ""


def release() -> str:
    """Return which release of the graph is cited, or an empty string."""
    manifest = app_state().release
    return f"{translate('site.release').lower()} {manifest.id}" if manifest else ""


def _sentence(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def _source(statement: Statement, address: str) -> Markup:
    if statement.source is None:
        return Markup("")
    title = Markup("<cite>{}</cite>").format(source_of(statement))
    return _link(external_url(address) or statement.source.iri, title)


def _where(statement: Statement) -> tuple[Markup, ...]:
    parts = (publishers_of(statement), date_of(statement), locators(statement))
    return tuple(escape(part) for part in parts)


def _speaker_links(statement: Statement) -> Markup:
    """Return who says it, as HTML whose names link to their identifiers."""
    speaker = statement.speaker or statement.unit
    titles = [best(office.titles, content_language()) for office in statement.offices] if speaker else []
    parts = [
        *([_ref_link(speaker)] if speaker else []),
        *([escape(translate("statement.removed"))] if statement.speaker_removed and not speaker else []),
        *(escape(title.value) for title in titles if title),
        *(_ref_link(ref) for ref in statement.on_behalf_of),
    ]
    return Markup(", ").join(parts)


def _ref_link(ref: Ref) -> Markup:
    return _link(ref.iri, escape(name(ref, content_language()).value))


def _link(address: str, title: Markup) -> Markup:
    is_safe = address.startswith(BASE) or external_url(address)
    return Markup('<a href="{}">{}</a>').format(address, title) if is_safe else title
