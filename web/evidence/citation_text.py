"""The citation of a record as a sentence, in HTML with links; as text it is the same without the tags."""

from typing import Final

from markupsafe import Markup, escape

from graph.core.site import SITE
from graph.read.entities import Ref
from web.evidence.cited_records import CitedRecord, CitedSource, link, shown_name
from web.html.app_state import app_state
from web.html.i18n import translate

COLLECTION: Final = SITE.name
_ENDS: Final = (".", "!", "?", "…")


def citation_html(record: CitedRecord) -> Markup:
    """Return the citation as HTML, whose links are absolute.

    It says that the words are our summary, of whom and of which sources.
    """
    sources = Markup("; ").join(map(_source, record.sources))
    said_by = Markup(", ").join(map(_speaker, record.speaker))
    if said_by and sources:
        of = escape(translate("cite.of_speaker")).format(speaker=said_by, source=sources)
    else:
        of = said_by or sources or escape(COLLECTION)
    words = escape(translate(f"cite.{record.key}")).format(of=of, text=_sentence(record.text))
    notes = dict.fromkeys(source.unread for source in record.sources if source.unread)
    unread = Markup("").join(Markup("{}. ").format(note) for note in notes)
    address = Markup('<a href="{0}">{0}</a>').format(record.iri)
    collection = ", ".join(filter(None, (COLLECTION, release())))
    return Markup("{} {}{}. {}").format(words, unread, collection, address)


def release() -> str:
    """Return which release of the graph is cited, or an empty string."""
    manifest = app_state().release
    return f"{translate('site.release').lower()} {manifest.id}" if manifest else ""


def _sentence(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def _source(source: CitedSource) -> Markup:
    title = link(source.address, Markup("<cite>{}</cite>").format(source.title))
    return Markup(", ").join(filter(None, (title, source.publishers, source.published, source.locators)))


def _speaker(part: Ref | str) -> Markup:
    return escape(part) if isinstance(part, str) else link(part.iri, escape(shown_name(part)))
