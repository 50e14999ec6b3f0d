"""Split a SPARQL query into tokens, with each `<`, quote and `#` read as the engine does.

https://www.w3.org/TR/sparql12-query/#sparqlGrammar. If a token is invalid, the engine may backtrack to
other tokens for the same characters (`'''` with a bad escape becomes `''` and `'`), so that a string turns
into a clause: an invalid token is therefore an error here and never skipped.
"""

import re
from enum import Enum
from typing import Final, Literal, NamedTuple, cast

from graph.core.errors import BadInput
from graph.core.settings import Settings

TokenKind = Literal["IRI", "STRING", "LANGUAGE", "VARIABLE", "BLANK", "NAME", "NUMBER", "WORD", "MARK"]
"""A NAME is prefix:local, a WORD a keyword or the name of a built-in function, a MARK any punctuation."""

MAX_EXCERPT_LENGTH: Final = 60  # characters of a query in an error's message


class BracketContext(Enum):
    """The content of the innermost open bracket, which decides what `<` and `(` mean in it."""

    PATTERN = "pattern"  # { } and [ ]: triples, filters, groups
    SELECT = "select"  # the query itself, or the braces of a subquery
    TERMS = "terms"  # ( ) of a collection, a path, a row of VALUES or a triple term
    EXPRESSION = "expression"  # ( ) of a condition, a calculation or a function's arguments


class Token(NamedTuple):
    """One token, its offset, and the context it is in (for a bracket: the context outside it)."""

    kind: TokenKind
    text: str
    start: int
    context: BracketContext


_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_EXTRA = "0-9\u00b7\u0300-\u036f\u203f\u2040"
_CHAR = f"[{_BASE}_{_NAME_EXTRA}-]"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PREFIX = rf"[{_BASE}](?:\.*+{_CHAR}){{0,99}}+"  # bounded, since every word is tried as a prefix
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:\.*(?:{_CHAR}|:|{_ESCAPED}))*"
_HEX = "[0-9A-Fa-f]"
# Surrogates and code points above U+10FFFF are not characters.
_CODEPOINT = rf"""\\u(?![Dd][89A-Fa-f]){_HEX}{{4}}
    |\\U0000(?![Dd][89A-Fa-f]){_HEX}{{4}}|\\U000[1-9A-Fa-f]{_HEX}{{4}}|\\U0010{_HEX}{{4}}"""
_ESCAPE = rf"""\\[tbnrf"'\\]|{_CODEPOINT}"""

_SKIP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_START = re.compile(_SKIP)
_TOKEN = re.compile(
    rf"""(?:
    (?P<IRI> <(?:[^\x00-\x20<>"{{}}|^`\\]++|{_CODEPOINT})*+> )
    |(?P<VARIABLE> [?$][{_BASE}_0-9][{_BASE}_{_NAME_EXTRA}]* )
    |(?P<BLANK> _:[{_BASE}_0-9](?:\.*{_CHAR})* )
    |(?P<NAME> (?:{_PREFIX})?:(?:{_LOCAL})? )
    |(?P<WORD> [A-Za-z_][A-Za-z_0-9]* )
    |(?P<STRING> '''(?:'{{0,2}}(?:[^'\\]++|{_ESCAPE}))*+''' | \"\"\"(?:"{{0,2}}(?:[^"\\]++|{_ESCAPE}))*+\"\"\"
        | '(?!'')(?:[^'\\\r\n]++|{_ESCAPE})*+' | "(?!"")(?:[^"\\\r\n]++|{_ESCAPE})*+" )
    |(?P<LANGUAGE> @[A-Za-z]+(?:--?[A-Za-z0-9]+)* )
    |(?P<NUMBER> (?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? )
    |(?P<MARK> << | >> | [(){{}}\[\].,;|/^*+?!=>&~-] )
    ){_SKIP}""",
    re.VERBOSE,
)
_LESS_THAN = re.compile(rf"(?P<MARK><){_SKIP}")
_CLOSES = {")": "(", "}": "{", "]": "["}


def line_and_column(text: str, offset: int) -> str:
    """Return “line L, column C” of the character at `offset` in `text`, both counted from 1."""
    lines = re.split(r"\r\n|\r|\n", text[:offset])
    return f"line {len(lines)}, column {len(lines[-1]) + 1}"


def excerpt(text: str, most: int = MAX_EXCERPT_LENGTH) -> str:
    """Return `text` for an error's message, cut to `most` characters with “…” as the last if it is longer."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def tokenize(text: str, nesting: int = Settings.nesting) -> list[Token]:
    """Return the tokens of `text` without spaces and comments.

    Raise BadInput at the first invalid token, and where brackets are nested deeper than `nesting`.
    """
    found: list[Token] = []
    brackets: list[str] = []
    triples = 0  # open reified triples (<< … >>), which count as nesting
    contexts = [BracketContext.SELECT]
    match = _START.match(text)
    while match and (position := match.end()) < len(text):
        context = contexts[-1]
        is_less_than = (
            context is BracketContext.EXPRESSION and text[position] == "<" and _ends_operand(found[-1])
        )
        match = (_LESS_THAN if is_less_than else _TOKEN).match(text, position)
        if not match:
            raise _invalid_token(text, position)
        kind = cast(TokenKind, match.lastgroup)
        word = match[kind]
        token = Token(kind, word, position, context)
        if kind == "MARK":
            triples = max(0, triples + (word == "<<") - (word == ">>"))
            if word in "({[":
                contexts.append(_context_inside(token, found))
                brackets.append(word)
            elif word in _CLOSES:
                if not brackets or brackets.pop() != _CLOSES[word]:
                    message = f"Here is a “{word}”, but the last bracket opened is another or none"
                    raise BadInput(message, where=line_and_column(text, position), rule="SPARQL")
                contexts.pop()
            if len(brackets) + triples > nesting:
                raise _too_deep(text, position, nesting)
        elif context is BracketContext.PATTERN and word.upper() == "SELECT":
            contexts[-1] = BracketContext.SELECT
        found.append(token)
    if brackets:
        raise BadInput(
            f"A “{brackets[-1]}” is not closed", where=line_and_column(text, len(text)), rule="SPARQL"
        )
    return found


def _ends_operand(token: Token) -> bool:
    """Return whether a `<` after this token of an expression is an operator and does not begin an IRI."""
    if token.kind == "MARK":
        return token.text in (")", "}", "]", ">>")
    return token.kind != "WORD" or token.text.upper() in ("TRUE", "FALSE")


def _context_inside(bracket: Token, before: list[Token]) -> BracketContext:
    """Return the context within an opening bracket, given the tokens before it."""
    if bracket.text != "(":
        return BracketContext.PATTERN
    last = before[-1] if before else bracket
    if last.text == "<<":
        return BracketContext.TERMS
    if bracket.context in (BracketContext.SELECT, BracketContext.EXPRESSION):
        return BracketContext.EXPRESSION
    is_call = last.kind == "WORD" and last.text != "a"
    is_filter = len(before) > 1 and before[-2].kind == "WORD" and before[-2].text.upper() == "FILTER"
    return BracketContext.EXPRESSION if is_call or is_filter else BracketContext.TERMS


def _too_deep(text: str, position: int, nesting: int) -> BadInput:
    return BadInput(
        f"Brackets are nested more than {nesting} deep",
        where=line_and_column(text, position),
        rule="UTSAGA_NESTING",
        remedy="flatten the query, or ask in several",
    )


def _invalid_token(text: str, position: int) -> BadInput:
    """Return the error for the characters at `position`, which form no token."""
    openings = {"<": "IRI", "'": "string", '"': "string", "_": "blank node", "@": "language tag"}
    start = re.match(r"\S{0,20}", text[position:])
    shown = start.group() if start and start.group() else f"U+{ord(text[position]):04X}"
    remedy = f"check the {openings[shown[0]]} that begins here" if shown[0] in openings else "remove it"
    message = f"“{shown}” is not SPARQL"
    return BadInput(message, where=line_and_column(text, position), rule="SPARQL", remedy=remedy)
