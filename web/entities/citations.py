"""Citations of statements as text, as BibTeX, and as CSL-JSON.

The cited work is this graph's record, so the speaker, the source and its date are given as the original's.
https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

import json
import re
from typing import Final

from flask import Blueprint, Response
from pybtex.database import BibliographyData
from pybtex.database import Entry as BibtexEntry
from pybtex.database.output.bibtex import Writer

from graph.core.errors import NotFound
from graph.core.iris import entity_iri
from graph.core.namespaces import DCTERMS, TYPE
from graph.core.terms import iri
from graph.read.entities import Entities, Ref
from graph.read.statements import STATEMENT_CLASS, Statement, read_statement
from web.entities.page_models import Citation
from web.html.app_state import app_state
from web.html.filters import best, name
from web.html.formatting import date
from web.html.i18n import content_language, interface_language, translate
from web.html.urls import local_name

blueprint = Blueprint("cite", __name__)

MEDIA_TYPES: Final = {"bib": "application/x-bibtex", "csl.json": "application/vnd.citationstyles.csl+json"}
_COLLECTION: Final = "Utsaga"
_QUOTES: Final = {"sv": ("”", "”"), "en": ("“", "”")}
_EXTENSIONS: Final = ", ".join(f"'{extension}'" for extension in MEDIA_TYPES)


@blueprint.get(f"/statement/<slug:slug>.<any({_EXTENSIONS}):extension>")
def download(slug: str, extension: str) -> Response:
    """Return the citation of a statement as a file; raise NotFound for another entity."""
    entities = app_state().entities
    iri_ = entity_iri("statement", slug)
    if STATEMENT_CLASS not in entities.node(iri(iri_)).iris(TYPE):
        raise NotFound("There is no such statement", where=slug, rule="identifier")
    citation = cite(entities, read_statement(entities, iri_))
    response = Response(
        citation.bibtex if extension == "bib" else citation.csl,
        content_type=f"{MEDIA_TYPES[extension]}; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{extension}"'
    return response


def cite(entities: Entities, statement: Statement) -> Citation:
    """Return the citation of `statement` in the languages of the page."""
    publishers = entities.refs(
        entities.node(iri(statement.source.iri)).iris(DCTERMS + "publisher") if statement.source else ()
    )
    item = _csl_item(statement, ", ".join(name(ref, content_language()).value for ref in publishers))
    return Citation(
        text=_citation_text(statement, publishers),
        bibtex=_bibtex(statement, item),
        csl=json.dumps([item], ensure_ascii=False, indent=1) + "\n",
    )


def _citation_text(statement: Statement, publishers: tuple[Ref, ...]) -> str:
    organisations = [name(ref, content_language()).value for ref in statement.on_behalf_of]
    authors = ", ".join([_speaker(statement), *organisations])
    publisher_names = [name(ref, content_language()).value for ref in publishers]
    parts = [_original(statement), *publisher_names, _date(statement), _locators(statement)]
    where = ", ".join(part for part in parts if part)
    collection = f"{_COLLECTION}, {_release()}" if _release() else _COLLECTION
    opening, closing = _QUOTES[interface_language()]
    unread = f" {_secondary_source_note(statement)}." if statement.reported_in else ""
    found = f"{translate('cite.from', source=where)}{unread}"
    return f"{authors}: {opening}{_text(statement)}{closing} {found} {collection}. {statement.iri}"


def _csl_item(statement: Statement, publisher: str) -> dict[str, object]:
    dates = statement.date.on, statement.date.not_before, statement.date.not_after
    bounds = [term for term in dates[1:] if term] if all(dates[1:]) else [term for term in dates if term][:1]
    item: dict[str, object] = {
        "id": local_name(statement.iri),
        "type": "webpage",
        "title": _text(statement),
        "container-title": _COLLECTION,
        "URL": statement.iri,
        "language": _language(statement),
        "original-author": [{"literal": _speaker(statement)}]
        if statement.speaker or statement.unit
        else None,
        "original-title": _original(statement),
        "original-publisher": publisher,
        "original-date": {"date-parts": [_date_parts(term.value) for term in bounds]} if bounds else None,
        "note": _locators(statement) or _secondary_source_note(statement),
        "version": _release(),
    }
    if manifest := app_state().release:
        item["issued"] = {"date-parts": [_date_parts(manifest.created)]}
    return {key: value for key, value in item.items() if value}


def _bibtex(statement: Statement, item: dict[str, object]) -> str:
    manifest, where = app_state().release, _locators(statement) or _secondary_source_note(statement)
    note = ". ".join(
        part for part in (_speaker(statement), _original(statement), _date(statement), where) if part
    )
    fields = {
        "title": _text(statement),
        "howpublished": _COLLECTION,
        "year": manifest.created[:4] if manifest else "",
        "version": item.get("version", ""),
        "url": item["URL"],
        "language": _language(statement),
        "note": note,
    }
    record = BibtexEntry("misc", [(key, _strip_braces(str(value))) for key, value in fields.items() if value])
    return str(Writer().to_string(BibliographyData({str(item["id"]): record})))


def _strip_braces(value: str) -> str:
    """Return `value` without braces and line breaks, which are syntax in BibTeX."""
    return re.sub(r"\s+", " ", value.translate(str.maketrans("{}", "()"))).strip()


def _text(statement: Statement) -> str:
    found = best(statement.texts, content_language())
    return found.value if found else statement.iri


def _language(statement: Statement) -> str:
    found = best(statement.texts, content_language())
    return found.language if found else ""


def _speaker(statement: Statement) -> str:
    if statement.speaker:
        titles = [best(office.titles, content_language()) for office in statement.offices]
        named = name(statement.speaker, content_language()).value
        return ", ".join([named, *[title.value for title in titles if title]])
    if statement.speaker_removed and not statement.unit:
        return translate("statement.removed")
    own = "statement.second_hand" if statement.reported_in else "statement.own_words"
    return name(statement.unit, content_language()).value if statement.unit else translate(own)


def _original(statement: Statement) -> str:
    return name(statement.source, content_language()).value if statement.source else ""


def _date(statement: Statement) -> str:
    best_known = statement.date.on or statement.date.not_after or statement.date.not_before
    return date(best_known.value, interface_language()) if best_known else ""


def _locators(statement: Statement) -> str:
    places = []
    for passage in statement.passages:
        parts = [translate("passage.paragraph", n=passage.paragraph)] if passage.paragraph else []
        if passage.start is not None and passage.end is not None:
            parts.append(translate("passage.range", start=passage.start, end=passage.end))
        places.append(", ".join(parts))
    return "; ".join(places)


def _secondary_source_note(statement: Statement) -> str:
    """Return a note that a register is the source, as the original text was not read; else nothing."""
    register = statement.reported_in
    return translate("cite.unread", register=name(register, content_language()).value) if register else ""


def _date_parts(value: str) -> list[int]:
    """Return the year, month and day of an xsd:date, gYearMonth or gYear, as many as it has."""
    return [int(part) for part in value[:10].split("-") if part.isdecimal()]


def _release() -> str:
    manifest = app_state().release
    return f"{translate('site.release').lower()} {manifest.id}" if manifest else ""
