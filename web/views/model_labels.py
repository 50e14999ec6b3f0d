"""The texts of the diagram of the model, with the room that they need.

A layout needs the sizes of texts before any browser has drawn them. The widths are those of DejaVu Sans,
which is wider than most fonts of browsers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.read.entities import Ref
from graph.vocabulary.vocabulary_model import ModelClass, ModelRelation
from web.html.i18n import messages
from web.html.labels import name
from web.html.urls import short_iri

_FONTS: Final = {  # the size of letters and the height of a line, in pixels, by the class of the text
    "model-name": (14, 20),
    "model-foreign": (11, 15),
    "model-subclass": (12, 17),
    "model-property": (12, 17),
    "model-within": (12, 17),
    "model-arrow": (12, 16),
}
_BOLD: Final = 1.13  # how much wider bold letters are
_INDENT: Final = 12  # pixels, of a subclass of a subclass
_NARROW: Final = frozenset("fijlrtIJ.,:;·()/|'- ")
_WIDE: Final = frozenset("mwMW←↻")


@dataclass(frozen=True)
class Line:
    """A line of text: its class in style sheets, which chooses its font, and its indent in pixels."""

    text: str
    style: str
    indent: int = 0

    @property
    def size(self) -> int:
        """The size of the font in pixels."""
        return _FONTS[self.style][0]

    @property
    def height(self) -> int:
        """The height of the line in pixels."""
        return _FONTS[self.style][1]

    @property
    def width(self) -> float:
        """The most pixels that the line takes."""
        width = sum(map(_width, self.text)) * self.size
        return self.indent + width * (_BOLD if self.style == "model-name" else 1)


def class_lines(class_: ModelClass, relations: Iterable[ModelRelation], language: str) -> tuple[Line, ...]:
    """Return what stands in the box of a class: its name, superclasses, subclasses, codes, own relations."""
    within = [each for each in relations if each.source == each.target == class_.ref.iri]
    title = _name(class_.ref, language)
    return (
        Line(title[:1].upper() + title[1:], "model-name"),
        *(Line(short_iri(each), "model-foreign") for each in class_.foreign),
        *(Line(_name(ref, language), "model-subclass", _INDENT * depth) for ref, depth in class_.subclasses),
        *(
            Line(f"{_name(each.ref, language)} ({_values(each.codes, language)})", "model-property")
            for each in class_.properties
        ),
        *(Line(f"↻ {_both_ways(each, language, ' / ')}", "model-within") for each in within),
    )


def arrow_lines(relations: Iterable[ModelRelation], language: str) -> tuple[Line, ...]:
    """Return the names of the relations that one arrow stands for, each followed by that of its inverse."""
    texts = (_both_ways(each, language, "\n← ") for each in relations)
    return tuple(Line(text, "model-arrow") for both in texts for text in both.split("\n"))


def _both_ways(relation: ModelRelation, language: str, separator: str) -> str:
    backwards = separator + _name(relation.inverse, language) if relation.inverse else ""
    return _name(relation.ref, language) + backwards


def _name(ref: Ref, language: str) -> str:
    return name(ref, language).value


def _values(codes: Ref | None, language: str) -> str:
    return messages(language)["ns.model_anything" if codes is None else "ns.model_code"][0]


def _width(letter: str) -> float:
    """Return how wide a letter is at most, as a part of the size of its font."""
    if letter in _NARROW:
        return 0.41
    if letter in _WIDE:
        return 0.99
    return 0.79 if letter.isupper() else 0.63
