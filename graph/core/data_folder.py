"""Where releases and readers' reports are kept if no folder is named."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from graph.core.errors import BadInput
from graph.core.site import VARIABLE

RELEASES: Final = "releases"
_CODE: Final = Path(__file__).parents[2]


def data_folder(environment: Mapping[str, str] = os.environ, code: Path = _CODE) -> Path:
    """Return the folder for what is made of the facts and what readers send.

    That of a site is its own folder, if it is named. That of a checkout is the working directory, as make
    expects. An installed package is not written to: the user's data folder takes its place
    (https://specifications.freedesktop.org/basedir-spec/latest/). `code` is the folder with the packages.
    Raise BadInput for a user who has none.
    """
    if site := environment.get(VARIABLE):
        return Path(site)
    if (code / "pyproject.toml").is_file():
        return Path()
    try:
        return user_data_path("utsaga")
    except RuntimeError as error:
        raise BadInput(
            "this user has no home directory for releases and reports",
            where="HOME",
            rule="data folder",
            remedy="set UTSAGA_RELEASES and UTSAGA_REPORTS to absolute paths, or HOME",
        ) from error


def in_data_folder(name: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path `name`, in the data folder if it is relative; raise what data_folder raises."""
    path = Path(name)
    return path if path.is_absolute() else data_folder(environment) / path
