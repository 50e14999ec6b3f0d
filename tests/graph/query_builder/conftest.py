"""The built release, and what the query builder reads of it."""

import pytest

from graph.backends.in_process import InProcess
from graph.matching.reconciler import Reconciler
from graph.query_builder.model import BuilderModel
from graph.query_builder.read_model import read_model
from graph.query_builder.values import ValueReader
from graph.read.entities import Entities
from graph.release.release import Release
from graph.search.text_index import TextIndex


@pytest.fixture(scope="session")
def model() -> BuilderModel:
    """The model of the project's ontology."""
    return read_model()


@pytest.fixture(scope="session")
def store(release: Release) -> InProcess:
    """The store of the built release."""
    return InProcess.open(release.store)


@pytest.fixture(scope="session")
def value_reader(release: Release, store: InProcess) -> ValueReader:
    """What reads values with the names in that release."""
    entities, index = Entities(store), TextIndex.open_beside(release.store)
    assert index
    return ValueReader(entities, index, Reconciler(entities, index))
