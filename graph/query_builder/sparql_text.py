"""Parts of SPARQL made of terms: names with the prefixes they need, values, variables."""

import re
from typing import Final

from graph.core.iris import last_segment
from graph.core.namespaces import PREFIXES, compact_iri
from graph.core.terms import Term, iri
from graph.rdf.convert import to_node

_SHORT_NAME: Final = re.compile(r"[a-z]+:[A-Za-z][A-Za-z0-9_]*")
_WORDS: Final = re.compile(r"[A-Za-z0-9]+")


class Vocabulary:
    """Writes the names of terms, and remembers which prefixes they need and which variables there are."""

    def __init__(self) -> None:
        """Begin with no prefixes and no variables."""
        self._prefixes: set[str] = set()
        self._variables: set[str] = set()

    def name(self, term: str) -> str:
        """Return the IRI `term`, with a prefix if it has one; raise ValueError if it is no IRI."""
        short = compact_iri(term)
        if _SHORT_NAME.fullmatch(short):
            self._prefixes.add(short.partition(":")[0])
            return short
        return str(to_node(iri(term)))

    def value(self, term: Term) -> str:
        """Return `term`, which may come from outside; the engine's classes escape and refuse characters."""
        if term.kind == "iri":
            return self.name(term.value)
        if term.datatype.endswith("#integer"):
            return str(int(term.value))
        return str(to_node(term))

    def variable(self, source: str) -> str:
        """Return a new variable called like the IRI `source` of a class or a property."""
        first, *others = _WORDS.findall(last_segment(source)) or ["thing"]
        stem = first[:1].lower() + first[1:] + "".join(each.capitalize() for each in others)
        name, number = f"?{stem}", 1
        while name in self._variables:
            number += 1
            name = f"?{stem}{number}"
        self._variables |= {name, label_variable(name)}
        return name

    def prologue(self) -> str:
        """Return the declarations of the prefixes that have been used."""
        return "".join(f"PREFIX {each}: <{PREFIXES[each]}>\n" for each in sorted(self._prefixes))


def label_variable(variable: str) -> str:
    """Return the variable of the label of what `variable` is bound to."""
    return f"{variable}Label"
