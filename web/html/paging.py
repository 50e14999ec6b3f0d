"""Long lists in pages: `?page=`, counted from one."""

from collections.abc import Sequence
from typing import Final, TypeVar

from flask import request

from graph.core.errors import NotFound
from web.html.page_models import Slice

PER_PAGE: Final = 100
Item = TypeVar("Item")


def number_of_page(total: int, per_page: int = PER_PAGE) -> int:
    """Return which page of `total` things is asked for; raise NotFound for a page that there is not."""
    wanted = request.args.get("page", "1")
    pages = max(1, -(-total // per_page))
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 and 1 <= int(wanted) <= pages):
        raise NotFound(
            f"There is no page “{wanted[:20]}”",
            where="page",
            rule="page",
            remedy=f"use a number from 1 to {pages}",
        )
    return int(wanted)


def paged(items: Sequence[Item], per_page: int = PER_PAGE) -> Slice[Item]:
    """Return the page of `items` that is asked for."""
    number = number_of_page(len(items), per_page)
    first = (number - 1) * per_page
    return Slice(
        tuple(items[first : first + per_page]), len(items), number, max(1, -(-len(items) // per_page))
    )
