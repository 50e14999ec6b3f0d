"""How many municipalities have their e-mail with Microsoft or Google, by the latest observation of each.

The stored query american-mail counts the same for each kind of public body.
"""

from dataclasses import dataclass
from typing import Final

from graph.core.terms import Term
from sweden.municipality_map import MunicipalityMap

_PROVIDERS: Final = frozenset(("microsoft", "google"))


@dataclass(frozen=True)
class MailShare:
    """The number of municipalities with such a provider, of those that were observed, and when."""

    count: int
    observed: int
    as_of: Term | None  # the date of the latest observation


def read_mail_share(municipality_map: MunicipalityMap) -> MailShare | None:
    """Return the share of Microsoft and Google among the municipalities, or None if none was observed."""
    findings = municipality_map.mail_providers().values()
    dates = [each.as_of for each in findings if each.as_of]
    if not findings:
        return None
    return MailShare(
        sum(each.value.value in _PROVIDERS for each in findings),
        len(findings),
        max(dates, key=lambda date: date.value, default=None),
    )
