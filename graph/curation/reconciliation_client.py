"""Looks for our entities by way of a reconciliation service, version 0.2 of the specification.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

import json
from collections.abc import Iterator, Sequence
from http.client import HTTPResponse
from typing import Any, Final, cast
from urllib.parse import urlencode, urlsplit
from urllib.request import Request

from graph.core.terms import iri, text
from graph.curation import http, retry
from graph.curation.http import DEFAULTS, Limits
from graph.curation.proposals import Item, Proposal, best, weigh
from graph.curation.retry import Manners
from graph.curation.unlinked import Sought
from graph.rdf.convert import to_node

_MOST: Final = 5  # candidates for one name
_LONGEST: Final = 500  # characters of what a service says in one place


class Matching:
    """A reconciliation service as a place to find our entities in."""

    def __init__(
        self, url: str, polite: Manners | None = None, limits: Limits = DEFAULTS, contact: str = ""
    ) -> None:
        """Take how it is asked, and ask it what its identifiers are; raise BadInput or Unavailable."""
        self.name = http.web_address(url, "--reconcile")
        self._host = urlsplit(url).netloc
        self._manners = polite or Manners()
        self._limits = limits
        self._headers = {"User-Agent": http.user_agent(contact), "Accept": "application/json"}
        self.space = str(self._ask(None).get("identifierSpace", ""))
        if not _is_iri(self.space):
            raise retry.refused("The service does not say what its identifiers are", self._host)

    def find(self, batch: Sequence[Sought]) -> dict[str, list[Proposal]]:
        """Return what each of `batch` may be, the likeliest first, by its IRI; raise Unavailable."""
        asked = {f"q{number}": {"query": ours.label, "limit": _MOST} for number, ours in enumerate(batch)}
        reply = self._ask({"queries": json.dumps(asked, ensure_ascii=False)})
        return {
            ours.iri: best(weigh(ours, item) for item in self._items(reply.get(f"q{number}"), ours))
            for number, ours in enumerate(batch)
        }

    def _items(self, answer: object, ours: Sought) -> Iterator[Item]:
        results = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise retry.refused(f"The service does not answer what “{ours.label}” may be", self._host)
        for each in results[:_MOST]:
            if not isinstance(each, dict) or not _is_iri(iri := f"{self.space}{each.get('id', '')}"):
                continue
            types = each.get("type") or ()
            names = (
                type_.get("name", type_.get("id")) if isinstance(type_, dict) else type_ for type_ in types
            )
            classes = {str(name)[:_LONGEST]: str(name)[:_LONGEST] for name in names}
            yield Item(
                iri,
                [text(str(each.get("name", ""))[:_LONGEST])],
                description=str(each.get("description") or "")[:_LONGEST],
                classes=classes,
                match=each.get("match") is True,
            )

    def _ask(self, form: dict[str, str] | None) -> dict[str, Any]:
        """Return the service's answer to `form`, or its manifest."""
        data = urlencode(form).encode() if form else None
        request = Request(self.name, data, self._headers)  # noqa: S310 (an http address, as was checked)

        def send(seconds: float) -> HTTPResponse:
            return cast(HTTPResponse, http.opener().open(request, timeout=seconds))

        return self._manners.ask(lambda: self._read(http.take(send, self._host, self._limits)))

    def _read(self, reply: http.Whole) -> dict[str, Any]:
        if not reply.media_type.endswith("json"):
            message = f"The service answered with {reply.media_type}, not with JSON"
            raise retry.refused(message, self._host)
        try:
            answer = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise retry.passing("The service's answer cannot be read to its end", self._host) from error
        if not isinstance(answer, dict):
            raise retry.refused("The service's answer is no object", self._host)
        return answer


def _is_iri(value: str) -> bool:
    try:
        to_node(iri(value))
    except ValueError:
        return False
    return value.startswith(("http://", "https://"))
