"""Values of settings: text of the environment and values of TOML, checked against the type of the default."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from graph.core.errors import BadInput

_TRUE: Final = ("1", "true", "yes")
_FALSE: Final = ("", "0", "false", "no")


def read_text(variable: str, text: str, default: Any) -> Any:
    """Return the value of an environment variable as the type of `default`; raise BadInput if it is none."""
    try:
        return _parse(text.strip(), default)
    except ValueError as error:
        raise _refusal(f"“{text}”", error, variable, variable, default) from error


def read_table(
    table: Mapping[str, Any], defaults: Mapping[str, Any], file: Path, prefix: str
) -> dict[str, Any]:
    """Return the settings in the table [settings] of `file`, by name; their variables begin with `prefix`.

    Raise BadInput, with file and key, for a key that is not in `defaults` and for a value of another type.
    """
    given = {}
    for name, value in table.items():
        where = f"{file}: {name} in [settings]"
        if name not in defaults:
            remedy = "leave it out, or write it as docs/settings.md does"
            raise BadInput(f"“{name}” is no setting", where=where, rule=file.name, remedy=remedy)
        try:
            given[name] = _typed(value, defaults[name])
        except ValueError as error:
            raise _refusal(repr(value), error, where, prefix + name.upper(), defaults[name]) from error
    return given


def _refusal(value: str, error: ValueError, where: str, rule: str, default: Any) -> BadInput:
    return BadInput(
        f"{value} is not a valid value: {error}",
        where=where,
        rule=rule,
        remedy=f"write something like {default!r}, or leave it out",
    )


def _parse(text: str, default: Any) -> Any:
    """Parse `text` as the type of `default`; raise ValueError if it is not valid or a negative number."""
    if isinstance(default, bool):
        if text.lower() not in _TRUE + _FALSE:
            raise ValueError("expected true or false")
        return text.lower() in _TRUE
    if isinstance(default, tuple):
        return tuple(text.split())
    if isinstance(default, str):
        return text
    return _in_range(type(default)(text))


def _typed(value: Any, default: Any) -> Any:
    """Return a value of TOML as the type of `default`; raise ValueError if it has another type."""
    if isinstance(default, tuple):
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError("expected a list of strings")
        return tuple(value)
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        raise ValueError(f"expected {type(default).__name__}, found {type(value).__name__}")
    return value if isinstance(default, str | bool) else _in_range(value)


def _in_range(number: Any) -> Any:
    if not 0 <= number < 1 << 62:
        raise ValueError("out of range")
    return number
