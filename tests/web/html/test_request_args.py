"""Pages of long sequences."""

import pytest
from flask import Flask

from graph.core.errors import NotFound
from web.html.request_args import requested_page


@pytest.mark.parametrize(
    ("address", "items", "number", "pages"),
    [
        ("/", (1, 2, 3), 1, 3),
        ("/?page=2", (4, 5, 6), 2, 3),
        ("/?page=3", (7,), 3, 3),
    ],
)
def test_pages(address: str, items: tuple[int, ...], number: int, pages: int) -> None:
    with Flask("test").test_request_context(address):
        found = requested_page(range(1, 8), 3)
    assert (found.items, found.total, found.number, found.pages) == (items, 7, number, pages)


def test_an_empty_sequence_has_one_page() -> None:
    with Flask("test").test_request_context("/"):
        assert requested_page([], 3).pages == 1


def test_a_page_out_of_range_is_not_found() -> None:
    with Flask("test").test_request_context("/?page=4"), pytest.raises(NotFound, match="no page “4”"):
        requested_page(range(7), 3)
