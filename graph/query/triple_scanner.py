"""The triples, variables and gaps in the tokens of a query, whether it is valid or not.

It reads the parts of the grammar in which a query is most often wrong, and skips what it does not know. What
the engine accepts is up to the engine: this only finds words for what is probably meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from graph.query.lexer import Token

Missing = Literal["dot", "semicolon"]

_TERMS: Final = frozenset({"IRI", "NAME", "VARIABLE", "BLANK", "STRING", "NUMBER"})
_PATH_JOINTS: Final = ("/", "|", "^")
_PATH_MARKS: Final = frozenset("/|^*+?!")
_ENDS: Final = frozenset(".;,}])")


@dataclass(frozen=True)
class ScannedTriple:
    """A triple: its subject and object, if they are single tokens, and the tokens of its predicate."""

    subject: Token | None
    predicate: tuple[Token, ...]
    object: Token | None

    @property
    def is_type(self) -> bool:
        """Return whether the predicate is `a` or rdf:type."""
        return len(self.predicate) == 1 and self.predicate[0].text in ("a", "rdf:type")


@dataclass(frozen=True)
class Gap:
    """A mark that is missing after the token `after`, before the token `before`."""

    missing: Missing
    after: Token
    before: Token


@dataclass
class Scan:
    """What was found: triples, gaps, and the variables that a pattern, BIND, VALUES or AS gives a value."""

    triples: list[ScannedTriple] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)


def scan(tokens: Sequence[Token]) -> Scan:
    """Return what is found in the `tokens` of a query."""
    scanner = _Scanner(tokens)
    scanner.scan_outside()
    return scanner.found


class _Scanner:
    """A position in the tokens; each method reads from there on, and leaves it after what it read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens, self.at, self.found = tokens, 0, Scan()

    @property
    def text(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    @property
    def word(self) -> str:
        """The current keyword in upper case, or nothing."""
        is_word = self.at < len(self.tokens) and self.tokens[self.at].kind == "WORD"
        return self.text.upper() if is_word else ""

    @property
    def starts_term(self) -> bool:
        if self.at >= len(self.tokens):
            return False
        return self.tokens[self.at].kind in _TERMS or self.text in ("[", "(")

    def scan_outside(self) -> None:
        """Read what is not a group, and the groups within it, to the end or to a closing brace."""
        while self.at < len(self.tokens) and self.text != "}":
            if self.text == "{":
                self.at += 1
                self.scan_group()
            elif self.word == "VALUES":
                self.scan_values()
            else:
                self.bind_alias()
                self.at += 1

    def scan_group(self) -> None:
        """Read a group, whose opening brace has been read, with its closing brace."""
        while self.at < len(self.tokens) and self.text != "}":
            if self.word == "SELECT":
                self.scan_outside()
            elif self.text == "{":
                self.at += 1
                self.scan_group()
            elif self.word == "VALUES":
                self.scan_values()
            elif self.word in ("FILTER", "BIND", "HAVING"):
                self.scan_condition()
            elif self.word in ("GRAPH", "SERVICE"):
                self.scan_graph()
            elif self.starts_term:
                self.scan_subject()
            else:
                self.at += 1
        self.at += 1

    def scan_condition(self) -> None:
        """Read FILTER or BIND with its expression, and the groups of EXISTS within it."""
        self.at += 1
        while self.at < len(self.tokens) and self.text not in ("(", "{", "}"):
            self.at += 1
        if self.text == "(":
            self.skip_brackets()
        elif self.text == "{":
            self.at += 1
            self.scan_group()

    def scan_graph(self) -> None:
        """Read GRAPH or SERVICE with its name."""
        self.at += 1
        if self.word == "SILENT":
            self.at += 1
        if self.starts_term and self.text not in ("[", "("):
            self.bind(self.tokens[self.at])
            self.at += 1

    def scan_values(self) -> None:
        """Read VALUES with its variables and rows."""
        while self.at < len(self.tokens) and self.text != "{":
            self.bind(self.tokens[self.at])
            self.at += 1
        while self.at < len(self.tokens) and self.text != "}":
            self.at += 1
        self.at += 1

    def scan_subject(self) -> None:
        """Read the triples with one subject."""
        is_blank = self.text == "["
        subject = self.scan_term()
        if not (is_blank and self.text in _ENDS):
            self.scan_predicates(subject)

    def scan_predicates(self, subject: Token | None) -> None:
        """Read predicates and objects as far as semicolons, commas and gaps go."""
        while self.at < len(self.tokens):
            predicate = self.scan_predicate()
            if not predicate or not self.scan_objects(subject, predicate):
                return
            while self.text == ";":
                self.at += 1
            if self.text in (".", "}", "]") or self.word not in ("", "A"):
                return

    def scan_predicate(self) -> tuple[Token, ...]:
        """Return the tokens of a predicate or path."""
        start = self.at
        is_end = False  # whether a path may end here
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text == "(" and not is_end:
                self.skip_brackets()
                is_end = True
            elif token.kind in ("IRI", "NAME", "VARIABLE") or token.text == "a":
                if is_end:
                    break
                is_end = True
                self.bind(token)
                self.at += 1
            elif token.text in _PATH_MARKS:
                is_end = is_end and token.text in "*+?"
                self.at += 1
            else:
                break
        return tuple(self.tokens[start : self.at])

    def scan_objects(self, subject: Token | None, predicate: tuple[Token, ...]) -> bool:
        """Read the objects of a predicate; return whether another predicate of the subject follows."""
        start = self.at
        while self.starts_term or self.word in ("TRUE", "FALSE") or self.text in ("+", "-"):
            last = self.scan_term()
            self.found.triples.append(ScannedTriple(subject, predicate, last))
            if self.text != ",":
                break
            self.at += 1
        if self.text == ";":
            return True
        if self.at == start or (not self.starts_term and self.text != "a"):
            return False
        return self.note_gap()

    def note_gap(self) -> bool:
        """Note the mark that is missing here; return whether that is a semicolon."""
        after, before, terms, depth, last = self.tokens[self.at - 1], self.tokens[self.at], 0, 0, ""
        for token in self.tokens[self.at :]:
            depth += (token.text in "([") - (token.text in ")]") if token.kind == "MARK" else 0
            if not depth and (token.text in _ENDS or token.text == "{" or token.kind == "LANGUAGE"):
                break
            is_term = token.kind in _TERMS or token.text in ("a", ")", "]")
            terms += not depth and is_term and last not in _PATH_JOINTS
            last = token.text
        missing: Missing = "semicolon" if terms == 2 and before.kind != "VARIABLE" else "dot"
        self.found.gaps.append(Gap(missing, after, before))
        return missing == "semicolon"

    def scan_term(self) -> Token | None:
        """Read a subject or object; return it if it is one token."""
        if self.text == "[":
            self.at += 1
            self.scan_predicates(None)
            while self.at < len(self.tokens) and self.text not in ("]", "}"):
                self.at += 1
            self.at += self.text == "]"
            return None
        if self.text == "(":
            self.bind_within_brackets()
            return None
        if self.text in ("+", "-"):
            self.at += 1
        token = self.tokens[min(self.at, len(self.tokens) - 1)]
        self.bind(token)
        self.at += 1
        if token.kind == "STRING":
            self.skip_datatype()
        return token

    def skip_datatype(self) -> None:
        """Read a language tag or a datatype."""
        if self.at < len(self.tokens) and self.tokens[self.at].kind == "LANGUAGE":
            self.at += 1
        elif self.text == "^":
            while self.text == "^":
                self.at += 1
            self.at += 1

    def bind_within_brackets(self) -> None:
        start = self.at
        self.skip_brackets()
        for token in self.tokens[start : self.at]:
            self.bind(token)

    def skip_brackets(self) -> None:
        """Read from an opening bracket to its closing one, with the groups and aliases within."""
        depth = 0
        while self.at < len(self.tokens):
            if self.text == "{":
                self.at += 1
                self.scan_group()
                continue
            depth += (self.text == "(") - (self.text == ")")
            self.bind_alias()
            self.at += 1
            if depth <= 0:
                return

    def bind_alias(self) -> None:
        """Bind the variable after AS."""
        if self.word == "AS" and self.at + 1 < len(self.tokens):
            self.bind(self.tokens[self.at + 1])

    def bind(self, token: Token) -> None:
        if token.kind == "VARIABLE":
            self.found.bound.add(token.text[1:])
