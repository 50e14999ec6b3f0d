"""A report of an error: its fields, their limits, and its form as a file."""

import json
import secrets
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

from graph.core.errors import BadInput

REASONS: Final = ("error", "source", "missing", "person", "page", "other")
MAX_TEXT: Final = 3_000  # characters
MAX_ADDRESS: Final = 200  # characters of the address for a reply
MAX_SUBJECT: Final = 500  # characters of the address of a page


class ReportFields(NamedTuple):
    """What a reader has filled in: a reason, an address of this site, a text, a mail address if any."""

    reason: str
    about: str
    text: str
    reply_to: str


@dataclass(frozen=True)
class Report:
    """What a reader has written about an entity or a page; `closed` is empty as long as it is open."""

    id: str
    received: str  # a date and time of ISO 8601
    reason: str
    about: str  # an IRI of the graph, a path of the site, or nothing
    text: str
    reply_to: str = ""
    language: str = ""  # of the page with the form
    release: str = ""  # the id of the release that the reader saw
    closed: str = ""  # a date and time of ISO 8601
    note: str = ""  # by the operator who closed it

    @classmethod
    def new(cls, fields: ReportFields, *, language: str, release: str) -> Self:
        """Return a report that is received now, with a new id."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%d}-{secrets.token_hex(4)}"
        received = now.isoformat(timespec="seconds")
        text = clean_text(fields.text)
        return cls(name, received, fields.reason, fields.about, text, fields.reply_to, language, release)

    @classmethod
    def parse(cls, content: str, where: str) -> Self:
        """Return the report in a file with this `content`; raise BadInput, naming `where`, if it is none."""
        names = {each.name for each in fields(cls)}
        try:
            given = json.loads(content)
            if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
                raise ValueError("expected an object of strings")
            return cls(**{name: value for name, value in given.items() if name in names})
        except (ValueError, TypeError) as error:
            raise BadInput(
                f"the file is no report: {error}", where=where, rule="report", remedy="delete it, or mend it"
            ) from error

    def to_json(self) -> str:
        """Return the content of its file: all but what is empty."""
        given = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(given, ensure_ascii=False, indent=1) + "\n"


def clean_text(text: str) -> str:
    """Return what a reader has written with line breaks as `\\n` and without other control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(each for each in line if each.isprintable()) for line in lines).strip()
