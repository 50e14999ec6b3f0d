"""What a site's own ontology says in the place of what its parts say.

A name or definition of a part gives way to one of the site in the same language. So does a default, which is
a shape of a part that bounds one property of one class by itself, where the site's own shapes bound that
property of that class. All other shapes of parts hold beside those of the site. https://www.w3.org/TR/shacl/
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from graph.core.namespaces import DCTERMS, DISPLAY_NAME, RDFS, SH, SKOS

_TEXTS: Final = frozenset(
    map(
        NamedNode,
        (RDFS + "label", DISPLAY_NAME, SKOS + "definition", SKOS + "prefLabel", DCTERMS + "description"),
    )
)
_TARGET, _PATH, _PROPERTY = (NamedNode(SH + name) for name in ("targetClass", "path", "property"))
Term = object
"""A node of RDF, of any kind."""


def without_overridden(parts: Sequence[Triple], site: Sequence[Triple]) -> list[Triple]:
    """Return the triples of `parts` but those in whose place stands what those of `site` say."""
    texts = {_text(triple) for triple in site if triple.predicate in _TEXTS}
    bounded = {*_bounded(site, [*parts, *site])}
    defaults = {shape for shape, class_, path in _defaults(parts) if (class_, path) in bounded}
    return [
        triple
        for triple in parts
        if triple.subject not in defaults and not (triple.predicate in _TEXTS and _text(triple) in texts)
    ]


def _text(triple: Triple) -> tuple[Term, Term, str | None]:
    """Return of what a text is which text in which language."""
    language = triple.object.language if isinstance(triple.object, Literal) else None
    return triple.subject, triple.predicate, language


def _defaults(parts: Iterable[Triple]) -> Iterator[tuple[Term, Term, Term]]:
    """Yield each shape that bounds a property of a class by itself, with the class and the property."""
    targets, paths = _objects(parts, _TARGET), _objects(parts, _PATH)
    for shape, classes in targets.items():
        yield from ((shape, class_, path) for class_ in classes for path in paths[shape])


def _bounded(site: Sequence[Triple], all_: Sequence[Triple]) -> Iterator[tuple[Term, Term]]:
    """Yield the classes and properties that the shapes of `site` bound; `all_` has those of its parts too."""
    yield from ((class_, path) for _, class_, path in _defaults(site))
    targets, paths = _objects(all_, _TARGET), _objects(all_, _PATH)
    for shape, bounds in _objects(site, _PROPERTY).items():
        for class_ in (shape, *targets[shape]):  # a shape may be a class itself
            yield from ((class_, path) for each in bounds for path in paths[each])


def _objects(triples: Iterable[Triple], predicate: NamedNode) -> defaultdict[Term, list[Term]]:
    """Return the objects of `predicate` by subject."""
    found: defaultdict[Term, list[Term]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == predicate:
            found[triple.subject].append(triple.object)
    return found
