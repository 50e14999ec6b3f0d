"""Refuses queries that other engines read differently from SPARQL.

Virtuoso takes `<bif:http_get>("http://…")` for a call of its own function, which fetches any URL, and puts
`PREFIX b: <bi>` and `b:f:http_get` together to the same; Jena loads classes by `<java:…>`. Jena also
decodes `\\u0022` before it reads anything, so that it ends a string.
"""

import re
from itertools import pairwise
from typing import Final

from graph.core.errors import Forbidden
from graph.core.namespaces import XSD
from graph.query.functions import is_call
from graph.query.lexer import BracketContext, Token, line_and_column, tokenize

_OWN: Final = re.compile(r"(?:bif|sql|java):", re.IGNORECASE)
_CODEPOINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check(text: str) -> None:
    """Return if the query `text` means the same to all engines.

    The guard has let `text` and `decoded(text)` pass. Raise Forbidden for functions other than the casts to
    the types of XML Schema, and for IRIs in the namespaces of an engine's own functions.
    """
    for reading in dict.fromkeys((text, decoded(text))):
        _check(reading)


def decoded(text: str) -> str:
    """Return `text` as engines have it that decode `\\u` and `\\U` first, wherever they stand.

    https://www.w3.org/TR/sparql11-query/#codepointEscape
    """
    return _CODEPOINT.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else escape[0]


def _check(text: str) -> None:
    prefixes: dict[str, str] = {}
    end = Token("MARK", "", len(text), BracketContext.SELECT)
    before = end
    for token, after in pairwise([*tokenize(text), end]):
        if token.kind == "NAME" and before.text.upper() == "PREFIX":
            prefixes[token.text[:-1]] = after.text[1:-1]
        elif token.kind in ("IRI", "NAME"):
            _check_name(text, token, _expand(token, prefixes), called=is_call(token, before, after))
        before = token


def _check_name(text: str, token: Token, name: str, *, called: bool) -> None:
    if _OWN.match(name):
        message = f"“{token.text}” is a function of one engine"
    elif called and not name.startswith(XSD):
        message = f"“{token.text}” is a function that SPARQL does not have"
    else:
        return
    raise Forbidden(
        message,
        where=line_and_column(text, token.start),
        rule="extension functions",
        remedy="use the functions of SPARQL and the casts to the types of XML Schema",
    )


def _expand(token: Token, prefixes: dict[str, str]) -> str:
    """Return the IRI as it is written: a relative one stays so, since not every engine resolves it."""
    if token.kind == "IRI":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
