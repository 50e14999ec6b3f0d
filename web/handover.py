"""How the command tells the server's process what to serve: the names of variables in the environment."""

from typing import Final

STORE: Final = "UTSAGA_STORE"
UNION: Final = "UTSAGA_UNION"
ENDPOINT: Final = "UTSAGA_ENDPOINT"
RELEASES: Final = "UTSAGA_RELEASES"
