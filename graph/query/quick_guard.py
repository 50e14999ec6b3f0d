"""A fast path of the guard, for the queries that are harmless by their words alone, as most are.

The guard takes as long to read a lookup as the engine to answer it. But a text without the word SERVICE
anywhere calls nobody, however the engine reads it.
"""

import re
from functools import lru_cache
from typing import Final

from graph.query.guard import FORMS, KEYWORDS, NONDETERMINISTIC, Verdict

_DOUBTFUL: Final = tuple(word.lower() for word in NONDETERMINISTIC)
_BRACKETS: Final = ("{", "(", "[", "<<")
_SPACE: Final = r"(?:[ \t\r\n]++|\#[^\r\n\\]*+)*+"
_IRI: Final = r"""<[^\x00-\x20<>"{}|^`\\]*+>"""
_NAME: Final = "(?!filter)[a-z][a-z0-9_-]*+:"
_END: Final = r"(?![\w:-])"
_PLAIN: Final = re.compile(
    rf"""{_SPACE}(?:(?:prefix[ ]{_SPACE}{_NAME}|base){_SPACE}{_IRI}{_SPACE})*+
    (?P<form>{"|".join(FORMS).lower()}){_END}
    (?:{_SPACE}(?:{_IRI}|[?$][a-z0-9_]++|{_NAME}[a-z0-9_-]*+|[(){{}}\[\].,;|/^*+?!=<>&~-]
      |(?:{"|".join(sorted(KEYWORDS - NONDETERMINISTIC)).lower()}){_END}|[0-9]++|@[a-z-]++
      |"[^"\\\r\n]*+"(?!")|'[^'\\\r\n]*+'(?!')))*+{_SPACE}""",
    re.VERBOSE | re.ASCII,
)


def quick_check(text: str, nesting: int) -> Verdict | None:
    """Return what the guard would say of the query `text`, or None if it has to read it.

    What is no SPARQL may be let through, but only to an engine that refuses it. Brackets count as nested even
    if they stand one after the other, so that no more than `nesting` are.
    """
    lower = text.lower()
    if any(word in lower for word in _DOUBTFUL) or sum(map(text.count, _BRACKETS)) > nesting:
        return None
    plain = _PLAIN.fullmatch(lower)
    return _verdict(plain["form"]) if plain else None


@lru_cache
def _verdict(form: str) -> Verdict:
    return Verdict(FORMS[form.upper()], lasts=True)
