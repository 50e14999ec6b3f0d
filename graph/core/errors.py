"""The errors of the project: what is wrong, where, the rule or setting it breaks, and the remedy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, order=True)
class Fault:
    """One fault; `where` is file:line, the name of a parameter, or empty."""

    where: str
    message: str
    rule: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return one line for a terminal: place, message, rule, remedy."""
        parts = [f"{self.where}: " if self.where else "", self.message]
        if self.rule:
            parts.append(f" [{self.rule}]")
        if self.remedy:
            parts.append(f" → {self.remedy}")
        return "".join(parts)


class UtsagaError(Exception):
    """An error that is shown to users, with one or more faults; `status` is its HTTP status."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong here"
    retry_after: int | None = None

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        rule: str = "",
        remedy: str = "",
        retry_after: int | None = None,
    ) -> None:
        """Create an error with one fault; `retry_after` is in seconds."""
        self.faults: tuple[Fault, ...] = (Fault(where, message, rule, remedy),)
        if retry_after is not None:
            self.retry_after = retry_after
        super().__init__(str(self.faults[0]))

    def __reduce__(self) -> tuple[Callable[..., "UtsagaError"], tuple[Any, ...]]:
        """Pickle the error with all its faults."""
        return _restore, (type(self), self.faults, self.retry_after)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Self:
        """Return one error with all `faults`, ordered by place."""
        ordered = sorted(set(faults))
        error = cls(ordered[0].message)
        error.faults = tuple(ordered)
        error.args = ("\n".join(map(str, ordered)),)
        return error


def _restore(kind: type[UtsagaError], faults: tuple[Fault, ...], retry_after: int | None) -> UtsagaError:
    error = kind.of(faults)
    error.retry_after = retry_after
    return error


class BadInput(UtsagaError):
    """Raised for input that is not valid."""

    status = 400
    title = "The request cannot be read"


class Forbidden(UtsagaError):
    """Raised for a valid request that is not allowed."""

    status = 403
    title = "That is not allowed here"


class NotFound(UtsagaError):
    """Raised if nothing has the name or IRI that was given."""

    status = 404
    title = "There is nothing here by that name"


class NotAcceptable(UtsagaError):
    """Raised if the response is not available in any format that the client accepts."""

    status = 406
    title = "None of the formats you accept is available"


class RequestTimeout(UtsagaError):
    """Raised if the request did not arrive in time."""

    status = 408
    title = "The request took too long to arrive"


class Gone(UtsagaError):
    """Raised for what was here and was removed on purpose."""

    status = 410
    title = "This has been removed"


class ReleaseGone(Gone):
    """Raised for a release that was made and cannot be read any more; `nearest` is the id of one that can."""

    title = "That release is no longer kept"

    def __init__(self, message: str, *, nearest: str = "", **details: Any) -> None:
        """Create an error with one fault, as UtsagaError does."""
        super().__init__(message, **details)
        self.nearest = nearest

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the error with the nearest release."""
        return *super().__reduce__(), {"nearest": self.nearest}


class TooLarge(UtsagaError):
    """Raised for a body over the limit of a setting."""

    status = 413
    title = "That is too large"


class UriTooLong(UtsagaError):
    """Raised for a URL over the limit of a setting."""

    status = 414
    title = "That address is too long"


class UnsupportedMedia(UtsagaError):
    """Raised for a request body of an unsupported media type."""

    status = 415
    title = "That type of content cannot be read"


class Unprocessable(UtsagaError):
    """Raised for a valid request that needs more time, memory or room than a setting allows.

    The same request would be refused again, so that there is no time to retry after. 422 is none of the
    statuses that HTTP clients repeat by themselves, as 408, 413, 429 and 5xx are:
    https://www.rfc-editor.org/rfc/rfc9110#name-422-unprocessable-content.
    """

    status = 422
    title = "That needs more than one request may use"


class TooManyRequests(UtsagaError):
    """Raised if a client is over its limit; `retry_after` is the number of seconds until it may try again."""

    status = 429
    title = "You have asked for much in a short time"
    retry_after = 60


class Unavailable(UtsagaError):
    """Raised if something that the response needs is busy or missing.

    Only what is busy has a `retry_after`, an estimate in whole seconds.
    """

    status = 503
    title = "The service cannot answer just now"
