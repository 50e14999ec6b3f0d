"""The limits of a proxy: each a little wider than that of the server behind it."""

from dataclasses import dataclass
from typing import Final, Self

from graph.core.settings import Settings

_MEGABYTE: Final = 1 << 20
_BODY_SECONDS: Final = 10  # between two reads of a head or a body: a third of what the server has
_READ_MORE: Final = 5  # seconds that a reply may take beyond what a query may


@dataclass(frozen=True)
class ProxyLimits:
    """Seconds, megabytes and numbers for the configuration of a proxy."""

    head_seconds: int
    body_seconds: int
    send_seconds: int
    read_seconds: int
    idle_seconds: int
    body_megabytes: int
    reply_megabytes: int
    connections: int
    open_files: int
    requests_of_client: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that fit `settings`."""
        return cls(
            head_seconds=_at_most(_BODY_SECONDS, settings.head_seconds),
            body_seconds=_at_most(_BODY_SECONDS, settings.body_seconds),
            send_seconds=max(1, int(settings.send_seconds / 2)),
            read_seconds=int(settings.seconds + settings.queue_seconds) + _READ_MORE,
            idle_seconds=max(1, int(settings.head_seconds / 2)),
            body_megabytes=_megabytes(
                max(settings.reconcile_bytes, settings.query_bytes, settings.report_bytes)
            ),
            reply_megabytes=_megabytes(settings.result_bytes),
            connections=settings.connections,
            open_files=4 * settings.connections,
            requests_of_client=2 * settings.client_queries or settings.connections,
        )


def _at_most(seconds: int, limit: float) -> int:
    return max(1, min(seconds, int(limit)))


def _megabytes(count: int) -> int:
    return -(-count // _MEGABYTE)
