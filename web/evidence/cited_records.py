"""What is cited: a record of this graph, a statement or claim, with who said it and its sources."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from graph.claims.claims import Adoption, Assessment
from graph.claims.source_texts import read_origin
from graph.claims.statements import ApproximateDate, Statement
from graph.core.namespaces import BASE
from graph.read.entities import Entities, Ref
from web.html.dates import adoption_period, assessment_time, publication_date
from web.html.filters import passage_range
from web.html.i18n import content_language, translate
from web.html.labels import best, label, name
from web.html.urls import external_url


@dataclass(frozen=True)
class CitedSource:
    """A source of a record: title and address, who published it and when, where in it the evidence is."""

    title: str
    address: str
    publishers: str
    date: ApproximateDate
    locators: str
    unread: str  # a note that a register is the source, as the original text was not read; else nothing

    @property
    def published(self) -> str:
        """When the source was published, or an empty string."""
        return str(publication_date(self.date).striptags())


@dataclass(frozen=True)
class CitedRecord:
    """A record of this graph, whose words are ours; a claim has no speaker, since we derived it."""

    iri: str
    text: str
    language: str
    speaker: tuple[Ref | str, ...]
    sources: tuple[CitedSource, ...]
    is_claim: bool = False

    @property
    def key(self) -> str:
        """The last part of the keys of the messages for this kind of record."""
        return "claim" if self.is_claim else "statement"

    @property
    def speaker_names(self) -> str:
        """Who says it: a person with offices or a group, and organisations; nothing for the source."""
        names = (each if isinstance(each, str) else shown_name(each) for each in self.speaker)
        return ", ".join(names)


def statement_record(entities: Entities, statement: Statement) -> CitedRecord:
    """Return what is cited of `statement`."""
    found = best(statement.texts, content_language())
    return CitedRecord(
        statement.iri,
        " ".join(found.value.split()) if found else statement.iri,
        found.language if found else "",
        _speaker(statement),
        cited_sources(entities, (statement,)),
    )


def claim_record(entities: Entities, claim: Adoption | Assessment) -> CitedRecord:
    """Return what is cited of `claim`: whose it is, about what, which outcome and when, in one line."""
    subjects: tuple[Ref | None, ...]
    if isinstance(claim, Adoption):
        subjects, outcome, time = (claim.adopter, claim.product), claim.status, adoption_period(claim)
        note = ""
    else:
        subjects = (claim.assessor, claim.product, claim.act)
        outcome, time = claim.outcome, assessment_time(claim)
        note = translate("assessment.act_inferred") if claim.act_is_inferred and claim.act else ""
    about = " · ".join(shown_name(each) for each in subjects if each)
    told = ", ".join(filter(None, (label(outcome).value if outcome else "", str(time.striptags()))))
    line = f"{' '.join(filter(None, (about, note)))}: {told}"
    return CitedRecord(
        claim.iri, line, content_language(), (), cited_sources(entities, claim.statements), is_claim=True
    )


def cited_sources(entities: Entities, statements: Iterable[Statement]) -> tuple[CitedSource, ...]:
    """Return the sources of `statements`, each once, with all their passages in it."""
    by_source: dict[Ref, list[Statement]] = {}
    for each in statements:
        if each.source:
            by_source.setdefault(each.source, []).append(each)
    return tuple(_source(entities, source, made) for source, made in by_source.items())


def shown_name(ref: Ref) -> str:
    """Return the name of `ref` in the language of the content."""
    return name(ref, content_language()).value


def link(address: str, title: Markup) -> Markup:
    """Return `title` as a link to `address` if that is ours or safe to follow."""
    is_safe = address.startswith(BASE) or external_url(address)
    return Markup('<a href="{}">{}</a>').format(address, title) if is_safe else title


def _source(entities: Entities, source: Ref, statements: list[Statement]) -> CitedSource:
    first = statements[0]
    passages = {passage.iri: passage for each in statements for passage in each.passages}.values()
    addresses = read_origin(entities, source.iri).addresses
    register = first.reported_in
    return CitedSource(
        title=shown_name(source),
        address=external_url(next(iter(addresses), "")) or source.iri,
        publishers=", ".join(map(shown_name, first.publishers)),
        date=first.date,
        locators="; ".join(passage_range(passage) for passage in passages),
        unread=translate("cite.unread", register=shown_name(register)) if register else "",
    )


def _speaker(statement: Statement) -> tuple[Ref | str, ...]:
    speaker = statement.speaker or statement.unit
    if speaker is None:
        removed = (translate("statement.removed"),) if statement.speaker_removed else ()
        return (*removed, *statement.on_behalf_of)
    titles = [best(office.titles, content_language()) for office in statement.offices]
    return (speaker, *(title.value for title in titles if title), *statement.on_behalf_of)
