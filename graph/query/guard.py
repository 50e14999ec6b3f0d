"""Check that an untrusted query is read-only and calls only endpoints that are allowed.

The engine's parser needs no space between words and backtracks, so that `SERVICEa:x {}` and
`true.SERVICEa:x {}` are calls to the service a:x. The guard refuses what it cannot decide.
"""

import re
from typing import Final, NamedTuple, cast

import pyoxigraph as ox

from graph.core.errors import BadInput, Forbidden, UtsagaError
from graph.core.settings import Settings
from graph.query.lexer import BracketContext, Token, excerpt, line_and_column, tokenize
from graph.rdf.formats import Form

FORMS: Final[dict[str, Form]] = {
    "SELECT": "bindings",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
QUERY_FORMS = frozenset(FORMS)
NONDETERMINISTIC: Final = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})
UPDATE_KEYWORDS = frozenset(
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
KEYWORDS = QUERY_FORMS | frozenset(_VOCABULARY.split())
_UPDATE_REMEDY = "to change the data, edit the facts and build a new release"


class Verdict(NamedTuple):
    """The result of checking a query: the form of its result, and whether the result may be cached."""

    form: Form
    cacheable: bool


def check_query(
    text: str,
    *,
    base_iri: str,
    allowed_services: frozenset[str] = frozenset(),
    nesting: int = Settings.nesting,
) -> Verdict:
    """Return the verdict on the query `text` if it may run.

    Relative IRIs are resolved against `base_iri`; `allowed_services` holds the IRIs that SERVICE may name;
    brackets may be nested `nesting` deep. Raise Forbidden for a call to any other service, BadInput for a
    text that is not a query of SPARQL, such as an update, or is nested deeper.
    """
    return _Guard(text, base_iri, allowed_services, nesting).check()


class _Guard:
    """A check of one query: its tokens, prefixes and base IRI."""

    def __init__(self, text: str, base_iri: str, allowed_services: frozenset[str], nesting: int) -> None:
        self.text, self.base_iri, self.allowed_services = text, base_iri, allowed_services
        self.prefixes: dict[str, str] = {}
        self.tokens = tokenize(text, nesting)
        self.position = 0

    def check(self) -> Verdict:
        self.read_prologue()
        self.check_form()
        form = FORMS[self.token_at(self.position).text.upper()]
        for index in range(self.position, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "WORD":
                self.check_word(token, index)
            elif token.kind == "NAME":
                self.expand(token)
                self.check_prefixed_name(token, index)
        words = {token.text.upper() for token in self.tokens if token.kind == "WORD"}
        return Verdict(form, words.isdisjoint(NONDETERMINISTIC))

    def read_prologue(self) -> None:
        """Read BASE, PREFIX and VERSION declarations, and stop at the first token after them."""
        while words := self.read_declaration():
            if words[0].text.upper() == "BASE":
                self.base_iri = self.resolve(words[1])
            elif words[0].text.upper() == "PREFIX":
                self.prefixes[words[1].text[:-1]] = self.resolve(words[2])
            self.position += len(words)

    def read_declaration(self) -> list[Token]:
        """Return the tokens of the declaration at the current position, none if there is none."""
        shapes = {
            "BASE": ["WORD", "IRI"],
            "PREFIX": ["WORD", "NAME", "IRI"],
            "VERSION": ["WORD", "STRING"],
        }
        shape = shapes.get(self.token_at(self.position).text.upper())
        if shape is None:
            return []
        words = self.tokens[self.position : self.position + len(shape)]
        local = words[1].text.partition(":")[2] if shape[1] == "NAME" and len(words) > 1 else ""
        if [word.kind for word in words] != shape or local:
            raise self.error_at(BadInput, f"This {words[0].text.upper()} is not complete", words[0])
        return words

    def check_form(self) -> None:
        """Raise an error unless the query begins with the keyword of a query form."""
        first = self.token_at(self.position)
        if first.text.upper() in QUERY_FORMS and first.kind == "WORD":
            return
        if first.kind == "WORD":
            self.check_no_update(first)
        begins = f"begins with “{excerpt(first.text)}”" if first.text else "has no text"
        remedy = "begin with SELECT, ASK, CONSTRUCT or DESCRIBE"
        raise self.error_at(BadInput, f"The query {begins}", first, remedy=remedy)

    def check_no_update(self, token: Token) -> None:
        """Raise BadInput if a word begins an update, which the grammar of queries does not have.

        https://www.w3.org/TR/sparql11-protocol/#query-failure: what is not a query is malformed, 400.
        """
        word = token.text.upper()
        if word in UPDATE_KEYWORDS:
            message = f"{word} begins an update, which is no query, and this endpoint is read-only"
            raise self.error_at(BadInput, message, token, rule="read-only", remedy=_UPDATE_REMEDY)

    def check_word(self, token: Token, index: int) -> None:
        """Raise an error for keywords of updates, for calls that are not allowed and for unknown words."""
        word = token.text.upper()
        self.check_no_update(token)
        if word not in KEYWORDS:
            remedy = "correct its spelling, or put a space between two keywords"
            message = f"“{excerpt(token.text)}” is not a keyword of SPARQL"
            raise self.error_at(BadInput, message, token, remedy=remedy)
        if word == "SERVICE":
            self.check_service(token, index)

    def check_service(self, service: Token, index: int) -> None:
        """Raise Forbidden unless the IRI that SERVICE names is allowed."""
        target = self.token_at(index + 1)
        if target.text.upper() == "SILENT":
            target = self.token_at(index + 2)
        iri = ""
        if target.kind == "IRI":
            iri = self.resolve(target)
        elif target.kind == "NAME" and not target.text.upper().startswith("SILENT"):
            iri = self.expand(target)
        if iri in self.allowed_services:
            return
        name = f"<{excerpt(iri)}>" if iri else "an endpoint that is not named in the query"
        allowed = ", ".join(sorted(self.allowed_services))
        raise self.error_at(
            Forbidden,
            f"SERVICE calls {name}, and this endpoint is read-only and does not call that one",
            service,
            rule="allowed services",
            remedy=f"call only {allowed}" if allowed else "query that endpoint yourself and join the results",
        )

    def check_prefixed_name(self, token: Token, index: int) -> None:
        """Raise Forbidden for a name that the engine could split into a keyword and a shorter name."""
        keyword = re.search("service|filter", token.text.partition(":")[0], re.IGNORECASE)
        before = self.token_at(index - 1).text.upper()
        clause = token.context is BracketContext.PATTERN and self.token_at(index + 1).text in ("{", "(")
        if keyword and clause and before not in ("GRAPH", "FILTER"):
            message = f"“{excerpt(token.text)}” may be read as the keyword {keyword.group().upper()}"
            remedy = "give the prefix another name"
            raise self.error_at(Forbidden, message, token, rule="read-only", remedy=remedy)

    def expand(self, name: Token) -> str:
        """Return the IRI of a prefixed name; raise BadInput if it has no valid one."""
        prefix, _, local = name.text.partition(":")
        if prefix not in self.prefixes:
            shown = excerpt(f"{prefix}:")
            remedy = f"declare it: PREFIX {shown} <…>"
            raise self.error_at(BadInput, f"The prefix “{shown}” is not declared", name, remedy=remedy)
        iri = self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
        try:
            return ox.NamedNode(iri).value
        except ValueError as error:
            message = f"“{excerpt(name.text)}” is not an IRI: {excerpt(str(error))}"
            raise self.error_at(BadInput, message, name) from error

    def resolve(self, iri: Token) -> str:
        """Return the absolute IRI of `iri`, resolved by the engine itself."""
        triple = f"{iri.text} a {iri.text} ."
        try:
            quad: ox.Quad = next(ox.parse(triple, format=ox.RdfFormat.TURTLE, base_iri=self.base_iri))
        except (SyntaxError, ValueError) as error:
            raise self.error_at(BadInput, f"{excerpt(iri.text)} is not an IRI", iri) from error
        return cast(ox.NamedNode, quad.subject).value

    def token_at(self, index: int) -> Token:
        """Return the token at `index`, or an empty one beyond the ends of the query."""
        if 0 <= index < len(self.tokens):
            return self.tokens[index]
        return Token("MARK", "", len(self.text), BracketContext.SELECT)

    def error_at(
        self, error: type[UtsagaError], message: str, token: Token, *, rule: str = "SPARQL", remedy: str = ""
    ) -> UtsagaError:
        """Return an error with the line and column of `token`."""
        return error(message, where=line_and_column(self.text, token.start), rule=rule, remedy=remedy)
