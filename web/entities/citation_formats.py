"""The citation of a statement in the formats of reference managers: BibTeX, RIS and CSL-JSON.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables,
https://en.wikipedia.org/wiki/RIS_(file_format)
"""

import json
import re

import rispy
from pybtex.database import BibliographyData, Person
from pybtex.database import Entry as BibtexEntry
from pybtex.database.output.bibtex import Writer

from graph.read.statements import Statement
from web.evidence import citation_text as words
from web.html.app_state import app_state
from web.html.filters import best
from web.html.i18n import content_language, translate
from web.html.urls import local_name


def to_csl(statement: Statement) -> str:
    """Return the citation as CSL-JSON."""
    dates = statement.date.on, statement.date.not_before, statement.date.not_after
    bounds = [term for term in dates[1:] if term] if all(dates[1:]) else [term for term in dates if term][:1]
    speaker = words.speaker_of(statement)
    item: dict[str, object] = {
        "id": local_name(statement.iri),
        "type": "webpage",
        "author": [{"literal": words.COLLECTION}],
        "title": words.text_of(statement),
        "genre": translate("cite.genre"),
        "container-title": words.COLLECTION,
        "URL": statement.iri,
        "language": _language(statement),
        "original-author": [{"literal": speaker}] if speaker else None,
        "original-title": words.source_of(statement),
        "original-publisher": words.publishers_of(statement),
        "original-date": {"date-parts": [_date_parts(term.value) for term in bounds]} if bounds else None,
        "note": _note(statement),
        "version": words.release(),
        "issued": {"date-parts": [_date_parts(created)]} if (created := _created()) else None,
    }
    given = {key: value for key, value in item.items() if value}
    return json.dumps([given], ensure_ascii=False, indent=1) + "\n"


def to_bibtex(statement: Statement) -> str:
    """Return the citation as BibTeX."""
    fields = {
        "title": words.text_of(statement),
        "howpublished": words.COLLECTION,
        "year": _created()[:4],
        "version": words.release(),
        "url": statement.iri,
        "language": _language(statement),
        "note": _note(statement),
    }
    record = BibtexEntry(
        "misc",
        [(key, _strip_braces(value)) for key, value in fields.items() if value],
        {"author": [Person(words.COLLECTION)]},
    )
    return str(Writer().to_string(BibliographyData({local_name(statement.iri): record})))


def to_ris(statement: Statement) -> str:
    """Return the citation as RIS, a record of a web page."""
    created = _created()[:10]
    record = {
        "type_of_reference": "ELEC",
        "id": local_name(statement.iri),
        "authors": [words.COLLECTION],
        "title": words.text_of(statement),
        "secondary_title": words.COLLECTION,
        "type_of_work": translate("cite.genre"),
        "year": created[:4],
        "date": created.replace("-", "/"),
        "edition": words.release(),
        "language": _language(statement),
        "urls": [statement.iri],
        "notes": [_one_line(_note(statement))],
    }
    given = {
        key: _one_line(value) if isinstance(value, str) else value for key, value in record.items() if value
    }
    return str(rispy.dumps([given]))


def _note(statement: Statement) -> str:
    """Return whose words the title is, who said what it summarises, and where."""
    where = words.locators(statement) or words.secondary_source_note(statement)
    parts = (
        translate("cite.whose"),
        words.speaker_of(statement),
        words.source_of(statement),
        words.publishers_of(statement),
        words.date_of(statement),
        where,
    )
    return ". ".join(part for part in parts if part)


def _one_line(value: str) -> str:
    """Return `value` on one line: a line break would begin another field."""
    return " ".join(value.split())


def _strip_braces(value: str) -> str:
    """Return `value` without braces and line breaks, which are syntax in BibTeX."""
    return re.sub(r"\s+", " ", value.translate(str.maketrans("{}", "()"))).strip()


def _language(statement: Statement) -> str:
    found = best(statement.texts, content_language())
    return found.language if found else ""


def _date_parts(value: str) -> list[int]:
    """Return the year, month and day of an xsd:date, gYearMonth or gYear, as many as it has."""
    return [int(part) for part in value[:10].split("-") if part.isdecimal()]


def _created() -> str:
    """Return when the release was made, or an empty string."""
    manifest = app_state().release
    return manifest.created if manifest else ""
