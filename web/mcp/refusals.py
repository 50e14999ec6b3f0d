"""Refusals as tools return them: what is wrong, where, by which rule or limit, and what to do."""

import json
from http import HTTPStatus
from typing import Any, Final, Self

from pydantic import ValidationError

from graph.client.errors import RefusedError
from graph.core.errors import BadInput, Fault, UtsagaError
from web.http.problem_json import problem
from web.http.responses import Headers, header

_KEPT: Final = ("title", "status", "faults", "limit", "nearest")


class Refusal(Exception):
    """Raised in place of an answer; `problem` is what is said of it."""

    def __init__(self, problem: dict[str, Any]) -> None:
        """Take a problem as JSON: title, status, faults; `limit`, `nearest`, `retryAfter` if it has them."""
        self.problem = problem
        super().__init__(str(problem))

    @classmethod
    def of_error(cls, error: UtsagaError) -> Self:
        """Return the refusal for `error`."""
        return cls._of_document(problem(error.status, error.faults), error.retry_after)

    @classmethod
    def of_validation(cls, error: ValidationError, tool: str) -> Self:
        """Return the refusal of arguments of `tool` that are not as its schema says."""
        remedy = f"see the input schema of {tool}"
        faults = [
            Fault(".".join(map(str, each["loc"])), each["msg"], each["type"], remedy)
            for each in error.errors(include_url=False, include_input=False)
        ]
        return cls._of_document(problem(BadInput.status, faults))

    @classmethod
    def of_reply(cls, headers: Headers, body: bytes) -> Self:
        """Return the refusal for a response with an error, which is a problem document."""
        after = header(headers, "retry-after")
        return cls._of_document(body, int(after) if after.isascii() and after.isdecimal() else None)

    @classmethod
    def of_client(cls, error: RefusedError) -> Self:
        """Return the refusal of a server that was asked over HTTP."""
        faults = error.faults or (Fault("", error.detail or str(error)),)
        return cls._of_document(problem(error.status, faults, error.nearest), error.retry_after)

    @classmethod
    def unforeseen(cls) -> Self:
        """Return the refusal for an error of ours, which has been written to the log."""
        fault = Fault("", "An error of ours; it has been written to the log", "", "try again later")
        return cls._of_document(problem(HTTPStatus.INTERNAL_SERVER_ERROR, [fault]))

    @classmethod
    def _of_document(cls, document: str | bytes, retry_after: int | None = None) -> Self:
        """Return the refusal that a problem document says, to be tried again after some seconds."""
        members = json.loads(document)
        wait = {"retryAfter": retry_after} if retry_after is not None else {}
        return cls({name: members[name] for name in _KEPT if name in members} | wait)

    @property
    def faults(self) -> list[dict[str, str]]:
        """What is wrong, each with where, by which rule and what to do."""
        found: list[dict[str, str]] = self.problem.get("faults", [])
        return found
