"""Refusals as tools return them: what is wrong, where, by which rule or limit, and what to do."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final, Self

from pydantic import ValidationError

from graph.client.errors import RefusedError
from graph.core.errors import BadInput, Fault, UtsagaError
from graph.core.settings import PREFIX
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
        """Return the refusal that `error` comes to."""
        return cls(_problem(error.status, error.title, error.faults, error.retry_after))

    @classmethod
    def of_validation(cls, error: ValidationError, tool: str) -> Self:
        """Return the refusal of arguments of `tool` that are not as its schema says."""
        remedy = f"see the input schema of {tool}"
        faults = [
            Fault(".".join(map(str, each["loc"])), each["msg"], each["type"], remedy)
            for each in error.errors(include_url=False, include_input=False)
        ]
        return cls(_problem(BadInput.status, BadInput.title, faults, None))

    @classmethod
    def of_reply(cls, status: int, headers: Headers, body: bytes) -> Self:
        """Return the refusal of a response with an error, which is a problem document."""
        document = json.loads(body)
        after = header(headers, "retry-after")
        wait = {"retryAfter": int(after)} if after.isascii() and after.isdecimal() else {}
        return cls({name: document[name] for name in _KEPT if name in document} | wait)

    @classmethod
    def of_client(cls, error: RefusedError) -> Self:
        """Return the refusal of a server that was asked over HTTP."""
        near = {"nearest": list(error.nearest)} if error.nearest else {}
        faults = error.faults or (Fault("", error.detail or str(error)),)
        return cls(_problem(error.status, error.title, faults, error.retry_after) | near)

    @classmethod
    def unforeseen(cls) -> Self:
        """Return the refusal for an error of ours, which has been written to the log."""
        fault = Fault("", "An error of ours; it has been written to the log", "", "try again later")
        return cls(_problem(HTTPStatus.INTERNAL_SERVER_ERROR, UtsagaError.title, [fault], None))

    @property
    def rules(self) -> set[str]:
        """The rules that the request breaks."""
        return {fault["rule"] for fault in self.problem.get("faults", ())}


def _problem(status: int, title: str, faults: Iterable[Fault], retry_after: int | None) -> dict[str, Any]:
    listed = [asdict(fault) for fault in faults]
    limit = next((each["rule"] for each in listed if each["rule"].startswith(PREFIX)), "")
    return {
        "title": title,
        "status": int(status),
        "faults": listed,
        **({"limit": limit} if limit else {}),
        **({"retryAfter": retry_after} if retry_after is not None else {}),
    }
