"""Markdown as HTML: anchors, tables, coloured code, and nothing that a document could smuggle in."""

import pytest

from web.documentation.markdown import first_paragraph, headings, linked_items, parse, render


def html(text: str) -> str:
    return render(parse(text), lambda target: target)


def test_a_heading_has_the_anchor_that_links_in_documents_use() -> None:
    found = headings(parse("# One `two`\n\n## “No” and “nothing known”\n\n## Same\n\n## Same\n"))
    assert [(each.level, each.text, each.anchor) for each in found] == [
        (1, "One two", "one-two"),
        (2, "“No” and “nothing known”", "no-and-nothing-known"),
        (2, "Same", "same"),
        (2, "Same", "same-1"),
    ]


def test_a_table_scrolls_and_its_columns_have_heads() -> None:
    text = html("| a | |\n| --- | --- |\n| 1 | 2 |\n")
    assert text.startswith('<div class="scrollable" role="group" aria-label="table" tabindex="0"><table>')
    assert '<th scope="col">a</th>' in text
    assert "<th></th>" not in text
    assert text.rstrip().endswith("</table></div>")


def test_numbers_are_aligned_by_a_class() -> None:
    text = html("| a | b |\n| --- | ---: |\n| x | 2 |\n")
    assert '<th scope="col" class="number">b</th>' in text
    assert '<td class="number">2</td>' in text
    assert "style=" not in text


def test_code_is_coloured_by_classes_alone() -> None:
    text = html('```python norun="why"\nprint("<&>")  # hello\n```\n')
    assert '<span class="code-s2">"&lt;&amp;&gt;"</span>' in text
    assert "style=" not in text
    assert 'aria-label="python"' in text


def test_a_long_name_in_a_text_breaks_after_an_underscore_only() -> None:
    text = html("| a |\n| --- |\n| `UTSAGA_<B>` |\n")
    assert "<td><code>UTSAGA_<wbr>&lt;B&gt;</code></td>" in text


def test_code_of_a_language_that_nobody_knows_is_text() -> None:
    assert "<pre><code>a --&gt; b\n</code></pre>" in html("```mermaid\na --> b\n```\n")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>\n",
        "Some <b onclick='x()'>text</b>\n",
        "[a](javascript:alert(1))\n",
        "![a](data:text/html;base64,xx)\n",
        '[a](https://example.org/"onclick="x)\n',
    ],
)
def test_nothing_in_a_document_becomes_markup_of_its_own(text: str) -> None:
    shown = html(text)
    assert "<script" not in shown
    assert "<b " not in shown
    assert 'href="javascript' not in shown
    assert 'src="data' not in shown
    assert '"onclick' not in shown


def test_comments_are_left_out() -> None:
    assert html("<!-- begin x -->\n\nText <!-- here -->.\n") == "<p>Text .</p>\n"


def test_links_get_the_address_that_the_site_gives_them_or_become_text() -> None:
    where = {"a.md": "/docs/a", "x.png": "/docs/x.png", "https://e.org/": "https://e.org/"}
    text = render(parse("[A](a.md), [gone](gone.py), [far](https://e.org/) ![p](x.png)\n"), where.get)
    assert text == (
        '<p><a href="/docs/a">A</a>, gone, <a href="https://e.org/" rel="external">far</a> '
        '<img src="/docs/x.png" alt="p" /></p>\n'
    )


def test_rendering_twice_gives_the_same() -> None:
    tokens = parse("[A](a.md)\n")
    assert render(tokens, lambda _: "/x") == '<p><a href="/x">A</a></p>\n'
    assert render(tokens, lambda _: "/y") == '<p><a href="/y">A</a></p>\n'


def test_the_description_is_the_first_paragraph_without_marks() -> None:
    assert first_paragraph(parse("# T\n\nOne *two*\n`three`.\n\nFour.\n")) == "One two three."
    assert first_paragraph(parse("# T\n")) == ""


def test_the_items_of_the_index_are_links_with_what_follows() -> None:
    (begin, links), (empty, none) = linked_items(
        parse("# D\n\n## Begin\n\n- [A](a.md): what it *is*\n- text\n\n## End\n")
    )
    assert (begin, empty, none) == ("Begin", "End", [])
    assert [(each.text, each.target, each.note) for each in links] == [("A", "a.md", "what it is")]
