"""Pages of an answer: as much as fits, a cursor to the rest, and nothing left out without a word."""

import pytest

from graph.core.errors import BadInput
from web.mcp.paging import LEAST_SIZE, MOST_SIZE, SIZE, Part, answer_page, encode, place_of


def parts(*lengths: int) -> list[Part]:
    return [Part("texts", "x" * length) for length in lengths]


def test_all_pages_together_have_each_part_once() -> None:
    every, cursor, given = parts(*range(10, 1500, 35)), "", list[str]()
    while True:
        place = place_of(cursor, LEAST_SIZE, "abc")
        page = answer_page({"total": len(every)}, ["texts"], every[place.position :], place)
        assert len(encode(page)) <= LEAST_SIZE
        given += page["texts"]
        if page["complete"]:
            break
        cursor = page["next"]
    assert given == [each.value for each in every]


def test_a_part_that_is_too_large_by_itself_is_named_with_the_size_to_ask_for() -> None:
    every, place = parts(5_000, 10), place_of("", SIZE, "abc")
    page = answer_page({}, ["texts"], every, place)
    assert page["texts"] == []
    assert page["complete"] is False
    assert "size=" in page["omitted"]["remedy"]
    larger = place_of("", page["omitted"]["bytes"], "abc")
    assert answer_page({}, ["texts"], every, larger)["texts"][0] == "x" * 5_000
    rest = place_of(page["next"], SIZE, "abc")
    assert answer_page({}, ["texts"], every[rest.position :], rest)["texts"] == ["x" * 10]


def test_a_part_that_no_page_can_hold_is_named_too() -> None:
    page = answer_page({}, ["texts"], parts(MOST_SIZE + 1), place_of("", MOST_SIZE, None))
    assert "size=" not in page["omitted"]["remedy"]


def test_an_answer_of_which_more_cannot_be_read_is_not_complete() -> None:
    page = answer_page({}, ["texts"], parts(1), place_of("", SIZE, None), whole=False)
    assert page["complete"] is False


@pytest.mark.parametrize("cursor", ["x", "-1.abc", "1", "1.ab-c", "1.abc.d", f"{10**10}.abc"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="is no cursor"):
        place_of(cursor, SIZE, "abc")


def test_pages_of_two_releases_are_not_mixed() -> None:
    with pytest.raises(BadInput, match="of release abc"):
        place_of("3.abc", SIZE, "def")
    with pytest.raises(BadInput):
        place_of("3.abc", SIZE, None)


def test_data_without_a_release_have_cursors() -> None:
    page = answer_page({}, ["texts"], parts(1_500, 1_500), place_of("", LEAST_SIZE, None))
    assert place_of(page["next"], LEAST_SIZE, None).position == 1
