"""Updates the register of visits to sources: visits the addresses that are due, saves each at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from graph.core.errors import NotFound, Unavailable, UtsagaError
from graph.core.files import ensure_writable
from graph.core.namespaces import ID, SCHEMA
from graph.curation.wayback import WaybackMachine
from graph.curation.web_visitor import Visit, WebVisitor
from graph.ingest import source_checks, yaml_ld
from graph.ingest.source_checks import ArchivedCopy, SourceCheck
from graph.rdf.convert import to_term

_SOURCE: Final = ID + "source/"
_URL: Final = SCHEMA + "url"
_SILENT_HOSTS: Final = 5  # in a row, with a silent archive, are no network


class VisitedSource(NamedTuple):
    """A source after a visit, with a message about a failure."""

    check: SourceCheck
    message: str


@dataclass(frozen=True)
class VisitPlan:
    """The visits that a register holds, the addresses of all sources, and the sources to visit."""

    path: Path
    known: Mapping[str, SourceCheck]
    addresses: Mapping[str, str]  # by source
    waiting: tuple[str, ...]
    today: date

    @classmethod
    def of(cls, folder: Path, only: Iterable[str], max_age: int, today: date) -> Self:
        """Return the plan for the sources in `folder`: `only` those with these ids, or all.

        A source is due if its last visit is `max_age` days old, or was to another address.
        Raise NotFound for an id without an address, BadInput for a source or a register with faults.
        """
        path = folder / source_checks.FILE
        known, addresses = source_checks.load(path), read_addresses(folder)
        wanted = {each.removeprefix(ID).removeprefix("source/") for each in only} or addresses.keys()
        for name in sorted(wanted - addresses.keys()):
            raise NotFound(
                f"no source “{name}” has an address here",
                where=str(folder / "sources"),
                rule="sources",
                remedy="give the id of a source that has url",
            )
        oldest = today - timedelta(days=max_age)
        fresh = {s for s, each in known.items() if each.on > oldest and each.url == addresses.get(s)}
        return cls(path, known, addresses, tuple(sorted(wanted - fresh)), today)

    def carry_out(self, visitor: WebVisitor, archive: WaybackMachine) -> Iterator[VisitedSource]:
        """Yield each source once its visit is saved; rows of sources that have no address are deleted.

        That a host is silent is believed once another, or the archive, answers after it. Raise Unavailable if
        none does: then there is no network, and only the visits before are kept. Raise Forbidden if the file
        cannot be written.
        """
        ensure_writable(self.path.parent)
        kept = {name: each for name, each in self.known.items() if name in self.addresses}
        silent: list[VisitedSource] = []
        for source in self.waiting:
            found, is_online = self._visit(source, visitor, archive)
            if found.check.failure != "not-allowed" and not is_online:
                silent.append(found)
                if len({urlsplit(each.check.url).hostname for each in silent}) >= _SILENT_HOSTS:
                    raise _offline(silent)
                continue
            believed = [*silent, found] if is_online else [found]
            silent = [] if is_online else silent
            kept |= {each.check.source: each.check for each in believed}
            source_checks.save(self.path, kept.values())
            yield from believed
        if silent:
            raise _offline(silent)
        if self.path.exists():
            source_checks.save(self.path, kept.values())

    def _visit(self, source: str, visitor: WebVisitor, archive: WaybackMachine) -> tuple[VisitedSource, bool]:
        """Return the source after a visit, and whether anybody answered."""
        url, before = self.addresses[source], self.known.get(source)
        visit = visitor.visit(url)
        copy = before.copy if before and before.url == url else None
        is_answered = False
        if visit.failure != "not-allowed":
            try:
                copy, is_answered = archive.closest(url) or copy, True
            except UtsagaError:
                is_answered = False
        return VisitedSource(self._check(source, visit, copy), visit.message), visit.reached or is_answered

    def _check(self, source: str, visit: Visit, copy: ArchivedCopy | None) -> SourceCheck:
        return SourceCheck(
            source, self.addresses[source], self.today, visit.status, visit.failure, visit.moved_to, copy
        )


def read_addresses(folder: Path) -> dict[str, str]:
    """Return the address of each source in `folder` that has one; raise BadInput for a file with faults."""
    quads = (quad for path in sorted(folder.glob("sources/*.yaml")) for quad in yaml_ld.read(path).quads)
    said = ((to_term(q.subject).value, to_term(q.object).value) for q in quads if q.predicate.value == _URL)
    pairs = [(subject.removeprefix(_SOURCE), url) for subject, url in said if subject.startswith(_SOURCE)]
    return dict(sorted(pairs, reverse=True))  # the first of several


def _offline(silent: list[VisitedSource]) -> Unavailable:
    last = silent[-1]
    return Unavailable(
        f"no host can be reached, neither the sources’ nor the archive’s: {last.message}",
        where=last.check.url,
        rule="network",
        remedy="run it again where there is a network; what was answered before is kept",
    )
