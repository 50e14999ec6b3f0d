"""Functions that are called by their IRI and that the engine lacks.

SPARQL says that a query may call them, and leaves open what an engine does that lacks one:
https://www.w3.org/TR/sparql11-query/#extensionFunctions. Here the call is an error of its expression, as
every failure of a function is, and the query is answered: https://www.w3.org/TR/sparql11-query/#evaluation.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

import pyoxigraph as ox

from graph.query.lexer import BracketContext, Token
from graph.query.lint import Hint, ParsedQuery, expand

Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]
"""A function as the engine takes it: of terms, with a term as its value, or None for an error."""

_UNKNOWN: Final = re.compile(r"The custom function <(.*)> is not supported", re.DOTALL)


def unknown_function(error: RuntimeError) -> ox.NamedNode | None:
    """Return the function that the engine lacks, if that is what its `error` says."""
    found = _UNKNOWN.fullmatch(str(error))
    return ox.NamedNode(found[1]) if found else None


def without_value(*_arguments: object) -> None:
    """Stand for a function that the engine lacks: every call is an error."""


@lru_cache(256)
def is_available(iri: str) -> bool:
    """Return whether the engine has a function called `iri`; a relative IRI is not looked for."""
    try:
        ox.Store().query(f"ASK {{ FILTER({ox.NamedNode(iri)}()) }}")
    except RuntimeError as error:
        return unknown_function(error) is None
    except ValueError:  # no absolute IRI
        return True
    return True


def unknown_functions(query: ParsedQuery) -> Iterator[Hint]:
    """Yield a hint for each function that `query` calls and the engine lacks, where it is first called."""
    seen: set[str] = set()
    end = Token("MARK", "", len(query.text), BracketContext.SELECT)
    before = end
    for token, after in pairwise([*query.tokens, end]):
        name = expand(token, query.prefixes) if is_call(token, before, after) else None
        if name and name not in seen and not is_available(name):
            seen.add(name)
            yield Hint("unknown_function", token.start, token.start + len(token.text), {"name": token.text})
        before = token


def is_call(token: Token, before: Token, after: Token) -> bool:
    """Return whether `token`, between two others, names a function; in a pattern, `(` begins a collection."""
    if after.text != "(" or token.kind not in ("IRI", "NAME"):
        return False
    is_expression = token.context in (BracketContext.SELECT, BracketContext.EXPRESSION)
    return is_expression or before.text.upper() == "FILTER"
