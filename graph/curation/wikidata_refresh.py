"""Updates the file of facts from Wikidata: fetches what is missing or old, and saves each batch at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from graph.core.errors import NotFound
from graph.core.files import ensure_writable
from graph.curation import wikidata_fetch
from graph.curation.sparql_client import SparqlClient
from graph.curation.wikidata_fetch import FetchedBatch
from graph.ingest import wikidata_file
from graph.ingest.wikidata_properties import ATTRIBUTES
from graph.ingest.wikidata_records import Record


@dataclass(frozen=True)
class RefreshPlan:
    """The records of a file, and the entities and properties to fetch."""

    path: Path
    items: Mapping[str, str]  # of Wikidata, by entity
    known: Mapping[str, Record]
    asked: frozenset[str]
    waiting: tuple[str, ...]
    today: date

    @classmethod
    def of(cls, folder: Path, names: Iterable[str], max_age: int, today: date) -> Self:
        """Return the plan for the facts in `folder`; `names` are those of the facts, all of them if none.

        Facts in the file are updated too, once they are `max_age` days old.
        Raise NotFound if there is nothing to fetch, BadInput for a file or a link with faults.
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

    def fetch(self, endpoint: SparqlClient) -> Iterator[FetchedBatch]:
        """Yield each batch once it is saved; records of items that are no longer linked are deleted.

        Raise what the endpoint raises: the batches before are saved, and a later run resumes there.
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
