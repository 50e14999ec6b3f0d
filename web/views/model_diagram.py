"""The diagram of the model: the classes of the vocabulary as boxes, with arrows for the relations.

graphlay (https://aarkue.github.io/graphlay/) places the boxes in layers and leads the lines around them at
right angles. The names of relations are placed as boxes too, each with a line to it and an arrow from it:
as labels of arrows they end up beside other arrows, or far from their own, with any library that was tried
(Graphviz in WebAssembly too; igraph's layered layout knows no labels).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import graphlay

from graph.vocabulary.vocabulary_model import ModelRelation, VocabularyModel, read_model
from web.views.model_labels import Line, arrow_lines, class_lines

_PADDING: Final = 9  # pixels, as the margin and the turns: of a box
_LABEL_PADDING: Final = 3
_MARGIN: Final = 6  # around the drawing
_BASE: Final = 0.28  # where a line's letters stand, as a part of its height
_TURN: Final = 5  # the radius of a line's turns
_OPTIONS: Final[dict[str, Any]] = {
    "direction": "topbottom",
    "effort": "thorough",
    "routing": {"port_sides": "facing_only", "lane_gap": 5},
    "spacing": {"node_gap": 14, "layer_gap": 12, "dummy_gap": 10, "port_gap": 12, "stub": 8},
}
Point = tuple[float, float]


@dataclass(frozen=True)
class TextLine:
    """A line of text, and where its base line begins."""

    line: Line
    x: float
    y: float


@dataclass(frozen=True)
class TextArea:
    """A rectangle with lines of text, in pixels from the upper left corner of the drawing."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[TextLine, ...]

    def overlaps(self, other: "TextArea") -> bool:
        """Return whether this area and the other one share more than their edges."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height


@dataclass(frozen=True)
class ModelBox:
    """The box of a class, by IRI."""

    iri: str
    title: str
    area: TextArea


@dataclass(frozen=True)
class ModelArrow:
    """An arrow for the relations from one class to another: their names, with a line before and after."""

    relations: tuple[ModelRelation, ...]
    area: TextArea
    before: tuple[Point, ...]
    after: tuple[Point, ...]

    @property
    def paths(self) -> tuple[str, str]:
        """The two lines as the data of SVG paths: to the names, and from there to the head."""
        return _path(self.before), _path(self.after)


@dataclass(frozen=True)
class ModelDiagram:
    """The drawing, and its size in pixels."""

    width: int
    height: int
    boxes: tuple[ModelBox, ...]
    arrows: tuple[ModelArrow, ...]


@cache
def model_diagram(language: str) -> ModelDiagram:
    """Return the diagram of the project's own vocabulary with names in `language`."""
    return draw(read_model(), language)


def draw(model: VocabularyModel, language: str) -> ModelDiagram:
    """Return the diagram of `model` with names in `language`: the same one whenever it is drawn."""
    boxes = {each.ref.iri: class_lines(each, model.relations, language) for each in model.classes}
    arrows: dict[tuple[str, str], list[ModelRelation]] = {}
    for each in model.relations:
        if each.source != each.target:
            arrows.setdefault((each.source, each.target), []).append(each)
    labels = {ends: arrow_lines(its, language) for ends, its in arrows.items()}
    layout = _layout(boxes, labels)
    left, top = (layout.bounds["min"][axis] - _MARGIN for axis in "xy")
    right, bottom = (layout.bounds["max"][axis] + _MARGIN for axis in "xy")

    def place(at: dict[str, float]) -> Point:
        return round(at["x"] - left, 1), round(at["y"] - top, 1)

    centres = {name: place(node["center"]) for name, node in zip(layout.ids, layout.nodes, strict=True)}
    lines = [tuple(map(place, edge["points"])) for edge in layout.edges]
    return ModelDiagram(
        round(right - left),
        round(bottom - top),
        tuple(
            ModelBox(name, texts[0].text, _text_area(texts, centres[name], _PADDING))
            for name, texts in boxes.items()
        ),
        tuple(
            ModelArrow(
                tuple(arrows[ends]),
                _text_area(texts, centres[ends], _LABEL_PADDING, centred=True),
                before,
                after,
            )
            for (ends, texts), before, after in zip(labels.items(), lines[::2], lines[1::2], strict=True)
        ),
    )


def _layout(
    boxes: dict[str, tuple[Line, ...]], labels: dict[tuple[str, str], tuple[Line, ...]]
) -> graphlay.Layout:
    """Return the layout of the boxes and labels; its edges are one to and one from each label."""
    graph = graphlay.Graph()
    for name, lines in boxes.items():
        width, height = _size(lines, _PADDING)
        graph.node(name, width=width, height=height)
    for ends, lines in labels.items():
        width, height = _size(lines, _LABEL_PADDING)
        graph.node(ends, width=width, height=height)
        graph.edge(ends[0], ends)
        graph.edge(ends, ends[1])
    return graphlay.layout(graph, preset="hub_and_spoke", options=_OPTIONS)


def _size(lines: Sequence[Line], padding: int) -> Point:
    return max(line.width for line in lines) + 2 * padding, sum(line.height for line in lines) + 2 * padding


def _text_area(lines: Sequence[Line], centre: Point, padding: int, *, centred: bool = False) -> TextArea:
    width, height = _size(lines, padding)
    left, top = centre[0] - width / 2, centre[1] - height / 2
    placed, bottom = [], top + padding
    for line in lines:
        bottom += line.height
        start = centre[0] if centred else left + padding + line.indent
        placed.append(TextLine(line, round(start, 1), round(bottom - line.height * _BASE, 1)))
    return TextArea(round(left, 1), round(top, 1), round(width, 1), round(height, 1), tuple(placed))


def _path(points: Sequence[Point]) -> str:
    """Return the line through `points` with rounded turns, as the data of an SVG path."""
    turns = zip(points, points[1:], points[2:], strict=False)
    rounded = (f"L{_near(at, last)}Q{_pair(at)} {_near(at, following)}" for last, at, following in turns)
    return f"M{_pair(points[0])}{''.join(rounded)}L{_pair(points[-1])}"


def _near(turn: Point, other: Point) -> str:
    """Return the point at the radius of a turn from `turn` on the way to `other`."""
    across, down = other[0] - turn[0], other[1] - turn[1]
    length = abs(across) + abs(down)  # of a line that is horizontal or vertical
    part = min(_TURN / length, 0.5) if length else 0
    return _pair((turn[0] + across * part, turn[1] + down * part))


def _pair(point: Point) -> str:
    return f"{point[0]:g} {point[1]:g}"
