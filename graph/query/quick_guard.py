"""A fast path of the guard for most queries, which one regular expression shows to be harmless.

The guard takes as long for a lookup as the engine. But a text that does not contain the word SERVICE cannot
call an endpoint, however the engine parses it.
"""

import re
from functools import lru_cache
from typing import Final

from graph.query.guard import FORMS, KEYWORDS, NONDETERMINISTIC, Verdict

_EXCLUDED_WORDS: Final = tuple(word.lower() for word in NONDETERMINISTIC)
_BRACKETS: Final = ("{", "(", "[", "<<")
_SPACE: Final = r"(?:[ \t\r\n]++|\#[^\r\n\\]*+)*+"
_IRI: Final = r"""<[^\x00-\x20<>"{}|^`\\]*+>"""
_NAME: Final = "(?!filter)[a-z][a-z0-9_-]*+:"
_END: Final = r"(?![\w:-])"
_HARMLESS_QUERY: Final = re.compile(
    rf"""{_SPACE}(?:(?:prefix[ ]{_SPACE}{_NAME}|base){_SPACE}{_IRI}{_SPACE})*+
    (?P<form>{"|".join(FORMS).lower()}){_END}
    (?:{_SPACE}(?:{_IRI}|[?$][a-z0-9_]++|{_NAME}[a-z0-9_-]*+|[(){{}}\[\].,;|/^*+?!=<>&~-]
      |(?:{"|".join(sorted(KEYWORDS - NONDETERMINISTIC)).lower()}){_END}|[0-9]++|@[a-z-]++
      |"[^"\\\r\n]*+"(?!")|'[^'\\\r\n]*+'(?!')))*+{_SPACE}""",
    re.VERBOSE | re.ASCII,
)


def quick_check(text: str, nesting: int) -> Verdict | None:
    """Return the guard's verdict on the query `text`, or None if the guard itself has to check it.

    A verdict may be returned for text that is not SPARQL, which the engine then refuses. All opening brackets
    count towards `nesting`, nested or not.
    """
    lower = text.lower()
    if any(word in lower for word in _EXCLUDED_WORDS) or sum(map(text.count, _BRACKETS)) > nesting:
        return None
    plain = _HARMLESS_QUERY.fullmatch(lower)
    return _verdict(plain["form"]) if plain else None


@lru_cache
def _verdict(form: str) -> Verdict:
    return Verdict(FORMS[form.upper()], cacheable=True)
