"""Terms of ours in a query that do not exist, and what was meant by them."""

import pytest

from graph.core.namespaces import CODE, ID, UTS
from graph.query.lint import Hint, parse
from graph.query.stored import load_checks, load_queries
from graph.vocabulary.term_check import unknown_terms

STORED = {name: query.text for name, query in load_queries().items()}
STORED |= {name: check.text for name, check in load_checks().items()}


def hints(text: str, *existing: str) -> list[Hint]:
    query = parse(f"PREFIX uts: <{UTS}> PREFIX code: <{CODE}> PREFIX id: <{ID}> SELECT * {{ {text} }}")
    assert query
    return list(unknown_terms(query, set(existing).__contains__))


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("?x uts:user ?y", "uts:user", "uts:adopter"),
        ("?x uts:adoptor ?y", "uts:adoptor", "uts:adopter"),
        ("?x uts:talare ?y", "uts:talare", "uts:speaker"),
        ("?x a uts:Produkt", "uts:Produkt", "uts:Product"),
        ("?x a uts:product", "uts:product", None),
        ("?x uts:Product ?y", "uts:Product", None),
        ("?x uts:zzzqq ?y", "uts:zzzqq", ""),
        (
            f"?x uts:status <{CODE}adoption-status/in_use>",
            "code:adoption-status/in_use",
            "code:adoption-status/in-use",
        ),
        (f"<{ID}organisation/goteborg> ?p ?o", "id:organisation/goteborg", ""),
    ],
)
def test_an_unknown_term_is_named_with_what_was_meant(text: str, name: str, meant: str | None) -> None:
    found = hints(text)
    if meant is None:  # it exists, if not in this place
        assert found == []
        return
    (hint,) = found
    assert hint.values["name"] == name
    assert hint.values.get("meant", "") == meant
    assert (hint.fix is not None) == bool(meant)


def test_what_is_in_the_graph_and_the_namespaces_themselves_are_known() -> None:
    name = f"{ID}organisation/malmo-kommun"
    assert hints(f"<{name}> uts:about <{ID}>", name) == []
    assert hints("?x <http://elsewhere.example/unknown> ?y") == []


def test_a_fix_uses_the_prefixes_of_the_query() -> None:
    query = parse(f"SELECT * {{ ?x <{UTS}adoptor> ?y }}")
    assert query
    (hint,) = unknown_terms(query, lambda _: False)
    assert hint.fix
    assert hint.fix.text == f"<{UTS}adopter>"


@pytest.mark.parametrize("name", STORED)
def test_the_stored_queries_use_terms_that_exist(name: str) -> None:
    query = parse(STORED[name])
    assert query
    assert list(unknown_terms(query, lambda iri: not iri.startswith(UTS))) == []
