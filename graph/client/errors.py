"""What a client raises: a request that the server refuses, or one without a whole answer."""

import json
from dataclasses import fields
from typing import Any

from graph.core.errors import Fault


class ClientError(Exception):
    """The base of the errors of a client."""


class UnansweredError(ClientError):
    """Raised if there is no whole answer: no connection, not in time, or none that can be read."""


class RefusedError(ClientError):
    """Raised for a problem document, whose members it has: https://www.rfc-editor.org/rfc/rfc9457.

    `limit` is the setting of the server that refuses the request, `nearest` are IRIs that may be meant, and
    `retry_after` is the time in seconds after which the request may succeed, if there is one.
    """

    def __init__(self, status: int, problem: dict[str, Any], retry_after: int | None = None) -> None:
        """Take the members of `problem` that an answer with `status` has."""
        self.status = status
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail", ""))
        self.faults = tuple(_fault(each) for each in problem.get("faults") or () if isinstance(each, dict))
        self.limit: str | None = problem.get("limit")
        self.nearest: tuple[str, ...] = tuple(problem.get("nearest") or ())
        self.retry_after = retry_after
        super().__init__(f"{status} {self.title}: {self.detail}".rstrip(": "))

    @classmethod
    def read(cls, status: int, body: bytes, retry_after: str | None) -> "RefusedError":
        """Return the error for an answer with `status`; what is no problem document becomes its detail."""
        seconds = int(retry_after) if retry_after and retry_after.isdecimal() else None
        try:
            problem = json.loads(body)
        except ValueError:
            problem = {"detail": body[:200].decode("utf-8", "replace")}
        return cls(status, problem if isinstance(problem, dict) else {}, seconds)


def _fault(members: dict[str, Any]) -> Fault:
    return Fault(**{each.name: str(members.get(each.name, "")) for each in fields(Fault)})
