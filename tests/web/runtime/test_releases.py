"""What is served, and the swap to what goes live next."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from werkzeug.test import create_environ

from graph.core.errors import Unavailable
from graph.query import stored
from graph.release.release import Release
from sweden.map_drawing import draw
from web.http.known_arguments import KnownArguments
from web.http.response_cache import ResponseCache
from web.runtime.live_application import LiveApplication, ServedApplication
from web.runtime.memory import collect_garbage
from web.runtime.releases import boundaries_of
from web.runtime.warm_up import warm
from web.sparql.fast_path import FastPath


class Application:
    """A WSGI application with a name, which records the paths of its requests."""

    def __init__(self, name: str = "", failing: str = "never") -> None:
        self.name, self.failing = name, failing
        self.paths: list[str] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = environ["QUERY_STRING"]
        self.paths.append(environ["PATH_INFO"] + f"?{query}" * bool(query))
        status = "503 Unavailable" if environ["PATH_INFO"].startswith(self.failing) else "200 OK"
        start_response(status, [("ETag", '"a"'), ("Cache-Control", "public")])
        return [b"found"]


def served(app: Application, close: Callable[[], None] = lambda: None) -> ServedApplication:
    return ServedApplication(
        app, cast(KnownArguments, None), ResponseCache(max_bytes=1 << 20), cast(FastPath, None), close
    )


class Releases:
    """Names of releases, of which one is live; records what is made of them and closed."""

    def __init__(self, live: str) -> None:
        self.live, self.broken = live, ""
        self.made: list[str] = []
        self.prepared: list[str] = []
        self.closed: list[str] = []

    def current(self) -> str:
        return self.live

    def make(self, name: str) -> ServedApplication:
        self.made.append(name)
        if name == self.broken:
            raise Unavailable(f"{name} cannot be opened")
        return served(Application(name), lambda: self.closed.append(name))

    def prepare(self, now: ServedApplication) -> None:
        self.prepared.append(name_of(now))


def name_of(now: ServedApplication) -> str:
    return cast(Application, now.app).name


def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` is true; fail after a minute, far longer than an update takes."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_live_at_the_start_is_served_and_prepared() -> None:
    releases = Releases("a")
    live = LiveApplication(releases.current, releases.make, prepare=releases.prepare)
    assert name_of(live.served()) == "a"
    until(lambda: releases.prepared == ["a"])


def test_an_error_at_the_start_is_raised() -> None:
    releases = Releases("a")
    releases.broken = "a"
    with pytest.raises(Unavailable):
        LiveApplication(releases.current, releases.make)


def test_what_goes_live_is_prepared_before_it_is_served_and_then_the_old_one_closed() -> None:
    releases, may_serve = Releases("a"), threading.Event()
    seen: list[tuple[str, list[str]]] = []

    def prepare(now: ServedApplication) -> None:
        releases.prepare(now)
        if name_of(now) == "b":
            seen.append((name_of(live.served()), [*releases.closed]))
            may_serve.wait(60)

    live = LiveApplication(releases.current, releases.make, prepare=prepare)
    releases.live = "b"
    until(lambda: bool(seen))
    assert seen == [("a", [])]
    may_serve.set()
    until(lambda: name_of(live.served()) == "b")
    until(lambda: releases.closed == ["a"])
    assert releases.made == ["a", "b"]


def test_a_release_that_cannot_be_opened_is_not_served_and_the_next_one_is() -> None:
    releases = Releases("a")
    releases.broken = "b"
    live = LiveApplication(releases.current, releases.make)
    releases.live = "b"
    until(lambda: "b" in releases.made)
    assert name_of(live.served()) == "a"
    assert releases.closed == []
    releases.live = "c"
    until(lambda: name_of(live.served()) == "c")
    until(lambda: releases.closed == ["a"])


def test_the_stored_queries_of_a_new_release_are_answered_and_kept() -> None:
    app = Application()
    now = served(app)
    warm(now)
    for query in stored.load_queries().values():
        paths = [f"/queries/{query.name}.{extension}" for extension in ("json", "csv", "tsv", "xml")]
        paths += [f"/queries/{query.name}?lang={language}" for language in ("sv", "en")]
        assert [path in app.paths for path in paths] == [not query.services] * len(paths)
        assert (now.cache.find(create_environ(paths[0])) is not None) == (not query.services)
    assert "/query/terms.json" in app.paths
    assert any(path.startswith("/reconcile?queries=") for path in app.paths)


def test_a_stored_query_that_fails_is_not_tried_in_another_format() -> None:
    failing = next(each.name for each in stored.load_queries().values() if not each.services)
    app = Application(failing=f"/queries/{failing}.")
    warm(served(app))
    assert [path for path in app.paths if path.startswith(f"/queries/{failing}.")] == [
        f"/queries/{failing}.json"
    ]
    assert not any(path.startswith(f"/queries/{failing}?") for path in app.paths)
    assert "/query/terms.json" in app.paths


def test_the_map_of_a_release_is_read_and_one_is_drawn_where_there_is_none(
    release: Release, tmp_path: Path
) -> None:
    assert boundaries_of(release.path) == boundaries_of(tmp_path) == boundaries_of(None) == draw()


def test_later_collections_leave_out_what_is_in_use_and_it_is_released_when_it_is_not() -> None:
    kept = Application()
    kept.itself = kept  # type: ignore[attr-defined]  # a reference cycle
    gone = weakref.ref(kept)
    try:
        collect_garbage()
        assert not any(each is kept for each in gc.get_objects())
        del kept
        collect_garbage()
        assert gone() is None
    finally:
        gc.unfreeze()
