"""Keeps the file of facts from Wikidata up to date: what is missing or old is fetched, and kept at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from graph.core.errors import NotFound
from graph.core.files import ensure_writable
from graph.curation import wikidata_fetch
from graph.curation.sparql_client import SparqlClient
from graph.curation.wikidata_fetch import Fetched
from graph.ingest import wikidata_file
from graph.ingest.wikidata_properties import ATTRIBUTES
from graph.ingest.wikidata_records import Record


@dataclass(frozen=True)
class Plan:
    """What is to be done about a file: what it has, and about which entities to ask what."""

    path: Path
    items: Mapping[str, str]  # of Wikidata, by entity
    known: Mapping[str, Record]
    asked: frozenset[str]
    waiting: tuple[str, ...]
    today: date

    @classmethod
    def of(cls, folder: Path, names: Iterable[str], max_age: int, today: date) -> Self:
        """Return the plan for the facts in `folder`; `names` are those of the facts, all of them if none.

        What the file has already is kept up to date too, and fetched again once it is `max_age` days old.
        Raise NotFound if there is nothing to ask about, BadInput for a file or a link with faults.
        """
        path = folder / wikidata_file.FILE
        known, items = wikidata_file.load(path), wikidata_fetch.linked(folder)
        if not items:
            raise NotFound(
                "no entity here is linked to Wikidata",
                where=str(folder),
                rule="links",
                remedy="give the folder that holds links/",
            )
        wanted = {ATTRIBUTES[name] for name in [*names] or ATTRIBUTES}
        asked = frozenset(wanted.union(*(record.asked for record in known.values())))
        waiting = wikidata_fetch.due(items, known, asked, today - timedelta(days=max_age))
        return cls(path, items, known, asked, tuple(waiting), today)

    def fetch(self, endpoint: SparqlClient) -> Iterator[Fetched]:
        """Yield each batch once it is in the file; what is of an item that is no longer linked goes.

        Raise what the endpoint raises: the batches before it are kept, and a later plan goes on from there.
        Raise Forbidden if the file cannot be written.
        """
        ensure_writable(self.path.parent if self.path.parent.exists() else self.path.parents[1])
        kept = {name: each for name, each in self.known.items() if self.items.get(name) == each.item}
        for batch in wikidata_fetch.fetch(endpoint, self.items, self.waiting, self.asked, self.today):
            kept |= {record.entity: record for record in batch.records}
            wikidata_file.save(self.path, kept.values())
            yield batch
        if self.path.exists():
            wikidata_file.save(self.path, kept.values())
