"""Zip archives without times, so that the same members give the same file."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # that a zip file can say
_UNIX: Final = 3
_READABLE: Final = 0o644 << 16


def write_zip(path: Path, members: Iterable[tuple[str, bytes]], *, compress: bool = True) -> None:
    """Write `members`, each a name and its content, to a new archive at `path`."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, _EARLIEST)
            member.compress_type, member.create_system, member.external_attr = method, _UNIX, _READABLE
            archive.writestr(member, content)
