"""The processors that this program may use, and those of them that are left to what takes long."""

import os
from typing import Final

ALL: Final = frozenset(os.sched_getaffinity(0))
OTHERS: Final = ALL - {min(ALL)} or ALL
"""All but the first, where there are several: that one is for queries that are brief, and for the server."""
