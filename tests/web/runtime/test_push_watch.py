"""How often a server looks at what an endpoint holds by a push, and what it keeps when that fails."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from graph.core.errors import Unavailable
from graph.core.settings import Settings
from graph.release.releases import Releases
from graph.replication.push_marker import PushMarker
from graph.replication.pushed_release import Holding
from web.runtime import push_watch
from web.runtime.push_watch import PushWatch

PENDING = Holding(PushMarker("a" * 12, "default", 5), note="push: pending")


@dataclass
class Endpoint:
    """An endpoint: what a look at it returns, or raises, and how many looks there were."""

    holding: Holding | Unavailable
    looks: int = 0
    now: float = 0.0
    before: list[Holding | None] = field(default_factory=list)

    def read(self, url: str, releases: Releases, settings: Settings, before: Holding | None) -> Holding:
        """Do as `read_holding`."""
        self.looks += 1
        self.before.append(before)
        if isinstance(self.holding, Unavailable):
            raise self.holding
        return self.holding


def watch(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> PushWatch:
    monkeypatch.setattr(push_watch, "read_holding", endpoint.read)
    return PushWatch("http://engine.example/", Releases(Path("none")), Settings(), lambda: endpoint.now)


def test_a_push_that_begins_while_the_endpoint_cannot_be_reached_is_noticed_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endpoint = Endpoint(Unavailable("gone"))
    found = watch(endpoint, monkeypatch)
    endpoint.holding, endpoint.now = PENDING, 3.0
    assert found.current().is_pending
    assert endpoint.looks == 2


def test_an_endpoint_without_a_push_is_looked_at_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint(Holding())
    found = watch(endpoint, monkeypatch)
    endpoint.holding, endpoint.now = PENDING, 59.0
    assert not found.current().is_pending
    endpoint.now = 61.0
    assert found.current().is_pending
    endpoint.now = 64.0
    found.current()
    assert endpoint.looks == 3
    assert endpoint.before == [None, Holding(), PENDING]


def test_what_is_known_is_kept_while_the_endpoint_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = Endpoint(PENDING)
    found = watch(endpoint, monkeypatch)
    endpoint.holding, endpoint.now = Unavailable("gone"), 3.0
    assert found.current() is PENDING
    endpoint.holding, endpoint.now = Holding(), 6.0
    with caplog.at_level(logging.INFO):
        assert found.current() == Holding()
    assert caplog.messages == ["push: pending"]
