"""How to cite a statement: as text, as BibTeX, and as CSL-JSON.

What is cited is this graph's record of what was said, so the speaker, the source and its date are given as
those of the original. https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

import json
import re
from typing import Final

from flask import Blueprint, Response
from pybtex.database import BibliographyData
from pybtex.database import Entry as Record
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
from web.html.i18n import content, current, say
from web.html.urls import local_name

blueprint = Blueprint("cite", __name__)

MEDIA_TYPES: Final = {"bib": "application/x-bibtex", "csl.json": "application/vnd.citationstyles.csl+json"}
_COLLECTION: Final = "Utsaga"
_QUOTES: Final = {"sv": ("”", "”"), "en": ("“", "”")}
_FILES: Final = ", ".join(f"'{extension}'" for extension in MEDIA_TYPES)


@blueprint.get(f"/statement/<slug:slug>.<any({_FILES}):extension>")
def download(slug: str, extension: str) -> Response:
    """Answer with the citation of a statement as a file for a reference manager."""
    entities = app_state().entities
    wanted = entity_iri("statement", slug)
    if STATEMENT_CLASS not in entities.node(iri(wanted)).iris(TYPE):
        raise NotFound("There is no such statement", where=slug, rule="identifier")
    cited = cite(entities, read_statement(entities, wanted))
    response = Response(
        cited.bibtex if extension == "bib" else cited.csl,
        content_type=f"{MEDIA_TYPES[extension]}; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{extension}"'
    return response


def cite(entities: Entities, said: Statement) -> Citation:
    """Return how to cite `said`, in the languages of the page."""
    publishers = entities.refs(
        entities.node(iri(said.source.iri)).iris(DCTERMS + "publisher") if said.source else ()
    )
    item = _csl(said, ", ".join(name(ref, content()).value for ref in publishers))
    return Citation(
        text=_words(said, publishers),
        bibtex=_bibtex(said, item),
        csl=json.dumps([item], ensure_ascii=False, indent=1) + "\n",
    )


def _words(said: Statement, publishers: tuple[Ref, ...]) -> str:
    behalf = [name(ref, content()).value for ref in said.on_behalf_of]
    who = ", ".join([_speaker(said), *behalf])
    papers = [name(ref, content()).value for ref in publishers]
    parts = [_original(said), *papers, _when(said), _places(said)]
    where = ", ".join(part for part in parts if part)
    collection = f"{_COLLECTION}, {_release()}" if _release() else _COLLECTION
    opening, closing = _QUOTES[current()]
    unread = f" {_unread(said)}." if said.reported_in else ""
    found = f"{say('cite.from', source=where)}{unread}"
    return f"{who}: {opening}{_text(said)}{closing} {found} {collection}. {said.iri}"


def _csl(said: Statement, publisher: str) -> dict[str, object]:
    known = said.date.on, said.date.not_before, said.date.not_after
    bounds = [term for term in known[1:] if term] if all(known[1:]) else [term for term in known if term][:1]
    item: dict[str, object] = {
        "id": local_name(said.iri),
        "type": "webpage",
        "title": _text(said),
        "container-title": _COLLECTION,
        "URL": said.iri,
        "language": _language(said),
        "original-author": [{"literal": _speaker(said)}] if said.speaker or said.group else None,
        "original-title": _original(said),
        "original-publisher": publisher,
        "original-date": {"date-parts": [_parts(term.value) for term in bounds]} if bounds else None,
        "note": _places(said) or _unread(said),
        "version": _release(),
    }
    if manifest := app_state().release:
        item["issued"] = {"date-parts": [_parts(manifest.created)]}
    return {key: value for key, value in item.items() if value}


def _bibtex(said: Statement, item: dict[str, object]) -> str:
    manifest, where = app_state().release, _places(said) or _unread(said)
    note = ". ".join(part for part in (_speaker(said), _original(said), _when(said), where) if part)
    fields = {
        "title": item["title"],
        "howpublished": _COLLECTION,
        "year": manifest.created[:4] if manifest else "",
        "version": item.get("version", ""),
        "url": item["URL"],
        "language": item["language"],
        "note": note,
    }
    record = Record("misc", [(key, _unbraced(str(value))) for key, value in fields.items() if value])
    return str(Writer().to_string(BibliographyData({str(item["id"]): record})))


def _unbraced(value: str) -> str:
    """Return `value` without the braces and line breaks that mean something in BibTeX."""
    return re.sub(r"\s+", " ", value.translate(str.maketrans("{}", "()"))).strip()


def _text(said: Statement) -> str:
    found = best(said.texts, content())
    return found.value if found else said.iri


def _language(said: Statement) -> str:
    found = best(said.texts, content())
    return found.language if found else ""


def _speaker(said: Statement) -> str:
    if said.speaker:
        titles = [best(held.titles, content()) for held in said.offices]
        named = name(said.speaker, content()).value
        return ", ".join([named, *[title.value for title in titles if title]])
    group = best(said.group, content())
    own = "statement.second_hand" if said.reported_in else "statement.own_words"
    return group.value if group else say(own)


def _original(said: Statement) -> str:
    return name(said.source, content()).value if said.source else ""


def _when(said: Statement) -> str:
    known = said.date.on or said.date.not_after or said.date.not_before
    return date(known.value, current()) if known else ""


def _places(said: Statement) -> str:
    places = []
    for passage in said.passages:
        parts = [say("passage.paragraph", n=passage.paragraph)] if passage.paragraph else []
        if passage.start is not None and passage.end is not None:
            parts.append(say("passage.range", start=passage.start, end=passage.end))
        places.append(", ".join(parts))
    return "; ".join(places)


def _unread(said: Statement) -> str:
    """Return that the source's text was not read, if so: no passage proves the statement."""
    told = said.reported_in
    return say("cite.unread", register=name(told, content()).value) if told else ""


def _parts(value: str) -> list[int]:
    """Return a date of XML Schema as the numbers of its year, month and day, as far as it goes."""
    return [int(part) for part in value[:10].split("-") if part.isdecimal()]


def _release() -> str:
    manifest = app_state().release
    return f"{say('site.release').lower()} {manifest.id}" if manifest else ""
