"""The group of commands: a fault is one line, whatever the command has come to."""

import pytest
from click.testing import CliRunner

from graph.core.errors import BadInput
from web import cli


def test_a_user_without_a_home_directory_learns_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise BadInput("this user has no home directory", where="HOME", rule="data folder", remedy="set HOME")

    option = next(each for each in cli.main.params if each.name == "home")
    monkeypatch.setattr(option, "default", refuse)
    monkeypatch.delenv("UTSAGA_RELEASES", raising=False)
    ended = CliRunner().invoke(cli.main, ["doctor"])
    assert ended.exit_code == 1
    assert ended.stderr == "✗ HOME: this user has no home directory [data folder] → set HOME\n"
