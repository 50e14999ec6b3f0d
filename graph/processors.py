"""The processors that this program may use, and the one that what takes long leaves to the rest."""

import os
from typing import Final

ALL: Final = frozenset(os.sched_getaffinity(0))
KEPT: Final = frozenset({min(ALL)})
"""The one that queries leave which are not brief."""
OTHERS: Final = ALL - KEPT or ALL
"""What is left to them: all but that one, where there are several."""
