"""Where the columns of a query come from."""

from graph.query.columns import ColumnOrigin, column_origins

PREFIX = "PREFIX : <http://x/>\nPREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"


def test_a_column_has_a_property_of_the_subject() -> None:
    found = column_origins(PREFIX + "SELECT * { ?a :p ?b ; :q ?c . ?c a ?type }")
    assert found["b"] == ColumnOrigin("http://x/p", "a")
    assert found["c"] == ColumnOrigin("http://x/q", "a")
    assert found["type"] == ColumnOrigin("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "c")
    assert "a" not in found


def test_the_end_of_a_path_has_its_last_property_of_something_without_a_name() -> None:
    assert column_origins(PREFIX + "SELECT * { ?a :p/:q ?b }")["b"] == ColumnOrigin("http://x/q")
    assert column_origins(PREFIX + "SELECT * { <http://x/s> :p ?b }")["b"] == ColumnOrigin("http://x/p")


def test_a_later_triple_says_nothing_of_what_is_bound_before() -> None:
    found = column_origins(PREFIX + "SELECT * { ?a a :C . OPTIONAL { ?x :p ?a ; :q ?b } ?y :r ?b }")
    assert found == {"b": ColumnOrigin("http://x/q", "x")}
    assert not column_origins(PREFIX + "SELECT * { ?a ^:p ?b OPTIONAL { ?x :q ?b } }")


def test_a_path_that_may_end_otherwise_says_nothing() -> None:
    for path in ("^:p", ":p|:q", ":p*", ":p/:q?", ":p/^:q", "!:p"):
        assert not column_origins(PREFIX + f"SELECT * {{ ?a {path} ?b }}"), path


def test_what_is_computed_and_what_cannot_be_read_has_none() -> None:
    assert not column_origins(PREFIX + "SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 } BIND (?x AS ?y) }")
    assert not column_origins("SELECT * { ?a <")
