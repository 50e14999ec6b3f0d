"""The documents of a list beside its page: their addresses, and one page of the list as RDF."""

from collections.abc import Mapping
from typing import Final

from flask import url_for

from graph.documents.list_documents import ListPart, rdf_document
from graph.rdf.formats import JSON, Format, MediaFormat, named
from graph.read.lists import EntityListing
from web.html.app_state import app_state
from web.html.kind_words import names_in_all_languages
from web.html.page_models import Slice
from web.html.representations import RDF, document_source
from web.html.request_args import requested_page
from web.html.site_context import base_url

WHOLE: Final[tuple[MediaFormat, ...]] = (*named("csv"), JSON)
"""The formats of the whole list, in one document."""
DOCUMENTS: Final[tuple[MediaFormat, ...]] = (*WHOLE, *RDF)


class ListAddresses:
    """The addresses of a list of one kind, with the `arguments` that filter and sort it."""

    def __init__(self, kind: str, arguments: Mapping[str, str]) -> None:
        """Take the kind and the arguments of the URL."""
        self._kind = kind
        self._arguments: dict[str, str | None] = {**arguments, "lang": None, "content": None}

    def page(self, number: int = 1) -> str:
        """Return the path of the page with this `number`."""
        return url_for("lists.page", of=self._kind, page=_shown(number), **self._arguments)  # type: ignore[arg-type]  # arguments of the URL

    def document(self, extension: str, number: int = 1) -> str:
        """Return the path of a document: of the whole list, or of the page with this `number` as RDF."""
        is_whole = any(each.extension == extension for each in WHOLE)
        endpoint, page = ("lists.data", None) if is_whole else ("lists.document", _shown(number))
        return url_for(endpoint, of=self._kind, extension=extension, page=page, **self._arguments)  # type: ignore[arg-type]  # arguments of the URL


def list_document(listing: EntityListing, addresses: ListAddresses, format_: Format, per_page: int) -> bytes:
    """Return the page of `listing` in the URL, of `per_page` entities, in a format of graphs."""
    numbers = requested_page(range(len(listing.members)), per_page)
    first = (numbers.number - 1) * per_page
    part = ListPart(
        address=base_url() + addresses.page(numbers.number),
        titles=names_in_all_languages(listing.kind, several=True),
        names=listing.members.page(first, per_page, listing.sort),
        start=first + 1,
        total=numbers.total,
        pages={
            relation: base_url() + addresses.page(number)
            for relation, number in related_pages(numbers).items()
        },
    )
    source = document_source(addresses.document(format_.extension, numbers.number))
    return rdf_document(app_state().entities, part, format_, source)


def related_pages(shown: Slice[int]) -> dict[str, int]:
    """Return the numbers of the pages around one that is `shown`, by their relation to it."""
    related = {"first": 1, "previous": shown.number - 1, "next": shown.number + 1, "last": shown.pages}
    return {relation: number for relation, number in related.items() if 1 <= number <= shown.pages}


def _shown(number: int) -> int | None:
    """Return the number of a page as URLs have it: none for the first."""
    return number if number > 1 else None
