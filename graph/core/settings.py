"""The settings of the server, read at start-up from the environment and from the site's `utsaga.toml`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

from graph.core.contact import contact_url
from graph.core.errors import BadInput, Fault
from graph.core.setting_values import read_table, read_text
from graph.core.site import FILE, SITE

PREFIX: Final = "UTSAGA_"
_REMOVED: Final = {
    "UTSAGA_QUICK_QUERIES": "leave it out: as many queries compete for the processors as there are workers"
}


def _setting(default: Any, means: str) -> Any:
    return field(default=default, metadata={"means": means})


@dataclass(frozen=True)
class Settings:
    """The settings.

    The environment variable of each is UTSAGA_ and the name of its field in capitals; its key in the table
    [settings] of `utsaga.toml` is that name.
    """

    seconds: float = _setting(10.0, "how long one query may take, including its wait for a worker")
    memory_bytes: int = _setting(3 << 30, "how much one worker may map; an open store maps up to 1.1 GB")
    result_bytes: int = _setting(64 << 20, "how large one result may be")
    query_bytes: int = _setting(100_000, "how long one query, URL or body may be")
    nesting: int = _setting(100, "how deep brackets may be nested in a query")
    workers: int = _setting(0, "how many queries run at once; 0 means four for each processor")
    long_after: float = _setting(
        0.25, "after how many seconds of processor time a query is long, and gives way to others"
    )
    long_queries: int = _setting(0, "how many long queries run at once; 0 means half of the workers")
    queue_length: int = _setting(64, "how many queries may wait for a worker")
    queue_seconds: float = _setting(5.0, "how long a query may wait for a worker, within half of its time")
    threads: int = _setting(
        0, "how many requests other than queries are handled at once; 0 means two for each worker"
    )
    connections: int = _setting(8192, "how many connections may be open at once")
    head_seconds: float = _setting(
        30.0, "how long the head of a request may take, and how long a connection may be idle before it"
    )
    body_seconds: float = _setting(30.0, "how long the body of a request may take")
    send_seconds: float = _setting(60.0, "how long a client may go without reading its response")
    bodies_bytes: int = _setting(
        64 << 20, "how many bytes of bodies that are still arriving may be held in all"
    )
    client_seconds: float = _setting(
        60.0, "how many seconds of queries and pages one client may use in a minute"
    )
    client_queries: int = _setting(
        16, "how many queries and pages of one client may wait or run at a time; 0 means any number"
    )
    crawler_seconds: float = _setting(
        5.0, "how many seconds of pages one crawler may use in a minute; 0 means any number"
    )
    crawler_queries: int = _setting(
        1, "how many pages of all crawlers together may be made at a time; 0 means any number"
    )
    crawler_after: int = _setting(
        120,
        "how many different pages in a minute make a client a crawler, unless it says that it is a browser; "
        "0 means that none do",
    )
    ai_crawlers: bool = _setting(True, "whether robots.txt lets in crawlers that collect for language models")
    trusted_hops: int = _setting(0, "how many proxies in front of the server pass on the client's address")
    throttle_loopback: bool = _setting(
        False, "whether the limits for clients apply to clients on this machine too"
    )
    cache_bytes: int = _setting(64 << 20, "how much memory cached responses may take up")
    pinned_releases: int = _setting(
        2,
        "how many older releases are open at once for `?release=`, each with a quarter of the workers; "
        "0 means none",
    )
    pinned_seconds: float = _setting(
        60.0, "after how many seconds without requests an older release is closed"
    )
    reconcile_queries: int = _setting(1000, "how many names one batch to reconcile may have")
    reconcile_bytes: int = _setting(2 << 20, "how long one batch to reconcile may be")
    evidence_statements: int = _setting(
        1000, "how many statements the evidence of one answer (`evidence=1`) may have"
    )
    services: tuple[str, ...] = _setting(
        (), "the endpoints that SERVICE may call, as IRIs with spaces between"
    )
    public_base: str = _setting("", "the public address of the site, if it is not the server's own")
    contact: str = _setting("", "how to contact the publisher: a mail address or a web page (https)")
    operator: str = _setting("", "who runs the site, as /about names them")
    legal_basis: str = _setting(
        "",
        "the legal basis for personal data: `journalism` or `legitimate-interest`; if empty, /about has both",
    )
    reports: str = _setting("reports", "the folder of readers' reports of errors; empty takes the form away")
    report_bytes: int = _setting(65_536, "how long the body with a report may be")
    reports_count: int = _setting(1000, "how many reports are kept, open and closed")
    reports_bytes: int = _setting(4 << 20, "how many bytes all reports may have")
    client_reports: float = _setting(
        10.0, "how many reports one client may send in an hour; 0 means any number"
    )
    mcp: bool = _setting(False, "whether agents may connect at /mcp, by the Model Context Protocol")
    log_queries: bool = _setting(False, "whether the text of queries is logged")

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, table: Mapping[str, Any] = SITE.settings
    ) -> Self:
        """Return the settings with the values in `environment`, and in `table` what that leaves out.

        Raise BadInput, naming each setting, for invalid values, for a key of the table that is no setting,
        and for a setting that has been removed.
        """
        for name, remedy in _REMOVED.items():
            if name in environment:
                raise BadInput(f"{name} is no longer a setting", where=name, rule=name, remedy=remedy)
        defaults = {each.name: each.default for each in fields(cls)}
        given = read_table(table, defaults, SITE.folder / FILE, PREFIX)
        faults: list[Fault] = []
        for name, default in defaults.items():
            variable = PREFIX + name.upper()
            if variable in environment:
                try:
                    given[name] = read_text(variable, environment[variable], default)
                except BadInput as error:
                    faults.extend(error.faults)
        if faults:
            raise BadInput.of(faults)
        contact_url(given.get("contact", ""))
        _check_legal_basis(given.get("legal_basis", ""))
        return cls(**given)

    @property
    def worker_count(self) -> int:
        """The number of worker processes."""
        return self.workers or 4 * (os.cpu_count() or 2)

    @property
    def thread_count(self) -> int:
        """The number of threads for requests other than queries, some of which wait for a query."""
        return self.threads or 2 * self.worker_count

    @property
    def long_count(self) -> int:
        """The number of long queries that may run at once; the other workers are reserved for quick ones."""
        return self.long_queries or max(1, self.worker_count // 2)


DEFAULTS: Final = Settings()
LEGAL_BASES: Final = ("journalism", "legitimate-interest")


def _check_legal_basis(value: str) -> None:
    """Raise BadInput for a legal basis that no page has words for."""
    if value and value not in LEGAL_BASES:
        name = f"{PREFIX}LEGAL_BASIS"
        raise BadInput(
            f"“{value}” is no legal basis that pages have words for",
            where=name,
            rule=name,
            remedy=f"write {' or '.join(LEGAL_BASES)}, or leave it out",
        )
