"""The order of the columns of `SELECT *`: engines give them in any, people expect that of the query."""

from graph.core.errors import BadInput
from graph.query.lexer import tokenize


def columns_in_order(text: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the `columns` of a result of the query `text` in the order in which they should be shown.

    That of a query which names its columns is left as it is.
    """
    try:
        tokens = tokenize(text)
    except BadInput:  # the engine has read it; it knows better
        return columns
    words = [token.text.upper() for token in tokens]
    start = words.index("SELECT") if "SELECT" in words else len(words)
    if "*" not in words[start + 1 : start + 3]:
        return columns
    named = dict.fromkeys(token.text[1:] for token in tokens if token.kind == "VARIABLE")
    return tuple(sorted(columns, key=list(named).index)) if named.keys() >= set(columns) else columns
