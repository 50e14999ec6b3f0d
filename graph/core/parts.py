"""The parts that a site may switch on, and what belongs to each: the one place that says it.

What a part has is there if the part is on, what several have if one of them is, what none has on every site.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PARTS_FOLDER: Final = Path(__file__).parents[1] / "parts"
"""The ontology and kinds of the parts, in folders."""


@dataclass(frozen=True)
class Part:
    """What a part needs and has, by the names that its things have elsewhere.

    `needs` are other parts. The `folders` of `PARTS_FOLDER` have its ontology and its kinds. A kind of
    `kinds` is called so on every site that has it. Entities of the kinds `pages` have pages of their own if
    a class of their kind is one of `classes`, CURIEs; others have the page that is drawn from shapes.
    `paths` and `schemas` are those of OpenAPI, `sections` those of pages, `meanings` those of the page about
    the site, `members` those of JSON documents, `arguments` those of requests, `tools` and `resources` those
    for agents.
    """

    needs: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    blueprints: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


PARTS: Final[Mapping[str, Part]] = {
    "statements": Part(
        folders=("statements",),
        kinds=("statement",),
        pages=("statement", "source", "person", "organisation"),
        classes=(
            *("uts:Statement", "uts:Quantity", "uts:Person", "uts:Unit", "uts:Product"),
            *("uts:Source", "uts:Article", "uts:Report", "uts:Decision", "uts:Judgment", "uts:DataSet"),
            "org:FormalOrganization",
        ),
        blueprints=("timeline", "cite"),
        paths=("/{cited}/{slug}.csl.json", "/{cited}/{slug}.{style}", "/{followed}/{slug}.atom"),
        sections=("newest",),
        meanings=("statement",),
    ),
    "evidence": Part(
        needs=("statements",),
        folders=("evidence",),
        kinds=("passage",),
        pages=("passage",),
        classes=("uts:Passage",),
        blueprints=("verification", "evidence"),
        paths=("/ns/evidence.schema.json", "/ns/evidence.jsonld"),
        sections=("evidence",),
        members=("evidence", "evidencePage", "evidenceOfRows"),
        schemas=("Evidence",),
        arguments=("evidence",),
        tools=("cite",),
        resources=("evidence-schema",),
    ),
    "adoptions": Part(
        needs=("statements",),
        folders=("claims", "adoptions"),
        kinds=("adoption",),
        pages=("adoption", "product"),
        classes=("uts:Adoption",),
        blueprints=("compare",),
        paths=("/compare.csv", "/compare.csv-metadata.json"),
        sections=("adoptions",),
        meanings=("derived",),
        members=("standings", "standingsTotal", "otherProducts"),
        schemas=("Standing",),
    ),
    "assessments": Part(
        needs=("statements",),
        folders=("claims", "assessments"),
        kinds=("assessment",),
        pages=("assessment", "law", "product"),
        classes=("uts:Assessment", "uts:LegalAct", "uts:Provision"),
        sections=("laws",),
        meanings=("derived", "reading"),
    ),
}
ALL_KINDS: Final = frozenset(kind for part in PARTS.values() for kind in part.kinds)
"""The kinds that no site may call anything else so."""


def parts_with(what: str, name: str) -> tuple[str, ...]:
    """Return the parts that have `name` among their `what`, a field of `Part`."""
    return tuple(part for part, has in PARTS.items() if name in getattr(has, what))


def missing_need(parts: Collection[str]) -> tuple[str, str] | None:
    """Return a part of `parts` and one that it needs and that is not among them; None if there is none."""
    needs = ((part, need) for part in parts for need in PARTS[part].needs if need not in parts)
    return next(needs, None)
