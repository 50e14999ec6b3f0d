"""A client for programs in Python: `from graph.client import Utsaga`, and ask any running server.

Imports `graph.evidence` and what is below it, for the types of values. Begin with `utsaga`.
"""

from graph.client.answers import Answer, Entity, Evidence, Hit, SearchAnswer, Standing
from graph.client.errors import ClientError, RefusedError, UnansweredError
from graph.client.utsaga import Utsaga

__all__ = [
    "Answer",
    "ClientError",
    "Entity",
    "Evidence",
    "Hit",
    "RefusedError",
    "SearchAnswer",
    "Standing",
    "UnansweredError",
    "Utsaga",
]
