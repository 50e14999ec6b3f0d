"""The one shape of every error: what is wrong, where, which rule or setting it breaks, and what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong; `where` is file:line, a parameter's name or empty."""

    where: str
    message: str
    rule: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """One line for a terminal: where, what, which rule, what to do."""
        parts = [f"{self.where}: " if self.where else "", self.message]
        if self.rule:
            parts.append(f" [{self.rule}]")
        if self.remedy:
            parts.append(f" → {self.remedy}")
        return "".join(parts)


class UtsagaError(Exception):
    """A failure that a user is told about; `status` is the HTTP status it has on the web."""

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
        """Take the words of one fault."""
        self.faults: tuple[Fault, ...] = (Fault(where, message, rule, remedy),)
        if retry_after is not None:
            self.retry_after = retry_after
        super().__init__(str(self.faults[0]))

    def __reduce__(self) -> tuple[Callable[..., "UtsagaError"], tuple[Any, ...]]:
        """Cross from one process to another with all faults."""
        return _restore, (type(self), self.faults, self.retry_after)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> Self:
        """Gather several faults, in the order of where they are, into one error."""
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
    """What was sent or written does not follow the rules."""

    status = 400
    title = "The request cannot be read"


class Forbidden(UtsagaError):
    """Understood, and not allowed here."""

    status = 403
    title = "That is not allowed here"


class NotFound(UtsagaError):
    """Nothing has that name."""

    status = 404
    title = "There is nothing here by that name"


class NotAcceptable(UtsagaError):
    """None of the wanted formats is spoken."""

    status = 406
    title = "None of the formats you accept is available"


class RequestTimeout(UtsagaError):
    """The request did not come in time."""

    status = 408
    title = "The request took too long to arrive"


class TooLarge(UtsagaError):
    """More than a setting allows."""

    status = 413
    title = "That is too large"


class UriTooLong(UtsagaError):
    """More in the URL than a setting allows."""

    status = 414
    title = "That address is too long"


class UnsupportedMedia(UtsagaError):
    """The body is of a type that is not read."""

    status = 415
    title = "That type of content cannot be read"


class TooManyRequests(UtsagaError):
    """One client has used up what it may; `retry_after` is the whole seconds until it may ask again."""

    status = 429
    title = "You have asked for much in a short time"
    retry_after = 60


class Unavailable(UtsagaError):
    """It may work later; `retry_after` is a guess in whole seconds."""

    status = 503
    title = "The service cannot answer just now"
    retry_after = 5
