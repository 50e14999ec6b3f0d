"""The state of an application."""

from dataclasses import FrozenInstanceError

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.backends.in_process import InProcess
from graph.core.errors import Unavailable
from graph.core.namespaces import RDF, UTS
from graph.core.settings import Settings
from web.app import create_app
from web.html.app_state import AppState, app_state

PRODUCT = Quad(NamedNode("urn:a"), NamedNode(RDF + "type"), NamedNode(UTS + "Product"))


def test_views_read_the_state_of_their_application() -> None:
    states = [AppState.of(InProcess.of([])) for _ in range(2)]
    apps = [create_app(state) for state in states]
    for app, state in zip(apps, states, strict=True):
        with app.app_context():
            assert app_state() is state


def test_the_state_is_immutable() -> None:
    state = AppState.of(InProcess.of([]))
    with pytest.raises(FrozenInstanceError):
        state.settings = Settings()  # type: ignore[misc]


def test_applications_share_no_caches() -> None:
    one, other = (AppState.of(InProcess.of([])) for _ in range(2))
    assert one.stored_answers is not other.stored_answers
    assert one.entities is not other.entities
    assert one.metrics is not other.metrics


def test_there_is_no_reconciler_without_a_text_index() -> None:
    assert AppState.of(InProcess.of([])).reconciler is None


def test_vocabulary_usage_is_read_again_after_an_error_and_then_cached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = InProcess.of([PRODUCT, Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"))])
    state = AppState.of(store)

    def fail(*_: object, **__: object) -> None:
        raise Unavailable("The endpoint does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(state.entities, "select", fail)
        broken.setattr(store, "select", fail)
        with pytest.raises(Unavailable):
            _ = state.vocabulary_usage
    assert UTS + "Product" in state.vocabulary_usage
    monkeypatch.setattr(store, "select", fail)
    assert UTS + "Product" in state.vocabulary_usage
