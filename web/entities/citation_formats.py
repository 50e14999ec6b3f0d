"""The citation of a record in the formats of reference managers: BibTeX, RIS and CSL-JSON.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables,
https://en.wikipedia.org/wiki/RIS_(file_format)
"""

import json
import re

import rispy
from pybtex.database import BibliographyData, Person
from pybtex.database import Entry as BibtexEntry
from pybtex.database.output.bibtex import Writer

from graph.core.terms import Term
from web.evidence import citation_text as words
from web.evidence.cited_records import CitedRecord
from web.html.app_state import app_state
from web.html.i18n import translate
from web.html.urls import local_name


def to_csl(record: CitedRecord) -> str:
    """Return the citation as CSL-JSON."""
    speaker = record.speaker_names
    bounds = _date_bounds(record)
    item: dict[str, object] = {
        "id": local_name(record.iri),
        "type": "webpage",
        "author": [{"literal": words.COLLECTION}],
        "title": record.text,
        "genre": translate(f"cite.{record.key}_genre"),
        "container-title": words.COLLECTION,
        "URL": record.iri,
        "language": record.language,
        "original-author": [{"literal": speaker}] if speaker else None,
        "original-title": "; ".join(source.title for source in record.sources),
        "original-publisher": "; ".join(filter(None, (source.publishers for source in record.sources))),
        "original-date": {"date-parts": [_date_parts(term.value) for term in bounds]} if bounds else None,
        "note": _note(record),
        "version": words.release(),
        "issued": {"date-parts": [_date_parts(created)]} if (created := _created()) else None,
    }
    given = {key: value for key, value in item.items() if value}
    return json.dumps([given], ensure_ascii=False, indent=1) + "\n"


def to_bibtex(record: CitedRecord) -> str:
    """Return the citation as BibTeX."""
    fields = {
        "title": record.text,
        "howpublished": words.COLLECTION,
        "year": _created()[:4],
        "version": words.release(),
        "url": record.iri,
        "language": record.language,
        "note": _note(record),
    }
    entry = BibtexEntry(
        "misc",
        [(key, _strip_braces(value)) for key, value in fields.items() if value],
        {"author": [Person(words.COLLECTION)]},
    )
    return str(Writer().to_string(BibliographyData({local_name(record.iri): entry})))


def to_ris(record: CitedRecord) -> str:
    """Return the citation as RIS, a record of a web page."""
    created = _created()[:10]
    fields = {
        "type_of_reference": "ELEC",
        "id": local_name(record.iri),
        "authors": [words.COLLECTION],
        "title": record.text,
        "secondary_title": words.COLLECTION,
        "type_of_work": translate(f"cite.{record.key}_genre"),
        "year": created[:4],
        "date": created.replace("-", "/"),
        "edition": words.release(),
        "language": record.language,
        "urls": [record.iri],
        "notes": [_one_line(_note(record))],
    }
    given = {
        key: _one_line(value) if isinstance(value, str) else value for key, value in fields.items() if value
    }
    return str(rispy.dumps([given]))


def _note(record: CitedRecord) -> str:
    """Return whose words the title is, who said what it summarises, and where."""
    parts = [translate(f"cite.{record.key}_whose"), record.speaker_names]
    for source in record.sources:
        parts += [source.title, source.publishers, source.published, source.locators or source.unread]
    return ". ".join(part for part in parts if part)


def _date_bounds(record: CitedRecord) -> list[Term]:
    """Return the date of the source, or the two that it lies between; none if there are several sources."""
    if len(record.sources) != 1:
        return []
    date = record.sources[0].date
    if date.not_before and date.not_after:
        return [date.not_before, date.not_after]
    return [term for term in (date.on, date.not_before, date.not_after) if term][:1]


def _one_line(value: str) -> str:
    """Return `value` on one line: a line break would begin another field."""
    return " ".join(value.split())


def _strip_braces(value: str) -> str:
    """Return `value` without braces and line breaks, which are syntax in BibTeX."""
    return re.sub(r"\s+", " ", value.translate(str.maketrans("{}", "()"))).strip()


def _date_parts(value: str) -> list[int]:
    """Return the year, month and day of an xsd:date, gYearMonth or gYear, as many as it has."""
    return [int(part) for part in value[:10].split("-") if part.isdecimal()]


def _created() -> str:
    """Return when the release was made, or an empty string."""
    manifest = app_state().release
    return manifest.created if manifest else ""
