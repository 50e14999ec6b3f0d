"""Draws the picture that other sites show beside a link to a page: https://ogp.me, 1200 × 630 pixels."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final

from font_source_sans_pro import SourceSansPro, SourceSansProSemibold
from font_source_serif_pro import SourceSerifProBold
from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont, truetype

from graph.core.site import SITE

WIDTH, HEIGHT = 1200, 630
_MARGIN, _PADDING = 72, 22
_WIDTH: Final = WIDTH - 2 * _MARGIN  # of lines
_TITLE_SIZES: Final = (76, 64, 54, 46)  # the largest in which the title fits is used
_TOP, _FOOT = 146, HEIGHT - 84
_STATUS_HEIGHT, _LINE_HEIGHT, _GAP = 84, 46, 24
_BACKGROUND, _TEXT, _MUTED, _ACCENT, _LINE = "#fbfaf6", "#1c1b19", "#57534c", "#0a5a66", "#dcd7cc"
_NO_LETTER: Final = "\U0010ffff"  # which no font has
_ELLIPSIS: Final = "…"
_COLOURS: Final = {
    "in-use": "#1f6f43",
    "in-use-in-part": "#1f6f43",
    "rolling-out": "#1f6f43",
    "no-obstacle": "#1f6f43",
    "considering": "#2f62a3",
    "evaluating": "#2f62a3",
    "preparing": "#2f62a3",
    "under-review": "#2f62a3",
    "permitted-with-conditions": "#8a5a00",
    "paused": "#8a5a00",
    "halted": "#a3321f",
    "obstacle": "#a3321f",
    "not-in-use": "#5f5b54",
}
"""The colours of statuses and outcomes, as the style sheet of pages has them."""


@dataclass(frozen=True)
class Card:
    """The words on a picture: the kind of thing, its title, a code, and lines on who and when."""

    kind: str
    title: str
    status: str = ""
    status_name: str = ""
    lines: tuple[str, ...] = ()
    site: str = ""


def can_draw(text: str) -> bool:
    """Return whether the fonts have the letters of `text`: those of Latin, Greek and Cyrillic."""
    return all(map(_has_glyph, {*text}))


@cache
def _has_glyph(letter: str) -> bool:
    font = _font(SourceSerifProBold, 44)
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_NO_LETTER))


def draw_card(card: Card) -> bytes:
    """Return the picture of `card` as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _BACKGROUND)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 14), fill=_ACCENT)
    draw.text((_MARGIN, 56), SITE.name, font=_font(SourceSerifProBold, 44), fill=_ACCENT)
    draw.text((WIDTH - _MARGIN, 62), card.kind, font=_font(SourceSansPro, 34), fill=_MUTED, anchor="ra")
    lines = card.lines[:2]
    below = (_STATUS_HEIGHT if card.status_name else 0) + len(lines) * _LINE_HEIGHT + _GAP
    bottom = _draw_title(draw, card.title, _FOOT - _TOP - below)
    if card.status_name:
        bottom = _draw_status(draw, card, bottom)
    font = _font(SourceSansPro, 34)
    for number, line in enumerate(lines):
        place = bottom + 18 + number * _LINE_HEIGHT
        draw.text((_MARGIN, place), _cut(line, font), font=font, fill=_MUTED)
    draw.line((_MARGIN, _FOOT, WIDTH - _MARGIN, _FOOT), fill=_LINE, width=2)
    draw.text((_MARGIN, HEIGHT - 66), card.site, font=_font(SourceSansPro, 28), fill=_MUTED)
    written = BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw_title(draw: ImageDraw.ImageDraw, title: str, height: int) -> int:
    """Draw the title in the largest size that fits into `height`, cut if none does; return where it ends."""
    for size in _TITLE_SIZES:
        font, leading = _font(SourceSerifProBold, size), round(size * 1.18)
        lines = _wrap(title, font)
        if len(lines) * leading <= height:
            break
    most = height // leading
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(f"{lines[most - 1]} {_ELLIPSIS}", font)]
    for number, line in enumerate(lines):
        draw.text((_MARGIN, _TOP + number * leading), line, font=font, fill=_TEXT)
    return _TOP + len(lines) * leading


def _draw_status(draw: ImageDraw.ImageDraw, card: Card, bottom: int) -> int:
    """Draw the name of a status or an outcome in its colour below `bottom`; return where it ends."""
    top = bottom + _STATUS_HEIGHT - 58
    font, colour = _font(SourceSansProSemibold, 34), _COLOURS.get(card.status, _ACCENT)
    words = _cut(card.status_name, font, _WIDTH - 2 * _PADDING)
    right = _MARGIN + font.getlength(words) + 2 * _PADDING
    draw.rounded_rectangle((_MARGIN, top, right, top + 58), 29, fill=colour)
    draw.text((_MARGIN + _PADDING, top + 29), words, font=font, fill="white", anchor="lm")
    return top + 58


def _wrap(text: str, font: FreeTypeFont) -> list[str]:
    """Return `text` in lines that fit into the picture; a word that is longer than a line is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= _WIDTH or not lines[-1]:
            lines[-1] = _cut(longer, font)
        else:
            lines.append(_cut(word, font))
    return lines


def _cut(text: str, font: FreeTypeFont, width: int = _WIDTH) -> str:
    """Return `text`, or as much of its beginning as fits into `width` with an ellipsis."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + _ELLIPSIS) > width:
        text = text[:-1].rstrip()
    return text + _ELLIPSIS


@cache
def _font(path: str, size: int) -> FreeTypeFont:
    return truetype(path, size)
