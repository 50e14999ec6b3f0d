"""Checks of the settings: those that are misspelt, that contradict each other, or that do not fit a proxy."""

from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

from graph.core.settings import PREFIX, Settings
from graph.replication.credentials import PASSWORD, USER
from web.doctor.finding import Finding, Installation, fail, ok, warn

OTHERS: Final = ("UTSAGA_RELEASES", "UTSAGA_SITE", "UTSAGA_ADDRESS", USER, PASSWORD)
"""Variables of commands, which are no settings of the server."""
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")


def names(installation: Installation) -> Iterator[Finding]:
    """Check that every variable that begins as settings do is one."""
    known = [*(PREFIX + each.name.upper() for each in fields(Settings)), *OTHERS]
    unknown = [
        name for name in sorted(installation.environment) if name.startswith(PREFIX) and name not in known
    ]
    for name in unknown:
        close = get_close_matches(name, known, 1)
        yield warn(
            f"{name} is no setting, and has no effect",
            f"did you mean {close[0]}?" if close else "take it out; docs/settings.md lists all settings",
        )
    if not unknown:
        yield ok("every variable of the environment is a setting")


def contradictions(installation: Installation) -> Iterator[Finding]:
    """Check that no setting takes away what another one gives."""
    found = [*_impossible(installation.settings), *_useless(installation.settings)]
    yield from found
    if not found:
        yield ok("no setting contradicts another")


def _impossible(settings: Settings) -> Iterator[Finding]:
    """Find settings with which something always fails."""
    if settings.reports and settings.report_bytes > settings.reports_bytes:
        yield fail("one report may be longer than all together", "raise UTSAGA_REPORTS_BYTES")
    largest = max(settings.query_bytes, settings.reconcile_bytes, settings.report_bytes)
    if settings.bodies_bytes < largest:
        yield fail(
            "one body may be longer than all that arrive together",
            f"set UTSAGA_BODIES_BYTES to {largest} at least",
        )
    if settings.seconds == 0:
        yield fail("no query has any time", "raise UTSAGA_SECONDS")
    if settings.connections == 0:
        yield fail("no connection may be open", "raise UTSAGA_CONNECTIONS")


def _useless(settings: Settings) -> Iterator[Finding]:
    """Find settings that have no effect, or one that is hardly meant."""
    if settings.queue_seconds > settings.seconds / 2:
        yield warn(
            "a query waits for half of its time at most: UTSAGA_QUEUE_SECONDS is longer",
            f"set it to {settings.seconds / 2:g} or less",
        )
    if settings.long_after >= settings.seconds:
        yield warn("no query is ever long", "set UTSAGA_LONG_AFTER below UTSAGA_SECONDS")
    if settings.worker_count > 1 and settings.long_count >= settings.worker_count:
        yield warn(
            "long queries may take up all workers", "set UTSAGA_LONG_QUERIES below the number of workers"
        )
    if settings.result_bytes > settings.memory_bytes:
        yield warn("a result may be larger than the memory of a worker", "lower UTSAGA_RESULT_BYTES")
    if settings.client_queries > settings.queue_length + settings.worker_count:
        yield warn("one client may fill the queue", "set UTSAGA_CLIENT_QUERIES below UTSAGA_QUEUE_LENGTH")
    if settings.client_seconds < settings.seconds:
        yield warn(
            "one query may use more than the minute's budget of its client",
            "raise UTSAGA_CLIENT_SECONDS to UTSAGA_SECONDS at least",
        )
    if settings.crawler_seconds > settings.client_seconds:
        yield warn("a crawler has a larger budget than a person", "lower UTSAGA_CRAWLER_SECONDS")


def public_address(installation: Installation) -> Iterator[Finding]:
    """Check that the public address is one that can be linked to."""
    base, hops = installation.settings.public_base, installation.settings.trusted_hops
    parts = urlsplit(base)
    if not base and hops:
        yield warn(
            "links have whatever host a client asks for",
            "set UTSAGA_PUBLIC_BASE to the address the world sees",
        )
    elif base and (parts.scheme not in {"http", "https"} or not parts.hostname):
        yield fail(f"“{base}” is no address", "write UTSAGA_PUBLIC_BASE as https://graph.example")
    elif base and parts.scheme == "http" and parts.hostname not in _LOCAL:
        yield warn(f"{base} is not protected by TLS", "have a proxy speak TLS: utsaga gen-config nginx")
    else:
        yield ok(f"the public address is {base or 'that of the server'}")


def proxy(installation: Installation) -> Iterator[Finding]:
    """Check that the server knows its clients behind a proxy."""
    settings = installation.settings
    if urlsplit(settings.public_base).hostname not in {None, *_LOCAL} and not settings.trusted_hops:
        yield warn(
            "behind a proxy all clients count as one on this machine, which has no limits",
            "set UTSAGA_TRUSTED_HOPS to the number of proxies in front of the server",
        )
    else:
        yield ok(f"{settings.trusted_hops} proxies are trusted to pass on a client's address")


def publisher(installation: Installation) -> Iterator[Finding]:
    """Check that a public site says who runs it and how to reach them."""
    settings = installation.settings
    missing = [
        f"{PREFIX}{name.upper()}"
        for name in ("contact", "operator", "legal_basis")
        if not getattr(settings, name)
    ]
    if settings.public_base and missing:
        yield warn("the site does not say who runs it, or why it may", f"set {', '.join(missing)}")
    else:
        yield ok("the site says who runs it" if not missing else "the site is not public")
