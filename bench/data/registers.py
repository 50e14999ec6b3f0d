"""The organisations, people, products and laws that generated sources speak of."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import NamedTuple

from bench.data import words
from bench.data.nquads import Lines, both, code, iri, plain, typed
from bench.data.words import Text
from graph.core.iris import slugify
from graph.core.namespaces import ID, UTS

HUB = f"{ID}product/molnkontoret"
DEPLOYMENTS = words.listed("cloud on-premises hosted-internally hybrid")
_GOLDEN = 0.6180339887498949  # its multiples, less their whole parts, spread people evenly over organisations


def popular(random: Random, count: int) -> int:
    """Return an index below `count`, drawn by Zipf's law: number k in proportion to 1 / k."""
    return rank(random.random(), count)


def rank(share: float, count: int) -> int:
    """Return the index below `count` that has `share` of the popularity before it, between 0 and 1."""
    return int((count + 1) ** share) - 1


class Registers(NamedTuple):
    """The organisations, products and laws that sources speak of: IRIs, the most popular first."""

    counties: list[str]
    municipalities: list[str]
    companies: list[str]
    publishers: list[str]
    products: list[str]
    laws: list[str]

    def describe(self, random: Random) -> Iterator[list[str]]:
        """Yield the lines of the registers, one register at a time."""
        yield self._places()
        yield self._bodies(random)
        yield self._products(random)
        yield self._laws(random)

    def _places(self) -> list[str]:
        lines = Lines("register/places")
        for index, county in enumerate(self.counties):
            name = words.place(299 - index)
            text = Text(f"{name}s län", f"{name} County")
            lines.add(county, UTS + "County", label=both(text), countyCode=plain(f"{index + 1:02}"))
        return lines

    def _bodies(self, random: Random) -> list[str]:
        lines = Lines("register/organisations")
        for index, body in enumerate(self.municipalities):
            name = words.place(index)
            lines.add(
                body,
                UTS + "Municipality",
                label=both(Text(f"{name} kommun", f"{name} Municipality")),
                municipalityCode=plain(f"{index + 1:04}"),
                organisationNumber=plain(f"212000-{index + 1:04}"),
                inCounty=iri(random.choice(self.counties)),
                internetDomain=plain(f"{slugify(name)}.example"),
                population=typed(random.randrange(2_000, 900_000), "integer"),
                populationAsOf=typed("2020-12-31", "date"),
                lat=typed(f"{random.randrange(55, 69)}.{random.randrange(1, 10)}", "decimal"),
                long=typed(f"{random.randrange(11, 24)}.{random.randrange(1, 10)}", "decimal"),
            )
        for index, company in enumerate(self.companies):
            lines.add(company, UTS + "Company", label=f'"{words.vendor(index)}"@sv')
        for index, publisher in enumerate(self.publishers):
            label = f'"{words.place(index % 300)}bladet {index + 1}"@sv'
            lines.add(publisher, UTS + "NewsPublisher", label=label)
        return lines

    def _products(self, random: Random) -> list[str]:
        lines = Lines("register/products")
        for index, product in enumerate(self.products):
            name = product_name(index)
            lines.add(
                product,
                UTS + "Product",
                label=both(Text(name, name)),
                definition=both(Text(f"{name}, påhittad programvara.", f"{name}, invented software.")),
                vendor=iri(self.companies[popular(random, len(self.companies))]),
                deployment=code("deployment", random.choice(DEPLOYMENTS)),
                variantOf=iri(self.products[popular(random, index)]) if index % 5 == 4 else "",
            )
        return lines

    def _laws(self, random: Random) -> list[str]:
        lines = Lines("register/laws")
        for index, law in enumerate(self.laws):
            number = f"{1990 + index % 30}:{9000 + index}"
            lines.add(
                law,
                UTS + "LegalAct",
                label=both(Text(f"Lag ({number}) om uppgifter", f"Act ({number}) on data")),
                id_local=plain(f"SFS {number}"),
                sfsNumber=plain(number),
                in_force=typed(date(1990 + index % 30, 1 + index % 12, 1), "date"),
                repeals=iri(self.laws[random.randrange(index)]) if index % 4 == 3 else "",
            )
        return lines


def registers(count: int) -> Registers:
    """Return the registers for about `count` quads: they grow with it, up to a bound."""

    def size(per: int, least: int, most: int) -> range:
        return range(min(max(count // per, least), most))

    return Registers(
        counties=[f"{ID}place/{slugify(words.place(299 - i))}s-lan" for i in size(2_000, 2, 10)],
        municipalities=[f"{ID}organisation/{slugify(words.place(i))}-kommun" for i in size(500, 4, 290)],
        companies=[f"{ID}organisation/{slugify(words.vendor(i))}" for i in size(1_000, 3, 2_000)],
        publishers=[f"{ID}organisation/bladet-{i + 1}" for i in size(5_000, 2, 200)],
        products=[HUB, *(f"{ID}product/{slugify(words.ware(i))}" for i in size(1_000, 4, 5_000))],
        laws=[f"{ID}law/lag-{i + 1}" for i in size(5_000, 3, 500)],
    )


def product_name(index: int) -> str:
    """Return the name of product number `index`."""
    return words.ware(index - 1) if index else "Molnkontoret"


class People:
    """The people so far, each known by a number alone, so that they take no memory."""

    def __init__(self, known: Registers) -> None:
        """Begin with nobody; all are employed by organisations that are known."""
        self.count = 0
        self._employers = known.municipalities + known.companies

    def iri(self, index: int) -> str:
        """Return the IRI of person number `index`."""
        return f"{ID}person/{slugify(words.person(index))}-{index + 1}"

    def employer(self, index: int) -> str:
        """Return the IRI of the organisation that the person speaks for."""
        return self._employers[rank(index * _GOLDEN % 1, len(self._employers))]

    def role(self, index: int) -> Text:
        """Return the title of the person's office."""
        return words.ROLES[index % len(words.ROLES)]
