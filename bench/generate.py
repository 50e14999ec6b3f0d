"""Streams N-Quads of any number, shaped by the ontology and the same for the same seed.

One graph a source, Zipf popularity, and a hub: one product that three statements in ten are about.
"""

import argparse
import hashlib
import itertools
import signal
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench.data import words
from bench.data.nquads import Lines, both, code, iri, plain, typed
from bench.data.registers import DEPLOYMENTS, People, Registers, popular, product_name, registers
from bench.data.words import Text
from graph.core.iris import slugify
from graph.core.namespaces import ID, OA, ORG, UTS

HUB_SHARE = 0.3
_KINDS = words.listed("adoption assessment safeguard intention opinion contact fact")
_STATUSES = words.listed(
    "in-use in-use-in-part rolling-out preparing evaluating considering not-in-use paused"
)
_OUTCOMES = words.listed("no-obstacle permitted-with-conditions obstacle under-review")


def quads(count: int, seed: int) -> Iterator[str]:
    """Yield about `count` N-Quads lines, each quad once; at most one source's quads more."""
    made = 0
    for lines in _parts(count, Random(seed)):  # noqa: S311 (data to measure with, not secrets)
        yield from lines
        made += len(lines)
        if made >= count:
            return


def _parts(count: int, random: Random) -> Iterator[list[str]]:
    """Yield the registers, whose sizes go by `count` up to a bound, and then sources without end."""
    known = registers(count)
    yield from known.describe(random)
    people = People(known)
    for number in itertools.count(1):
        yield _Source(number, known, people, random).lines


class _Source:
    """One source with its passages, speakers, statements, and what follows from the statements."""

    def __init__(self, number: int, known: Registers, people: People, random: Random) -> None:
        self._known, self._people, self._random = known, people, random
        self._slug = f"kalla-{number}"
        self._iri = f"{ID}source/{self._slug}"
        self._issued = typed(date(2010, 1, 1) + timedelta(random.randrange(5_600)), "date")
        self._position = 0
        self._paragraphs = 0
        self._statements: list[str] = []
        self.lines = Lines(f"source/{self._slug}")
        speakers = self._speakers(random.randrange(1, 4))
        for speaker in speakers:
            self._office(speaker, self._passage())
        for _ in range(random.randrange(4, 15)):
            self._statement(random.choice(speakers))
        self._describe(number)

    def _describe(self, number: int) -> None:
        self.lines.add(
            self._iri,
            UTS + "Article",
            label=both(Text(f"Nytt om molnet, del {number}", f"News of the cloud, part {number}")),
            publisher=iri(self._popular(self._known.publishers)),
            language=plain("sv"),
            issued=self._issued,
            url=iri(f"https://bladet.example/{self._slug}"),
            textDigest=plain(_digest(self._slug)),
            textLength=typed(self._position, "integer"),
        )

    def _popular(self, choices: list[str]) -> str:
        return choices[popular(self._random, len(choices))]

    def _speakers(self, count: int) -> list[int]:
        """Return different people, of whom half are new and described here."""
        speakers: set[int] = set()
        while len(speakers) < count:
            if self._people.count and self._random.random() < 0.5:
                speakers.add(popular(self._random, self._people.count))
            else:
                index = self._people.count
                self._people.count += 1
                speakers.add(index)
                self.lines.add(self._people.iri(index), UTS + "Person", label=f'"{words.person(index)}"@sv')
        return sorted(speakers)

    def _office(self, person: int, passage: str) -> None:
        role = self._people.role(person)
        self.lines.add(
            f"{self._people.iri(person)}#{slugify(role.sv)}-{self._slug}",
            ORG + "Membership",
            member=iri(self._people.iri(person)),
            organization=iri(self._people.employer(person)),
            roleName=both(role),
            source=iri(self._iri),
            evidence=iri(passage),
            asOf=self._issued,
        )

    def _passage(self) -> str:
        start = self._position + self._random.randrange(1, 200)
        self._position = end = start + self._random.randrange(40, 400)
        self._paragraphs += 1
        passage = f"{ID}passage/{self._slug}-{start}-{end}"
        self.lines.add(
            passage,
            UTS + "Passage",
            hasSource=iri(self._iri),
            hasSelector=iri(f"{passage}#position"),
            digest=plain(_digest(passage)),
            paragraph=typed(self._paragraphs, "integer"),
        )
        self.lines.add(
            f"{passage}#position",
            OA + "TextPositionSelector",
            start=typed(start, "integer"),
            end=typed(end, "integer"),
        )
        return passage

    def _product(self) -> int:
        if self._random.random() < HUB_SHARE:
            return 0
        return 1 + popular(self._random, len(self._known.products) - 1)

    def _statement(self, speaker: int) -> None:
        random = self._random
        number = f"{self._slug}-{len(self._statements) + 1}"
        statement = f"{ID}statement/{number}"
        kind = random.choice(_KINDS)
        product = self._product()
        law = iri(self._popular(self._known.laws)) if random.random() < 0.4 else ""
        employer = self._people.employer(speaker)
        own = random.random() < 0.1  # the paper's own words
        self.lines.add(
            statement,
            UTS + "Statement",
            kind=code("statement-kind", kind),
            speechAct=code("speech-act", "source-claim" if own else "quotation"),
            speaker="" if own else iri(self._people.iri(speaker)),
            onBehalfOf=iri(employer),
            about=iri(self._known.products[product]),
            cites=law,
            keptOutOf=iri(self._known.products[product]) if kind == "safeguard" else "",
            text=both(words.sentence(random, product_name(product))),
            saidIn=iri(self._iri),
            evidence=iri(self._passage()),
            answers=iri(random.choice(self._statements)) if number[-1] in "258" else "",
        )
        self._statements.append(statement)
        claim = {"product": iri(self._known.products[product]), "derivedFrom": iri(statement)}
        if kind == "adoption":
            self._adoption(number, employer, claim)
        elif kind == "assessment":
            self._assessment(number, employer, law, claim)

    def _adoption(self, number: str, adopter: str, claim: dict[str, str]) -> None:
        self.lines.add(
            f"{ID}adoption/{number}",
            UTS + "Adoption",
            adopter=iri(adopter),
            status=code("adoption-status", self._random.choice(_STATUSES)),
            scope=both(self._random.choice(words.SCOPES)),
            asOf=self._issued,
            deployment=code("deployment", self._random.choice(DEPLOYMENTS)),
            **claim,
        )

    def _assessment(self, number: str, assessor: str, law: str, claim: dict[str, str]) -> None:
        self.lines.add(
            f"{ID}assessment/{number}",
            UTS + "Assessment",
            assessor=iri(assessor),
            underAct=law,
            assessmentType=code("assessment-type", "internal-opinion"),
            outcome=code("assessment-outcome", self._random.choice(_OUTCOMES)),
            condition=both(self._random.choice(words.CONDITIONS)),
            madeIn=self._issued,
            **claim,
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> None:
    """Write the quads that the command line asks for to standard output."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when the reader has enough
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.stdout.buffer.writelines(line.encode() for line in quads(asked.quads, asked.seed))


if __name__ == "__main__":
    main()
