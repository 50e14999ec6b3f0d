"""The processors that this program may use, and those of them for what need not be where the server is."""

import os
from typing import Final

ALL: Final = frozenset(os.sched_getaffinity(0))
OTHERS: Final = ALL - {min(ALL)} or ALL
"""All but the first, where there are several.

For queries that take long, so that those that are brief find the first free, and for a worker with many
brief ones in hand, which else takes turns with the server on one.
"""
