"""Decides whether a stranger's query may run: it only reads, and calls no endpoint that is not allowed.

The engine reads SPARQL without word boundaries and tries one reading after another, so that `SERVICEa:x {}`
and `true.SERVICEa:x {}` are calls to the service a:x. In doubt the guard refuses.
"""

import re
from typing import Final, NamedTuple, cast

import pyoxigraph as ox

from graph.core.errors import BadInput, Forbidden, UtsagaError
from graph.core.settings import Settings
from graph.query.lexer import BracketContext, Token, line_and_column, tokenize
from graph.rdf.formats import Form

FORMS: Final[dict[str, Form]] = {
    "SELECT": "bindings",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
QUERIES = frozenset(FORMS)
NONDETERMINISTIC: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})
UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)  # https://www.w3.org/TR/sparql12-update/#sparqlGrammar
_VOCABULARY = """
A ABS ADJUST AS ASC AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY DESC
DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING
HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE
LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND
REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR
STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE
TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR
"""
KEYWORDS = QUERIES | frozenset(_VOCABULARY.split())
_WRITE = "to change the data, edit the facts and build a new release"


class Verdict(NamedTuple):
    """What the guard learnt of a query that may run: its result's form, and whether the answer lasts."""

    form: Form
    lasts: bool


def check_query(
    text: str,
    *,
    base_iri: str,
    allowed_services: frozenset[str] = frozenset(),
    nesting: int = Settings.nesting,
) -> Verdict:
    """Return what kind of query `text` is if it may run here.

    Relative IRIs are resolved against `base_iri`; `allowed_services` holds the IRIs that SERVICE may name;
    brackets may be nested `nesting` deep. Raise Forbidden for an update and for a call to any other service,
    BadInput for what is not SPARQL or nested deeper.
    """
    return _Reading(text, base_iri, allowed_services, nesting).check()


class _Reading:
    """One pass over the tokens of a query, with the prefixes and the base that hold in it."""

    def __init__(self, text: str, base_iri: str, allowed_services: frozenset[str], nesting: int) -> None:
        self.text, self.base, self.allowed = text, base_iri, allowed_services
        self.prefixes: dict[str, str] = {}
        self.tokens = tokenize(text, nesting)
        self.next = 0

    def check(self) -> Verdict:
        self.read_prologue()
        self.check_form()
        form = FORMS[self.at(self.next).text.upper()]
        for index in range(self.next, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "WORD":
                self.check_word(token, index)
            elif token.kind == "NAME":
                self.expand(token)
                self.check_whole(token, index)
        words = {token.text.upper() for token in self.tokens if token.kind == "WORD"}
        return Verdict(form, words.isdisjoint(NONDETERMINISTIC))

    def read_prologue(self) -> None:
        """Take in BASE, PREFIX and VERSION, and stop at the first token after them."""
        while words := self.declaration():
            if words[0].text.upper() == "BASE":
                self.base = self.resolve(words[1])
            elif words[0].text.upper() == "PREFIX":
                self.prefixes[words[1].text[:-1]] = self.resolve(words[2])
            self.next += len(words)

    def declaration(self) -> list[Token]:
        """Return the tokens of the declaration that comes next, or none."""
        shapes = {
            "BASE": ["WORD", "IRI"],
            "PREFIX": ["WORD", "NAME", "IRI"],
            "VERSION": ["WORD", "STRING"],
        }
        shape = shapes.get(self.at(self.next).text.upper())
        if shape is None:
            return []
        words = self.tokens[self.next : self.next + len(shape)]
        local = words[1].text.partition(":")[2] if shape[1] == "NAME" and len(words) > 1 else ""
        if [word.kind for word in words] != shape or local:
            raise self.wrong(BadInput, f"This {words[0].text.upper()} is not complete", words[0])
        return words

    def check_form(self) -> None:
        """Refuse whatever does not begin as a query does."""
        first = self.at(self.next)
        if first.text.upper() in QUERIES and first.kind == "WORD":
            return
        if first.kind == "WORD" and first.text.upper() in UPDATES:
            if self.is_update():
                self.check_word(first, self.next)
            message = f"{first.text.upper()} begins an update, which is not valid either"
            raise self.wrong(BadInput, message, first, remedy=_WRITE)
        begins = f"begins with “{first.text}”" if first.text else "has no text"
        remedy = "begin with SELECT, ASK, CONSTRUCT or DESCRIBE"
        raise self.wrong(BadInput, f"The query {begins}", first, remedy=remedy)

    def is_update(self) -> bool:
        """Tell whether the engine takes the whole text for an update, without running it.

        The text is followed by what no update holds, so that parsing fails: there, if all before it is valid.
        The engine may count as far as its longest keyword too far, hence the spaces.
        """
        spaces, end = " " * 64, "\0"
        try:
            ox.Store().update(f"{self.text}\n{spaces}{end}", base_iri=self.base)
        except SyntaxError as error:
            stopped = re.match(r"error at (\d+):(\d+):", str(error))
            last = self.text.count("\n") + 2
            return stopped is not None and int(stopped[1]) == last and int(stopped[2]) > len(spaces)
        return False

    def check_word(self, token: Token, index: int) -> None:
        """Refuse words that update, SERVICE where it is not allowed, and words that SPARQL does not have."""
        word = token.text.upper()
        if word in UPDATES:
            message = f"{word} is an update, and this endpoint is read-only"
            raise self.wrong(Forbidden, message, token, rule="read-only", remedy=_WRITE)
        if word not in KEYWORDS:
            remedy = "correct its spelling, or put a space between two keywords"
            raise self.wrong(BadInput, f"“{token.text}” is no word of SPARQL", token, remedy=remedy)
        if word == "SERVICE":
            self.check_service(token, index)

    def check_service(self, service: Token, index: int) -> None:
        """Refuse a call unless the IRI it names is allowed."""
        called = self.at(index + 1)
        if called.text.upper() == "SILENT":
            called = self.at(index + 2)
        named = ""
        if called.kind == "IRI":
            named = self.resolve(called)
        elif called.kind == "NAME" and not called.text.upper().startswith("SILENT"):
            named = self.expand(called)
        if named in self.allowed:
            return
        target = f"<{named}>" if named else "an endpoint that is not named in the query"
        only = ", ".join(sorted(self.allowed))
        raise self.wrong(
            Forbidden,
            f"SERVICE calls {target}, and this endpoint is read-only and does not call that one",
            service,
            rule="allowed services",
            remedy=f"call only {only}" if only else "query that endpoint yourself and join the results",
        )

    def check_whole(self, token: Token, index: int) -> None:
        """Refuse a name that the engine could tear into a keyword and a shorter name."""
        torn = re.search("service|filter", token.text.partition(":")[0], re.IGNORECASE)
        before = self.at(index - 1).text.upper()
        clause = token.context is BracketContext.PATTERN and self.at(index + 1).text in ("{", "(")
        if torn and clause and before not in ("GRAPH", "FILTER"):
            message = f"“{token.text}” may be read as the keyword {torn.group().upper()}"
            remedy = "give the prefix another name"
            raise self.wrong(Forbidden, message, token, rule="read-only", remedy=remedy)

    def expand(self, name: Token) -> str:
        """Return the IRI of a prefixed name; raise BadInput if it has none."""
        prefix, _, local = name.text.partition(":")
        if prefix not in self.prefixes:
            remedy = f"declare it: PREFIX {prefix}: <…>"
            raise self.wrong(BadInput, f"The prefix “{prefix}:” is not declared", name, remedy=remedy)
        whole = self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        try:
            return ox.NamedNode(whole).value
        except ValueError as error:
            raise self.wrong(BadInput, f"“{name.text}” is no IRI: {error}", name) from error

    def resolve(self, iri: Token) -> str:
        """Return the absolute IRI that the engine itself makes of `iri`."""
        triple = f"{iri.text} a {iri.text} ."
        try:
            quad: ox.Quad = next(ox.parse(triple, format=ox.RdfFormat.TURTLE, base_iri=self.base))
        except (SyntaxError, ValueError) as error:
            raise self.wrong(BadInput, f"{iri.text} is no IRI", iri) from error
        return cast(ox.NamedNode, quad.subject).value

    def at(self, index: int) -> Token:
        """Return the token at `index`, or an empty one at the end of the query."""
        if 0 <= index < len(self.tokens):
            return self.tokens[index]
        return Token("MARK", "", len(self.text), BracketContext.SELECT)

    def wrong(
        self, error: type[UtsagaError], message: str, token: Token, *, rule: str = "SPARQL", remedy: str = ""
    ) -> UtsagaError:
        """Return an error that says where in the query `token` is."""
        return error(message, where=line_and_column(self.text, token.start), rule=rule, remedy=remedy)
