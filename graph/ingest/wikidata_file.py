"""Reads and writes the file with facts from Wikidata: N-Triples, sorted, which may hold only facts.

Anything that this module would not have written is a fault, so that no page shows what was edited by hand.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from graph.core import files
from graph.core.errors import BadInput, Fault
from graph.core.files import read_text
from graph.core.namespaces import DCTERMS
from graph.core.terms import iri, text
from graph.core.translations import for_site
from graph.ingest.facts import Facts
from graph.ingest.wikidata_records import WIKIDATA, Record, Statement, by_subject, records
from graph.rdf.convert import to_node, to_term

FILE: Final = "enrichment/wikidata.nt"
_TITLES: Final = for_site({"sv": "Uppgifter från Wikidata", "en": "Facts from Wikidata"})
_ABOUT: Final[tuple[Statement, ...]] = (
    *((WIKIDATA, DCTERMS + "title", text(words, language)) for language, words in _TITLES.items()),
    (WIKIDATA, DCTERMS + "license", iri("https://creativecommons.org/publicdomain/zero/1.0/")),
    (WIKIDATA, DCTERMS + "source", iri("https://www.wikidata.org/")),
)
_RULE: Final = "enrichment"
_REMEDY: Final = "take the line out, or delete the file and run utsaga enrich"


def read(path: Path) -> Facts:
    """Return the facts in the file at `path`; raise BadInput with every fault found."""
    places, _ = _read(path)
    graph = NamedNode(WIKIDATA)
    quads = [Quad(each.subject, each.predicate, each.object, graph) for each in map(_triple, places)]
    lines: dict[str, str] = {}
    for (subject, property_, _), place in places.items():
        lines.setdefault(f"{subject} {property_}", place)
        if subject.startswith(WIKIDATA):  # not an entity's: that stands where it is declared
            lines.setdefault(subject, place)
    return Facts(WIKIDATA, quads, lines)


def load(path: Path) -> dict[str, Record]:
    """Return the records in the file at `path` by entity, none where there is no file; raise BadInput."""
    return _read(path)[1] if path.exists() else {}


def save(path: Path, kept: Iterable[Record]) -> None:
    """Write the records `kept` to the file at `path`, atomically; the same records give the same file."""
    said = {each for record in kept for each in record.statements()} | set(_ABOUT)
    content = "".join(sorted(f"{_triple(each)} .\n" for each in said))
    if not path.exists() or read_text(path) != content:
        files.ensure_writable(path.parent)
        files.write_atomically(path, content)


def _read(path: Path) -> tuple[dict[Statement, str], dict[str, Record]]:
    """Return the line of each statement of a file, and its records."""
    places: dict[Statement, str] = {}
    faults: list[Fault] = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        where = f"{path}:{number}"
        try:
            quads = list(parse(line.encode(), format=RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError) as error:
            faults.append(Fault(where, f"the line is no N-Triples: {error}", "N-Triples", _REMEDY))
            continue
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and not isinstance(quad.object, BlankNode | Triple):
                places[quad.subject.value, quad.predicate.value, to_term(quad.object)] = where
            else:
                faults.append(Fault(where, "a node without a name is no fact", _RULE, _REMEDY))
    known = records(by_subject(places))
    own = {each for record in known.values() for each in record.statements()} | set(_ABOUT)
    faults += [_fault(each, where) for each, where in places.items() if each not in own]
    missing = own - places.keys()
    faults += [Fault(f"{path}:1", f"“{_triple(each)}” is missing", _RULE, "add it") for each in missing]
    if faults:
        raise BadInput.of(faults)
    return places, known


def _fault(said: Statement, where: str) -> Fault:
    subject, property_, value = said
    message = f"<{property_}> {to_node(value)} of <{subject}> is no fact that may stand here"
    return Fault(where, message[:500], _RULE, _REMEDY)


def _triple(said: Statement) -> Triple:
    subject, property_, value = said
    return Triple(NamedNode(subject), NamedNode(property_), to_node(value))
