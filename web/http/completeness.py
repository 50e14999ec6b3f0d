"""Headers that say whether an answer is whole, and of which release it is.

No answer is ever cut off: one over a limit is refused, by a problem document whose `limit` names the setting.
"""

from typing import Final
from urllib.parse import quote

from web.http.responses import Headers

COMPLETE: Final = "X-Utsaga-Complete"
RELEASE: Final = "X-Utsaga-Release"
UNKNOWN_FUNCTIONS: Final = "X-Utsaga-Unknown-Functions"
_MAX_FUNCTIONS: Final = 10
_MAX_NAME: Final = 200  # characters of an IRI
_IRI: Final = "/!$&'()*+;=:@?%#[]"  # what an IRI holds as it is, but for what would end it in a header


def completeness_headers(release: str) -> Headers:
    """Return the headers of a whole answer of the release with the id `release`, if that is not empty."""
    return [(COMPLETE, "yes"), *([(RELEASE, release)] if release else [])]


def function_headers(names: tuple[str, ...]) -> Headers:
    """Return the header with the IRIs `names` of functions that a query calls and that do not exist here."""
    shown = (f"<{quote(name[:_MAX_NAME], safe=_IRI)}>" for name in names[:_MAX_FUNCTIONS])
    return [(UNKNOWN_FUNCTIONS, ", ".join(shown))] if names else []
