"""Settings from the environment, errors that name them, and their documentation."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from graph.core.errors import BadInput
from graph.core.settings import PREFIX, Settings

TABLE = (Path(__file__).parents[3] / "docs" / "settings.md").read_text()


def test_the_environment_overrides_the_defaults_it_names() -> None:
    read = Settings.from_environment(
        {
            "UTSAGA_SECONDS": "2.5",
            "UTSAGA_WORKERS": "3",
            "UTSAGA_SERVICES": "https://a.example/sparql  https://b.example/",
            "UTSAGA_THROTTLE_LOOPBACK": "yes",
            "UTSAGA_PUBLIC_BASE": "https://graph.example/",
            "OTHER": "1",
        }
    )
    assert (read.seconds, read.worker_count) == (2.5, 3)
    assert read.services == ("https://a.example/sparql", "https://b.example/")
    assert read.throttle_loopback
    assert read.public_base == "https://graph.example/"
    assert read.result_bytes == Settings.result_bytes
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UTSAGA_SECONDS", "soon"),
        ("UTSAGA_SECONDS", "nan"),
        ("UTSAGA_SECONDS", "inf"),
        ("UTSAGA_WORKERS", "-1"),
        ("UTSAGA_WORKERS", "1.5"),
        ("UTSAGA_LOG_QUERIES", "perhaps"),
    ],
)
def test_an_invalid_value_is_refused_with_the_name_of_the_setting(name: str, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({name: value})
    assert refused.value.faults[0].rule == name


def test_the_documentation_lists_every_setting_with_its_meaning_and_default() -> None:
    rows = dict(re.findall(r"^\| `(UTSAGA_\w+)` \|(.*)$", TABLE, re.MULTILINE))
    assert list(rows) == [PREFIX + each.name.upper() for each in fields(Settings)]
    for each in fields(Settings):
        key, _, row = rows[PREFIX + each.name.upper()].partition("|")
        assert key.strip() == f"`{each.name}`"
        assert each.metadata["means"] in row
        if isinstance(each.default, int | float) and not isinstance(each.default, bool):
            assert float(row.split("|")[0]) == each.default


def test_the_table_of_the_site_gives_what_the_environment_leaves_out() -> None:
    table = {
        "seconds": 3,
        "workers": 5,
        "services": ["https://a.example/sparql"],
        "contact": "data@graph.example",
        "log_queries": True,
    }
    read = Settings.from_environment({"UTSAGA_WORKERS": "2"}, table)
    assert (read.seconds, read.workers) == (3.0, 2)
    assert isinstance(read.seconds, float)
    assert read.services == ("https://a.example/sparql",)
    assert (read.contact, read.log_queries) == ("data@graph.example", True)


@pytest.mark.parametrize(
    ("table", "rule"),
    [
        ({"seconds": "3"}, "UTSAGA_SECONDS"),
        ({"seconds": True}, "UTSAGA_SECONDS"),
        ({"seconds": float("nan")}, "UTSAGA_SECONDS"),
        ({"workers": 1.5}, "UTSAGA_WORKERS"),
        ({"workers": -1}, "UTSAGA_WORKERS"),
        ({"services": "https://a.example/sparql"}, "UTSAGA_SERVICES"),
        ({"services": [1]}, "UTSAGA_SERVICES"),
        ({"contact": 1}, "UTSAGA_CONTACT"),
        ({"log_queries": 1}, "UTSAGA_LOG_QUERIES"),
        ({"second": 3}, "utsaga.toml"),
        ({"UTSAGA_SECONDS": 3}, "utsaga.toml"),
    ],
)
def test_an_invalid_value_in_the_table_is_refused_with_file_and_key(
    table: dict[str, object], rule: str
) -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({}, table)
    (fault,) = refused.value.faults
    assert fault.rule == rule
    assert fault.where.endswith(f"utsaga.toml: {next(iter(table))} in [settings]")
    assert fault.remedy


def test_what_no_page_has_words_for_is_refused_from_the_table_too() -> None:
    with pytest.raises(BadInput, match="legal basis"):
        Settings.from_environment({}, {"legal_basis": "habit"})


def test_all_values_that_are_no_good_are_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        Settings.from_environment({"UTSAGA_SECONDS": "soon", "UTSAGA_WORKERS": "-1"})
    assert {each.where for each in refused.value.faults} == {"UTSAGA_SECONDS", "UTSAGA_WORKERS"}
