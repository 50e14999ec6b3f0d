"""Whether a request would be answered now: one real look-up in each part that pages and queries read.

The look-ups run beside each other, each with the same time. One that has not come back is not repeated until
it does, so that no number of requests can pile up threads.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.core.errors import Fault, Unavailable, UtsagaError
from graph.rdf.query_types import QueryRequest
from web.html.app_state import AppState

SECONDS: Final = 2.0  # that the look-ups may take
_LOG: Final = logging.getLogger(__name__)
_REMEDY: Final = "look at the log and the disk"
_ANY: Final = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"
_ASKED: Final = QueryRequest(
    "ASK { ?s ?p ?o }", {"boolean": "application/sparql-results+json"}, seconds=SECONDS
)


@dataclass
class LookUp:
    """A look-up that was started: how it ended, and in how many seconds; neither while it runs."""

    error: Exception | None = None
    seconds: float | None = None


class Readiness:
    """The look-ups of one application."""

    def __init__(self, parts: Mapping[str, Callable[[], object]], seconds: float = SECONDS) -> None:
        """Make the look-ups `parts`, by what they look in; each may take `seconds`."""
        self._parts, self._seconds = parts, seconds
        self._running: dict[str, tuple[LookUp, threading.Thread]] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, state: AppState) -> "Readiness":
        """Return the look-ups in the parts that `state` has."""
        backend, text_index = state.backend, state.text_index
        parts: dict[str, Callable[[], object]] = {"store": lambda: backend.select(_ANY)}
        if backend.index is not None:
            parts |= {"index": lambda: _first_entity(state), "tables": lambda: _link_counts(state)}
        if text_index is not None:
            parts["text-index"] = text_index.first_document
        return cls(parts | {"workers": lambda: _ask_worker(state)})

    def check(self) -> list[str]:
        """Return a line for each part: its name, “ok” and the milliseconds.

        Raise Unavailable, with a fault for each part that failed or gave no answer in time.
        """
        end = time.monotonic() + self._seconds
        started = {name: self._start(name) for name in self._parts}
        for _, thread in started.values():
            thread.join(max(end - time.monotonic(), 0.0))
        found = {name: look_up for name, (look_up, _) in started.items()}
        faults = [fault for name, each in found.items() if (fault := self._fault(name, each))]
        if faults:
            error = Unavailable.of(faults)
            waits = (getattr(each.error, "retry_after", None) for each in found.values())
            error.retry_after = max(filter(None, waits), default=None)
            raise error
        return [f"{name} ok {(each.seconds or 0.0) * 1000:.1f} ms" for name, each in found.items()]

    def _start(self, name: str) -> tuple[LookUp, threading.Thread]:
        """Return the look-up `name` that runs already, or else a new one."""
        with self._lock:
            if name in self._running and self._running[name][1].is_alive():
                return self._running[name]
            found = LookUp()
            thread = threading.Thread(
                target=_run, args=(name, self._parts[name], found), name=f"ready-{name}", daemon=True
            )
            self._running[name] = found, thread
            thread.start()
            return found, thread

    def _fault(self, name: str, found: LookUp) -> Fault | None:
        """Return what is wrong with the part `name`, or None if it has answered."""
        if found.seconds is None:
            return Fault(name, f"No answer within {self._seconds:g} s", "", _REMEDY)
        if isinstance(found.error, UtsagaError):
            fault = found.error.faults[0]
            return Fault(name, fault.message, fault.rule, fault.remedy)
        return Fault(name, f"It cannot be read: {found.error}", "", _REMEDY) if found.error else None


def _run(name: str, look: Callable[[], object], found: LookUp) -> None:
    began = time.perf_counter()
    try:
        look()
    except Exception as error:  # whatever it is, the operator has to know
        _LOG.warning("not ready: %s: %s", name, error)
        found.error = error
    found.seconds = time.perf_counter() - began


def _first_entity(state: AppState) -> str:
    """Return the IRI of the first entity of the first kind that there are entities of, or ""."""
    index = state.entities.index
    sets = (index.of_kind(kind) for kind in index.kinds)
    members = next((each for each in sets if len(each)), None)
    return members.page(0, 1)[0] if members is not None else ""


def _link_counts(state: AppState) -> Mapping[str, int]:
    return state.entities.index.link_counts(_first_entity(state))


def _ask_worker(state: AppState) -> bytes:
    state.backend.check_ready()
    return state.backend.answer(_ASKED).read()
