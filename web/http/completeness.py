"""Headers that say whether an answer is whole, and of which release it is.

No answer is ever cut off: one over a limit is refused, by a problem document whose `limit` names the setting.
"""

from typing import Final

from web.http.responses import Headers

COMPLETE: Final = "X-Utsaga-Complete"
RELEASE: Final = "X-Utsaga-Release"


def completeness_headers(release: str) -> Headers:
    """Return the headers of a whole answer of the release with the id `release`, if that is not empty."""
    return [(COMPLETE, "yes"), *([(RELEASE, release)] if release else [])]
