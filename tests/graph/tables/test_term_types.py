"""The datatype that CSVW has for a column of terms."""

import pytest

from graph.core.namespaces import XSD
from graph.core.terms import Term, iri, text
from graph.tables.term_types import common_type


def typed(*names: str) -> list[Term]:
    return [Term("1", "literal", datatype=XSD + name) for name in names]


@pytest.mark.parametrize(
    ("terms", "datatype"),
    [
        ([], "string"),
        ([None], "string"),
        ([iri("http://x/"), None], "anyURI"),
        ([iri("http://x/"), text("x")], "string"),
        ([Term("b", "blank")], "string"),
        (typed("integer", "nonNegativeInteger"), "integer"),
        (typed("integer", "decimal"), "decimal"),
        (typed("integer", "double"), "string"),
        (typed("boolean"), "boolean"),
        (typed("dateTime"), "dateTime"),
        (typed("date"), "date"),
        (typed("gYear"), "gYear"),
        (typed("gYear", "date"), "partialDate"),
        (typed("gYear", "integer"), "string"),
        (typed("string"), "string"),
        ([Term("x", "literal", datatype="http://x/y")], "string"),
    ],
)
def test_the_datatype_is_what_all_terms_are(terms: list[Term | None], datatype: str) -> None:
    assert common_type(terms) == (datatype, "")


def test_texts_of_one_language_have_it() -> None:
    assert common_type([text("ja", "sv"), None]) == ("string", "sv")
    assert common_type([text("ja", "sv"), text("yes", "en")]) == ("string", "")
    assert common_type([text("ja", "sv"), text("1")]) == ("string", "")
