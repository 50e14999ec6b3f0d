"""Comparison of organisations that the URL names by slug, or by a name that is looked up."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.claims.comparison import OrganisationComparison, ProductPosition
from graph.core.errors import BadInput
from graph.core.terms import Term
from graph.read.entities import Ref
from graph.tables.csvw_schema import PARTIAL_DATE, CsvwColumn
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, column_titles, link_metadata, metadata_response
from web.html.i18n import LANGUAGES, in_all_languages
from web.html.request_args import chosen_entity, find_entity, organisations_named, reads_arguments, slug_of
from web.views.page_models import ComparePage

blueprint = Blueprint("compare", __name__)

MAX_ORGANISATIONS: Final = 6
_MAX_CANDIDATES: Final = 20
CsvRow = dict[str, str]
_COLUMNS: Final = (
    "organisation",
    "aspect",
    "product",
    "law",
    "value",
    "date",
    "text_sv",
    "text_en",
    "evidence",
)


@blueprint.get("/compare")
@reads_arguments("organisation", "product", "add")
def page() -> str | Redirect:
    """Return the comparison page, or redirect if the name to add means one organisation."""
    organisations, product = _requested_organisations(), chosen_entity("product")
    slugs = tuple(map(slug_of, organisations))
    matches = organisations_named("add")
    new = [name for name in matches if name not in organisations]
    if len(matches) == 1 or _needs_redirect(slugs):
        return redirect(_compare_url((*slugs, *map(slug_of, new)) if len(matches) == 1 else slugs, product))
    entities = app_state().entities
    return ComparePage(
        comparison=_comparison(organisations, product),
        product=entities.optional_ref(product or None),
        slugs=slugs,
        name_query=request.args.get("add", "").strip(),
        candidates=entities.refs(tuple(new[:_MAX_CANDIDATES])),
        examples=() if organisations else _example_pairs(),
        has_mail="observation" in entities.index.kinds,
    ).render()


@blueprint.get("/compare.csv")
@reads_arguments("organisation", "product")
def data() -> Response:
    """Return the comparison as CSV: a row for each adoption, assessment, statement and observation."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, restval="")
    table.writeheader()
    table.writerows(_csv_rows(_comparison(_requested_organisations(), chosen_entity("product"))))
    return link_metadata(Response(text.getvalue(), content_type="text/csv; charset=utf-8"))


@blueprint.get(f"/compare.csv{SUFFIX}")
@reads_arguments("organisation", "product")
def columns() -> Response:
    """Return the metadata of the columns of the comparison."""
    languages = {f"text_{tag}": tag for tag in LANGUAGES}
    types = {"organisation": "anyURI", "product": "anyURI", "law": "anyURI", "date": PARTIAL_DATE}
    found = [
        CsvwColumn(each, column_titles(each), types.get(each, "string"), languages.get(each, ""))
        for each in _COLUMNS
    ]
    return metadata_response(found, in_all_languages("compare.title"))


def _requested_organisations() -> tuple[str, ...]:
    """Return the IRIs of the organisations that the URL names, each once; raise BadInput for too many."""
    slugs = tuple(dict.fromkeys(filter(None, request.args.getlist("organisation"))))
    if len(slugs) > MAX_ORGANISATIONS:
        raise BadInput(
            f"{len(slugs)} organisations do not fit side by side",
            where="organisation",
            rule="count",
            remedy=f"choose at most {MAX_ORGANISATIONS}",
        )
    return tuple(dict.fromkeys(find_entity("organisation", slug) for slug in slugs))


def _needs_redirect(slugs: tuple[str, ...]) -> bool:
    """Return whether the URL names an organisation twice, by an old slug or by an empty one."""
    return tuple(request.args.getlist("organisation")) != slugs


def _compare_url(slugs: tuple[str, ...], product: str) -> str:
    return url_for(".page", organisation=list(slugs), product=slug_of(product) or None)


def _comparison(organisations: tuple[str, ...], product: str) -> OrganisationComparison:
    return app_state().comparisons.compare(organisations, product)


def _example_pairs() -> tuple[tuple[Ref, Ref], ...]:
    """Return pairs of organisations whose assessments of the law differ."""
    return app_state().comparisons.opposed_pairs()


def _csv_rows(comparison: OrganisationComparison) -> Iterator[CsvRow]:
    for number, column in enumerate(comparison.organisations):
        name = column.organisation.iri
        for product in comparison.products:
            for row in _claim_rows(product.positions[number]):
                yield {"organisation": name, "product": product.product.iri} | row
        for aspect, group in (("safeguard", column.safeguards), ("statement", column.newest)):
            for statement in group.statements:
                date = _value(statement.date.on or statement.date.not_after)
                row = {"aspect": aspect, "date": date, "evidence": statement.iri}
                yield {"organisation": name} | row | _text_cells(statement.texts)
        if column.mail:
            value, date = _value(column.mail.provider), _value(column.mail.as_of)
            row = {"aspect": "mail", "value": value, "date": date, "evidence": column.mail.iri}
            yield {"organisation": name} | row


def _claim_rows(position: ProductPosition) -> Iterator[CsvRow]:
    for each in position.adoptions:
        value = each.status.iri if each.status else ""
        row = {"aspect": "adoption", "value": value, "date": _value(each.as_of), "evidence": each.iri}
        yield row | _text_cells(each.scope)
    for assessment in position.assessments:
        law, value = (ref.iri if ref else "" for ref in (assessment.act, assessment.outcome))
        row = {"aspect": "assessment", "law": law, "value": value, "date": _value(assessment.made_in)}
        yield row | {"evidence": assessment.iri} | _text_cells(assessment.conditions)


def _value(term: Term | None) -> str:
    return term.value if term else ""


def _text_cells(texts: tuple[Term, ...]) -> CsvRow:
    return {f"text_{term.language}": term.value for term in texts if term.language in {"sv", "en"}}
