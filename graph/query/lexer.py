"""Splits a SPARQL query into its tokens, reading each `<`, quote and `#` just as the engine does.

https://www.w3.org/TR/sparql12-query/#sparqlGrammar. Where a token is broken, the engine may fall back to
another reading of the same characters (`'''` with a bad escape becomes `''` and `'`), so that what looked
like a string turns into a clause: a broken token is therefore an error here and never skipped.
"""

import re
from enum import Enum
from typing import Literal, NamedTuple, cast

from graph.core.errors import BadInput
from graph.core.settings import Settings

TokenKind = Literal["IRI", "STRING", "LANGUAGE", "VARIABLE", "BLANK", "NAME", "NUMBER", "WORD", "MARK"]
"""A NAME is prefix:local, a WORD a keyword or the name of a built-in function, a MARK any punctuation."""


class BracketContext(Enum):
    """What the innermost open bracket holds, which decides what `<` and `(` mean there."""

    PATTERN = "pattern"  # { } and [ ]: triples, filters, groups
    SELECT = "select"  # the query itself, or the braces of a subquery
    TERMS = "terms"  # ( ) of a collection, a path, a row of VALUES or a triple term
    EXPRESSION = "expression"  # ( ) of a condition, a calculation or a function's arguments


class Token(NamedTuple):
    """One token, where it starts, and the level it stands on (for a bracket: the level outside it)."""

    kind: TokenKind
    text: str
    start: int
    context: BracketContext


_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LATER = "0-9\u00b7\u0300-\u036f\u203f\u2040"
_CHAR = f"[{_BASE}_{_LATER}-]"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PREFIX = rf"[{_BASE}](?:\.*+{_CHAR}){{0,99}}+"  # bounded, since every word is tried as one
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:\.*(?:{_CHAR}|:|{_ESCAPED}))*"
_HEX = "[0-9A-Fa-f]"
# Half of a surrogate pair and what lies beyond Unicode are no characters.
_CODEPOINT = rf"""\\u(?![Dd][89A-Fa-f]){_HEX}{{4}}
    |\\U0000(?![Dd][89A-Fa-f]){_HEX}{{4}}|\\U000[1-9A-Fa-f]{_HEX}{{4}}|\\U0010{_HEX}{{4}}"""
_ESCAPE = rf"""\\[tbnrf"'\\]|{_CODEPOINT}"""

_SKIP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_START = re.compile(_SKIP)
_TOKEN = re.compile(
    rf"""(?:
    (?P<IRI> <(?:[^\x00-\x20<>"{{}}|^`\\]++|{_CODEPOINT})*+> )
    |(?P<VARIABLE> [?$][{_BASE}_0-9][{_BASE}_{_LATER}]* )
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
_LESS = re.compile(rf"(?P<MARK><){_SKIP}")
_CLOSES = {")": "(", "}": "{", "]": "["}


def line_and_column(text: str, offset: int) -> str:
    """Say in words at which line and column of `text` the character at `offset` is, both counted from 1."""
    lines = re.split(r"\r\n|\r|\n", text[:offset])
    return f"line {len(lines)}, column {len(lines[-1]) + 1}"


def tokenize(text: str, nesting: int = Settings.nesting) -> list[Token]:
    """Return the tokens of `text` without spaces and comments.

    Raise BadInput at the first that is none, and where brackets are nested deeper than `nesting`.
    """
    found: list[Token] = []
    brackets: list[str] = []
    triples = 0  # reified triples that are open, nested like brackets
    levels = [BracketContext.SELECT]
    match = _START.match(text)
    while match and (position := match.end()) < len(text):
        level = levels[-1]
        compares = level is BracketContext.EXPRESSION and text[position] == "<" and _ends_operand(found[-1])
        match = (_LESS if compares else _TOKEN).match(text, position)
        if not match:
            raise _unreadable(text, position)
        kind = cast(TokenKind, match.lastgroup)
        word = match[kind]
        token = Token(kind, word, position, level)
        if kind == "MARK":
            triples = max(0, triples + (word == "<<") - (word == ">>"))
            if word in "({[":
                levels.append(_inside(token, found))
                brackets.append(word)
            elif word in _CLOSES:
                if not brackets or brackets.pop() != _CLOSES[word]:
                    message = f"Here is a “{word}”, but the last bracket opened is another or none"
                    raise BadInput(message, where=line_and_column(text, position), rule="SPARQL")
                levels.pop()
            if len(brackets) + triples > nesting:
                raise _too_deep(text, position, nesting)
        elif level is BracketContext.PATTERN and word.upper() == "SELECT":
            levels[-1] = BracketContext.SELECT
        found.append(token)
    if brackets:
        raise BadInput(
            f"A “{brackets[-1]}” is not closed", where=line_and_column(text, len(text)), rule="SPARQL"
        )
    return found


def _ends_operand(token: Token) -> bool:
    """Tell whether a `<` after this token of an expression compares, rather than begins an IRI."""
    if token.kind == "MARK":
        return token.text in (")", "}", "]", ">>")
    return token.kind != "WORD" or token.text.upper() in ("TRUE", "FALSE")


def _inside(bracket: Token, before: list[Token]) -> BracketContext:
    """Return the level within an opening bracket, from where it stands and the tokens before it."""
    if bracket.text != "(":
        return BracketContext.PATTERN
    last = before[-1] if before else bracket
    if last.text == "<<":
        return BracketContext.TERMS
    if bracket.context in (BracketContext.SELECT, BracketContext.EXPRESSION):
        return BracketContext.EXPRESSION
    calls = last.kind == "WORD" and last.text != "a"
    filters = len(before) > 1 and before[-2].kind == "WORD" and before[-2].text.upper() == "FILTER"
    return BracketContext.EXPRESSION if calls or filters else BracketContext.TERMS


def _too_deep(text: str, position: int, nesting: int) -> BadInput:
    return BadInput(
        f"Brackets are nested more than {nesting} deep",
        where=line_and_column(text, position),
        rule="UTSAGA_NESTING",
        remedy="flatten the query, or ask in several",
    )


def _unreadable(text: str, position: int) -> BadInput:
    """Say what the characters at `position` were meant to be."""
    meant = {"<": "IRI", "'": "string", '"': "string", "_": "blank node", "@": "language tag"}
    start = re.match(r"\S{0,20}", text[position:])
    shown = start.group() if start and start.group() else f"U+{ord(text[position]):04X}"
    remedy = f"check the {meant[shown[0]]} that begins here" if shown[0] in meant else "remove it"
    message = f"“{shown}” is not SPARQL"
    return BadInput(message, where=line_and_column(text, position), rule="SPARQL", remedy=remedy)
