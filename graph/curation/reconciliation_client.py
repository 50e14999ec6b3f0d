"""Looks up our entities in a reconciliation service, version 0.2 of the specification.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from graph.core.terms import iri, text
from graph.curation import retry
from graph.curation.polite_client import DEFAULTS, PoliteClient, ReplyLimits, WholeReply
from graph.curation.proposals import ExternalItem, Proposal, best, weigh
from graph.curation.retry import RetryPolicy
from graph.curation.unlinked import UnlinkedEntity
from graph.rdf.convert import to_node

_ACCEPT: Final = "application/json"
_MOST: Final = 5  # candidates for one name
_LONGEST: Final = 500  # characters of what a service says in one place


class ReconciliationClient:
    """A reconciliation service outside, in which our entities are looked up by name."""

    def __init__(
        self,
        url: str,
        policy: RetryPolicy | None = None,
        limits: ReplyLimits = DEFAULTS,
        contact: str = "",
    ) -> None:
        """Take what PoliteClient takes, and read the manifest of the service.

        Raise BadInput or Unavailable as PoliteClient does.
        """
        self._client = PoliteClient(url, "--reconcile", policy, limits, contact)
        self.name = url
        self.space = str(self._client.get(_ACCEPT, self._read).get("identifierSpace", ""))
        if not _is_iri(self.space):
            raise retry.permanent("The service does not say what its identifiers are", self._client.host)

    def find(self, batch: Sequence[UnlinkedEntity]) -> dict[str, list[Proposal]]:
        """Return the proposals for each of `batch` by its IRI, the highest score first; raise Unavailable."""
        asked = {f"q{number}": {"query": ours.label, "limit": _MOST} for number, ours in enumerate(batch)}
        form = urlencode({"queries": json.dumps(asked, ensure_ascii=False)})
        reply = self._client.post(form, _ACCEPT, self._read)
        return {
            ours.iri: best(weigh(ours, item) for item in self._items(reply.get(f"q{number}"), ours))
            for number, ours in enumerate(batch)
        }

    def _items(self, answer: object, ours: UnlinkedEntity) -> Iterator[ExternalItem]:
        results = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise retry.permanent(
                f"The service does not answer what “{ours.label}” may be", self._client.host
            )
        for each in results[:_MOST]:
            if not isinstance(each, dict) or not _is_iri(iri := f"{self.space}{each.get('id', '')}"):
                continue
            types = each.get("type") or ()
            names = (
                type_.get("name", type_.get("id")) if isinstance(type_, dict) else type_ for type_ in types
            )
            classes = {str(name)[:_LONGEST]: str(name)[:_LONGEST] for name in names}
            yield ExternalItem(
                iri,
                [text(str(each.get("name", ""))[:_LONGEST])],
                description=str(each.get("description") or "")[:_LONGEST],
                classes=classes,
                match=each.get("match") is True,
            )

    def _read(self, reply: WholeReply) -> dict[str, Any]:
        if not reply.media_type.endswith("json"):
            message = f"The service answered with {reply.media_type}, not with JSON"
            raise retry.permanent(message, self._client.host)
        try:
            answer = json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise retry.transient(
                "The service's answer cannot be read to its end", self._client.host
            ) from error
        if not isinstance(answer, dict):
            raise retry.permanent("The service's answer is no object", self._client.host)
        return answer


def _is_iri(value: str) -> bool:
    try:
        to_node(iri(value))
    except ValueError:
        return False
    return value.startswith(("http://", "https://"))
