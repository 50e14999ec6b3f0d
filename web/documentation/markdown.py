"""Markdown → HTML: CommonMark with tables, anchors of headings and coloured code.

https://spec.commonmark.org/, https://markdown-it-py.readthedocs.io/. HTML in a document is shown as text, but
for comments, which are left out. Code is coloured by classes: the policy of the pages refuses inline styles.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

Rewrite = Callable[[str], str | None]
"""Takes the target of a link or a picture, and returns its address on the site, or None if it has none."""
_COLOURS: Final[HtmlFormatter[str]] = HtmlFormatter(nowrap=True, classprefix="code-")


@dataclass(frozen=True)
class Heading:
    """A heading: its level (1 to 6), its anchor and its text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Link:
    """A link within a list: its text, its target as it is written, and what follows it in the item."""

    text: str
    target: str
    note: str


def parse(text: str) -> list[Token]:
    """Return the tokens of a document."""
    return _parser().parse(text)


def render(tokens: Sequence[Token], rewrite: Rewrite) -> Markup:
    """Return the HTML of `tokens`, with the targets that `rewrite` gives to links and pictures.

    A link without a target becomes text.
    """
    parser = _parser()
    html = parser.renderer.render([_rewritten(token, rewrite) for token in tokens], parser.options, {})
    return Markup(html)  # noqa: S704 (the renderer escapes whatever stands in a document)


def headings(tokens: Sequence[Token]) -> list[Heading]:
    """Return the headings among `tokens`, in their order."""
    pairs = pairwise(tokens)
    return [
        Heading(int(opening.tag[1]), str(opening.attrGet("id") or ""), plain_text(inline))
        for opening, inline in pairs
        if opening.type == "heading_open"
    ]


def first_paragraph(tokens: Sequence[Token]) -> str:
    """Return the text of the first paragraph, or nothing."""
    pairs = pairwise(tokens)
    return next((plain_text(inline) for opening, inline in pairs if opening.type == "paragraph_open"), "")


def linked_items(tokens: Sequence[Token]) -> list[tuple[str, list[Link]]]:
    """Return the headings of the second level, each with the items below it that begin with a link."""
    sections: list[tuple[str, list[Link]]] = []
    for before, token in pairwise(tokens):
        if before.type == "heading_open" and before.tag == "h2":
            sections.append((plain_text(token), []))
        elif sections and token.type == "inline" and (link := _leading_link(token)):
            sections[-1][1].append(link)
    return sections


def plain_text(inline: Token) -> str:
    """Return the text of an inline token, without its marks."""
    return _text(inline.children or ())


def _text(tokens: Sequence[Token]) -> str:
    return "".join(" " if each.type.endswith("break") else each.content for each in tokens)


def _leading_link(inline: Token) -> Link | None:
    children = inline.children or []
    if not children or children[0].type != "link_open":
        return None
    end = next(place for place, each in enumerate(children) if each.type == "link_close")
    note = _text(children[end + 1 :]).strip(" :–")
    return Link(_text(children[:end]), str(children[0].attrGet("href") or ""), note)


def _rewritten(token: Token, rewrite: Rewrite) -> Token:
    """Return a token like `token` with the targets of its links and pictures rewritten."""
    if not token.children:
        return token
    children: list[Token] = []
    dropped = False
    for each in token.children:
        if each.type == "link_open":
            address = rewrite(str(each.attrGet("href") or ""))
            dropped = address is None
            if address is not None:
                rel = {"rel": "external"} if "://" in address else {}
                children.append(each.copy(attrs={**each.attrs, "href": address, **rel}))
        elif each.type == "image":
            source = rewrite(str(each.attrGet("src") or ""))
            children.append(each.copy(attrs={**each.attrs, "src": source or ""}))
        elif each.type != "link_close" or not dropped:
            children.append(each)
    return token.copy(children=children)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    anchors_plugin(parser, max_level=4)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


def _html(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """Show HTML as text; leave comments out."""
    content = tokens[place].content
    return "" if content.lstrip().startswith("<!--") else escapeHtml(content)


def _inline_code(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """Return code within a text; a long name, such as that of a setting, breaks after an underscore."""
    return f"<code>{escapeHtml(tokens[place].content).replace('_', '_<wbr>')}</code>"


def _fence(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """Return a block of code in a box that scrolls, and that the keyboard reaches."""
    token = tokens[place]
    language = (token.info.split() or ["text"])[0]
    code = f"<pre><code>{_coloured(token.content, language)}</code></pre>"
    return _box(code, "Mermaid" if language == "mermaid" else language)


def _coloured(text: str, language: str) -> str:
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return escapeHtml(text)
    return str(highlight(text, lexer, _COLOURS))


def _box(html: str, label: str) -> str:
    return (
        f'<div class="scrollable" role="group" aria-label="{escapeHtml(label)}" tabindex="0">{html}</div>\n'
    )


def _table_open(*_: Any) -> str:
    return '<div class="scrollable" role="group" aria-label="table" tabindex="0"><table>\n'


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def _column(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    """Open the head of a column; one without words is an empty cell."""
    return f'<th scope="col"{_aligned(tokens[place])}>' if tokens[place + 1].content else "<td>"


def _column_end(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return "</th>\n" if tokens[place - 1].content else "</td>\n"


def _cell(_renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return f"<td{_aligned(tokens[place])}>"


def _aligned(cell: Token) -> str:
    """Return the class that aligns a cell, in place of the inline style that the parser gives it."""
    return ' class="number"' if "right" in str(cell.attrGet("style") or "") else ""


_RULES: Final[dict[str, Callable[..., str]]] = {
    "html_block": _html,
    "html_inline": _html,
    "code_inline": _inline_code,
    "fence": _fence,
    "code_block": _fence,
    "table_open": _table_open,
    "table_close": _table_close,
    "th_open": _column,
    "th_close": _column_end,
    "td_open": _cell,
}
