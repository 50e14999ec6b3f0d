"""The facts read from one file."""

from dataclasses import dataclass, field

from pyoxigraph import Quad


@dataclass(frozen=True)
class Facts:
    """The quads of one file, all in the named graph `graph`, and the place of each in the file.

    `lines` maps a subject's IRI, and “subject predicate” where that is known, to file:line. What
    `is_plain` is RDF as others write it: of any vocabulary, about anything.
    """

    graph: str
    quads: list[Quad]
    lines: dict[str, str] = field(default_factory=dict)
    is_plain: bool = False


def where(lines: dict[str, str], subject: str, predicate: str = "") -> str:
    """Return file:line of `predicate` on `subject`, else of `subject`, else the subject itself."""
    return lines.get(f"{subject} {predicate}") or lines.get(subject) or subject
