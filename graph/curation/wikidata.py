"""Looks up our entities in Wikidata by identifiers, official websites and names in the site's languages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from graph.core.collation import MAIN_LANGUAGE
from graph.core.namespaces import RDFS, SCHEMA, SKOS, WD, WDT
from graph.core.site import SITE
from graph.core.terms import Term, iri, text
from graph.curation.proposals import ExternalItem, Proposal, best, weigh
from graph.curation.sparql_client import SparqlClient
from graph.curation.unlinked import UnlinkedEntity
from graph.curation.wikidata_model import wikidata_model
from graph.matching.identifier_scheme import parse_domain
from graph.matching.identifiers import SCHEMES
from graph.search.analysis import normalise_code

_DESCRIPTION: Final = SCHEMA.replace("https:", "http:") + "description"  # as Wikidata writes it
_SITE, _CLASS, _DEVELOPER = WDT + "P856", WDT + "P31", WDT + "P178"
_NAMES: Final = (RDFS + "label", SKOS + "altLabel")
_LANGUAGES: Final = (*dict.fromkeys((*SITE.languages, "en")), "mul")
"""Of names and descriptions; mul is that of the name that an item has in most languages."""
_MOST: Final = 20  # items that are looked at for one entity
_DESCRIBED: Final = (*_NAMES, _DESCRIPTION, _SITE, _CLASS, _DEVELOPER)

_ITEMS_QUERY: Final = "SELECT ?item ?value WHERE { ?item ?property ?value }"
_READ: Final = ", ".join(f'"{tag}"' for tag in ("", *_LANGUAGES))
_DESCRIPTION_QUERY: Final = f"""
SELECT ?item ?property ?value WHERE {{ ?item ?property ?value
FILTER(!isLiteral(?value) || lang(?value) IN ({_READ})) }}"""


class Wikidata:
    """Wikidata, or another endpoint with its data model."""

    space: Final = WD

    def __init__(self, endpoint: SparqlClient) -> None:
        """Ask `endpoint`."""
        self.name = endpoint.url
        self._endpoint = endpoint

    def find(self, batch: Sequence[UnlinkedEntity]) -> dict[str, list[Proposal]]:
        """Return the proposals for each of `batch` by its IRI, the highest score first; raise Unavailable."""
        found = {
            ours.iri: tuple(items)[:_MOST] for ours, items in zip(batch, self._items(batch), strict=True)
        }
        items = self._items_by_iri({name for names in found.values() for name in names})
        return {
            ours.iri: best(weigh(ours, items[name]) for name in found[ours.iri] if name in items)
            for ours in batch
        }

    def _items(self, batch: Sequence[UnlinkedEntity]) -> Iterator[Iterable[str]]:
        """Yield the IRIs of the items that each of `batch` may be: those that share an identifier first."""
        by: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for properties, key, values in _value_queries(batch):
            rows = self._endpoint.select(
                _ITEMS_QUERY, property=map(iri, properties), value=dict.fromkeys(values)
            )
            for row in rows:
                by[key, _key(key, row["value"])][row["item"].value] = None
        for ours in batch:
            asked = [(key, _key(key, value)) for _, key, values in _value_queries([ours]) for value in values]
            items = (item for each in dict.fromkeys(asked) for item in by.get(each, ()))
            yield dict.fromkeys(item for item in items if SCHEMES["wikidata"].parse(item) == item)

    def _items_by_iri(self, names: set[str]) -> dict[str, ExternalItem]:
        """Return the items `names` with their properties."""
        items: dict[str, ExternalItem] = {}
        model = wikidata_model()
        described = (*_DESCRIBED, *model.codes)
        rows = self._endpoint.select(
            _DESCRIPTION_QUERY,
            item=map(iri, sorted(names)),
            property=map(iri, described),
        )
        others = {row["value"].value for row in rows if row["property"].value in (_CLASS, _DEVELOPER)}
        known = sorted(each for each in others if SCHEMES["wikidata"].parse(each) == each)
        called: dict[str, Term] = {}
        for row in self._endpoint.select(_DESCRIPTION_QUERY, item=map(iri, known), property=[iri(_NAMES[0])]):
            if row["item"].value not in called or row["value"].language == MAIN_LANGUAGE:
                called[row["item"].value] = row["value"]
        for row in rows:
            item = items.setdefault(
                row["item"].value, ExternalItem(row["item"].value, expected=model.classes)
            )
            _print_summary(item, row["property"].value, row["value"], called)
        return items


def _value_queries(batch: Sequence[UnlinkedEntity]) -> Iterator[tuple[Sequence[str], str, list[Term]]]:
    """Yield what to look up, the most certain first: properties, the kind of their values, and values."""
    for property_, code in wikidata_model().codes.items():
        values = [value for ours in batch for value in ours.codes.get(code, ())]
        yield (
            (property_,),
            code,
            [text(form) for value in values for form in (value, normalise_code(value).upper())],
        )
    yield (_SITE,), "site", [site for ours in batch for domain in ours.domains for site in _sites(domain)]
    yield (
        _NAMES,
        "name",
        [name for ours in batch for term in ours.names for name in _name_variants(term.value)],
    )


def _sites(domain: str) -> Iterator[Term]:
    for host in (domain, f"www.{domain}"):
        for scheme in ("https", "http") if parse_domain(domain) else ():
            yield from (iri(f"{scheme}://{host}"), iri(f"{scheme}://{host}/"))


def _name_variants(name: str) -> Iterator[Term]:
    """Yield `name` in each language, also with a lower-case first letter."""
    for form in dict.fromkeys((name, name[:1].lower() + name[1:])):
        yield from (text(form, language) for language in _LANGUAGES)


def _key(key: str, value: Term) -> str:
    return value.value if key in ("name", "site") else normalise_code(value.value)


def _print_summary(item: ExternalItem, property_: str, value: Term, called: dict[str, Term]) -> None:
    if property_ in _NAMES:
        item.names.insert(0 if property_ == _NAMES[0] else len(item.names), value)
    elif property_ == _DESCRIPTION:
        if not item.description or value.language == MAIN_LANGUAGE:
            item.description = value.value
    elif property_ == _SITE:
        item.sites.append(value.value)
    elif property_ in wikidata_model().codes:
        item.codes.setdefault(wikidata_model().codes[property_], []).append(value.value)
    else:
        names = item.classes if property_ == _CLASS else item.makers
        names[value.value] = called[value.value].value if value.value in called else value.value
