"""The lines of a stored query that belong to a parameter."""

import pytest

from graph.core.errors import BadInput
from graph.query.optional_lines import select_lines

TEXT = """\
PREFIX a: <http://a.example/>
PREFIX b: <http://b.example/>
PREFIX b-c: <http://c.example/>

SELECT ?x WHERE {
  ?x a:is "b-c:"
  #~ with at
  ; b:at ?at
  #~ without at
  # ; a:now true
  #~ end
}
"""
PREFIX_B = "PREFIX b: <http://b.example/>\n"


def test_lines_are_chosen_by_the_parameters_given_and_unused_prefixes_go() -> None:
    marks = [line for line in TEXT.splitlines(keepends=True) if "#~" in line]
    given = select_lines(TEXT, ("at",))
    assert given == "".join(line for line in TEXT.splitlines(keepends=True) if line not in marks).replace(
        "  # ; a:now true\n", ""
    )
    left_out = select_lines(TEXT, ("other",))
    assert left_out == given.replace("  ; b:at ?at\n", "  ; a:now true\n").replace(PREFIX_B, "")


def test_a_text_without_marks_stays_as_it_is() -> None:
    text = "PREFIX a: <http://a.example/>\n# a comment\nASK {}\n"
    assert select_lines(text, ()) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ASK {\n#~ when at\n#~ end\n}", 2),
        ("ASK {\n#~ with at\n#~ with to\n#~ end\n}", 3),
        ("ASK {\n#~ end\n}", 2),
        ("ASK {}\n#~ without at\n#~ end", 2),
        ("ASK {}\n#~ with at", 2),
    ],
)
def test_a_mark_out_of_place_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadInput) as caught:
        select_lines(text, (), "a.rq")
    assert caught.value.faults[0].where == f"a.rq, line {line} after the header"
