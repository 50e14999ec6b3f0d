"""Dates and numbers in each language."""

import pytest

from graph.core import formatting


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        ("2017", "2017", "2017"),
        ("2017-10", "oktober 2017", "October 2017"),
        ("2019-02-22", "22 februari 2019", "22 February 2019"),
        ("2019-02-02", "2 februari 2019", "2 February 2019"),
        ("2019-02-22T10:00:00Z", "22 februari 2019", "22 February 2019"),
        ("2019-02-22+02:00", "22 februari 2019", "22 February 2019"),
        ("2019-13", "2019-13", "2019-13"),
        ("2019-02-30", "2019-02-30", "2019-02-30"),
        ("-0044", "-0044", "-0044"),
        ("soon", "soon", "soon"),
        ("2019-02-22T10:00:00." + "0" * 30 + "Z",) * 3,  # longer than any that is read
        ("", "", ""),
    ],
)
def test_dates_are_formatted_by_language(value: str, swedish: str, english: str) -> None:
    assert (formatting.date(value, "sv"), formatting.date(value, "en")) == (swedish, english)


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        ("579281", "579\N{NO-BREAK SPACE}281", "579,281"),
        ("1096", "1096", "1096"),
        ("-12345", "-12\N{NO-BREAK SPACE}345", "-12,345"),
        ("57.70887", "57,70887", "57.70887"),
        ("1e5", "1e5", "1e5"),
        ("٣", "٣", "٣"),
        ("9" * 5000, "9" * 5000, "9" * 5000),
    ],
)
def test_numbers_are_formatted_by_language(value: str, swedish: str, english: str) -> None:
    assert (formatting.number(value, "sv"), formatting.number(value, "en")) == (swedish, english)
