"""Organisations side by side: chosen by slug in the URL, or by a name that is looked up."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput
from graph.core.terms import Term
from graph.read.comparison import OrganisationComparison, ProductPosition
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, Column, described, metadata
from web.html.i18n import LANGUAGES, messages
from web.html.request_args import chosen, existing, organisations_called, reads_arguments, slug_of
from web.views.page_models import ComparePage

blueprint = Blueprint("compare", __name__)

MOST_ORGANISATIONS: Final = 6
_MOST_CANDIDATES: Final = 20
Line = dict[str, str]
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
    """Show organisations side by side; a name that means one organisation adds it."""
    organisations, product = _organisations(), chosen("product")
    slugs = tuple(map(slug_of, organisations))
    found = organisations_called("add")
    new = [name for name in found if name not in organisations]
    if len(found) == 1 or _is_untidy(slugs):
        return redirect(_address((*slugs, *map(slug_of, new)) if len(found) == 1 else slugs, product))
    entities = app_state().entities
    return ComparePage(
        comparison=_comparison(organisations, product),
        product=entities.optional_ref(product or None),
        slugs=slugs,
        words=request.args.get("add", "").strip(),
        candidates=entities.refs(tuple(new[:_MOST_CANDIDATES])),
        examples=() if organisations else _examples(),
    ).render()


@blueprint.get("/compare.csv")
@reads_arguments("organisation", "product")
def data() -> Response:
    """Answer with the whole comparison: a row for each adoption, assessment, statement and observation."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, restval="")
    table.writeheader()
    table.writerows(_rows(_comparison(_organisations(), chosen("product"))))
    return described(Response(text.getvalue(), content_type="text/csv; charset=utf-8"))


@blueprint.get(f"/compare.csv{SUFFIX}")
@reads_arguments("organisation", "product")
def columns() -> Response:
    """Answer with what the columns of the comparison mean."""
    languages = {f"text_{tag}": tag for tag in LANGUAGES}
    found = [Column(each, f"column.{each}", languages.get(each, "")) for each in _COLUMNS]
    return metadata(found, {tag: messages(tag)["compare.title"][0] for tag in LANGUAGES})


def _organisations() -> tuple[str, ...]:
    """Return the IRIs of the organisations that the URL names, each once."""
    slugs = tuple(dict.fromkeys(filter(None, request.args.getlist("organisation"))))
    if len(slugs) > MOST_ORGANISATIONS:
        raise BadInput(
            f"{len(slugs)} organisations do not fit side by side",
            where="organisation",
            rule="count",
            remedy=f"choose at most {MOST_ORGANISATIONS}",
        )
    return tuple(dict.fromkeys(existing("organisation", slug) for slug in slugs))


def _is_untidy(slugs: tuple[str, ...]) -> bool:
    """Tell whether the URL names an organisation twice, by an old slug or not at all."""
    return tuple(request.args.getlist("organisation")) != slugs


def _address(slugs: tuple[str, ...], product: str) -> str:
    return url_for(".page", organisation=list(slugs), product=slug_of(product) or None)


def _comparison(organisations: tuple[str, ...], product: str) -> OrganisationComparison:
    return app_state().comparisons.compare(organisations, product)


def _examples() -> tuple[tuple[Ref, Ref], ...]:
    """Return organisations that it says something to compare: those that see the law differently."""
    return app_state().comparisons.opposed_pairs()


def _rows(comparison: OrganisationComparison) -> Iterator[Line]:
    for number, side in enumerate(comparison.organisations):
        name = side.organisation.iri
        for on in comparison.products:
            for line in _claims(on.positions[number]):
                yield {"organisation": name, "product": on.product.iri} | line
        for aspect, voices in (("safeguard", side.safeguards), ("statement", side.newest)):
            for said in voices.statements:
                date = _plain(said.date.on or said.date.not_after)
                line = {"aspect": aspect, "date": date, "evidence": said.iri}
                yield {"organisation": name} | line | _words(said.texts)
        if side.mail:
            value, date = _plain(side.mail.provider), _plain(side.mail.as_of)
            line = {"aspect": "mail", "value": value, "date": date, "evidence": side.mail.iri}
            yield {"organisation": name} | line


def _claims(standing: ProductPosition) -> Iterator[Line]:
    for each in standing.adoptions:
        value = each.status.iri if each.status else ""
        line = {"aspect": "adoption", "value": value, "date": _plain(each.as_of), "evidence": each.iri}
        yield line | _words(each.scope)
    for found in standing.assessments:
        law, value = (ref.iri if ref else "" for ref in (found.act, found.outcome))
        line = {"aspect": "assessment", "law": law, "value": value, "date": _plain(found.made_in)}
        yield line | {"evidence": found.iri} | _words(found.conditions)


def _plain(term: Term | None) -> str:
    return term.value if term else ""


def _words(texts: tuple[Term, ...]) -> Line:
    return {f"text_{term.language}": term.value for term in texts if term.language in {"sv", "en"}}
