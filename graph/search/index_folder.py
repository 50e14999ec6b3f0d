"""Opens the folder of a text index, also one that cannot be written to.

Tantivy makes a lock file beside an index to read it. Where it may not, it reads links to the files instead,
from a folder of its own that is deleted with the index.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from tantivy import Index

from graph.core.storage_errors import NOT_WRITABLE, error_number


def open_folder(place: Path) -> tuple[Index, TemporaryDirectory[str] | None]:
    """Return the index in the folder `place`, and the folder of links, which has to be kept as long.

    Raise ValueError if the index cannot be read, and OSError if no folder of links can be made.
    """
    try:
        return Index.open(str(place)), None
    except ValueError as error:
        if error_number(error) not in NOT_WRITABLE:
            raise
    links = TemporaryDirectory(prefix="utsaga-index-")
    for file in place.iterdir():
        if file.suffix == ".lock":
            continue
        (Path(links.name) / file.name).symlink_to(file.resolve())
    return Index.open(links.name), links
