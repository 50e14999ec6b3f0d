"""Records judgements in an SSSOM table, one row each: links, and pairs that are found not to match.

https://mapping-commons.github.io/sssom/: a pair that does not match is a row with the predicate_modifier Not.
"""

import csv
import datetime
import io
from bisect import bisect_right
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from graph.core import files
from graph.core.errors import BadInput, Forbidden
from graph.core.files import one_line, read_text
from graph.core.locks import exclusive_lock
from graph.core.namespaces import GRAPH, ID, SKOS, compact_iri
from graph.ingest import sssom
from graph.rdf.convert import to_term

CLOSE: Final = SKOS + "closeMatch"
EXACT: Final = SKOS + "exactMatch"
_MANUAL: Final = sssom.JUSTIFICATIONS + "ManualMappingCuration"
_ORDER: Final = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "author_label", "mapping_provider", "mapping_date", "confidence", "comment"),
)
_NEW: Final = """\
#curie_map:
#  id: {id}
#  semapv: {semapv}
#  skos: {skos}
#  {prefix}: {space}
#mapping_set_id: {graph}links/{name}
#mapping_set_title: Links to {name}
#license: https://creativecommons.org/publicdomain/zero/1.0/
#mapping_provider: {space}
"""
_LOCK_SECONDS: Final = 10.0
_HEADER: Final = "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tcomment\n"


@dataclass(frozen=True)
class Judgement:
    """A person's judgement of whether one of our entities and an item outside match.

    `predicate` is the IRI of the link, or of the one that does not hold where it is `rejected`.
    """

    subject: str
    subject_label: str
    item: str
    item_label: str
    by: str
    predicate: str = CLOSE
    rejected: bool = False
    confidence: float | None = None
    comment: str = ""


class MappingTable:
    """The table of links to one data set, whose IRIs begin with `space`."""

    def __init__(self, path: Path, space: str) -> None:
        """Read the table at `path`, or begin one; raise BadInput with every fault of one that there is."""
        self.path = path
        self._space = space
        self._take(read_text(path) if path.exists() else self._empty())

    def others(self, entity: str, item: str) -> list[str]:
        """Return which of our entities but `entity` are linked to `item`."""
        return [name for name, items in self.linked.items() if item in items and name != entity]

    def record(self, judgement: Judgement) -> None:
        """Write `judgement` into the table at once; raise BadInput or Forbidden, and leave it as it is.

        Of several processes that record in one instant, each waits for the one before.
        """
        busy = Forbidden(
            "another process has kept the table locked",
            where=str(self.path),
            rule="one judgement at a time",
            remedy="end it, and judge again",
        )
        lock = self.path.with_name(f".{self.path.name}.lock")
        try:
            with exclusive_lock(lock, busy, seconds=_LOCK_SECONDS):
                self._record(judgement)
        except OSError as error:
            raise files.not_writable(self.path, error) from error

    def _record(self, judgement: Judgement) -> None:
        if self.path.exists():
            self._take(read_text(self.path))  # somebody else may have judged meanwhile
        head, header, rows = self._parts()
        row = self._row(judgement)
        header = [name for name in _ORDER if name in header or row.get(name)]
        rows.insert(bisect_right([each["subject_id"] for each in rows], row["subject_id"]), row)
        out = io.StringIO(newline="")
        writer = csv.DictWriter(
            out, header, restval="", extrasaction="ignore", delimiter="\t", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
        text = head + out.getvalue()
        sssom.parse(text, self.path)
        files.write_atomically(self.path, text)
        self._take(text)

    def _take(self, text: str) -> None:
        table = sssom.parse(text, self.path)
        self._text, self._prefixes, self.rejected = text, table.prefixes, table.rejected
        self.linked: dict[str, list[str]] = {}
        for quad in table.facts.quads:
            subject, target = to_term(quad.subject), to_term(quad.object)
            if subject.kind == target.kind == "iri":
                self.linked.setdefault(subject.value, []).append(target.value)

    def _parts(self) -> tuple[str, list[str], list[dict[str, str]]]:
        """Return the metadata as it is written, the names of the columns, and the rows."""
        head = "".join(takewhile(lambda line: line.startswith("#"), io.StringIO(self._text, newline="\n")))
        table = csv.DictReader(io.StringIO(self._text[len(head) :], newline=""), delimiter="\t")
        rows = list(table)
        return head, list(table.fieldnames or ()), rows

    def _row(self, judgement: Judgement) -> dict[str, str]:
        confidence = judgement.confidence
        return {
            "subject_id": self._curie(judgement.subject),
            "subject_label": one_line(judgement.subject_label),
            "predicate_id": self._curie(judgement.predicate),
            "predicate_modifier": sssom.REJECTED if judgement.rejected else "",
            "object_id": self._curie(judgement.item),
            "object_label": one_line(judgement.item_label),
            "mapping_justification": self._curie(_MANUAL),
            "author_label": one_line(judgement.by),
            "mapping_date": datetime.date.today().isoformat(),
            "confidence": "" if confidence is None else f"{confidence:.2f}",
            "comment": one_line(judgement.comment),
        }

    def _curie(self, iri: str) -> str:
        curie = compact_iri(iri, self._prefixes)
        if curie == iri:
            raise BadInput(
                f"no prefix of the table fits <{iri}>",
                where=f"{self.path}:1",
                rule="curie_map",
                remedy="declare one, or name another table with --table",
            )
        return curie

    def _empty(self) -> str:
        name = self.path.name.removesuffix(".sssom.tsv")
        prefix = "wd" if name == "wikidata" else name
        semapv = sssom.JUSTIFICATIONS
        names = {"id": ID, "semapv": semapv, "skos": SKOS, "prefix": prefix, "graph": GRAPH}
        return _NEW.format(**names, space=self._space, name=name) + _HEADER
