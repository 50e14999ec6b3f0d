"""The tables that are described, against the ontology and the kinds of entities."""

from pyoxigraph import NamedNode, RdfFormat, Store, serialize
from rdflib import Graph, Literal, URIRef

from graph.core.iris import KIND_NAMES
from graph.core.namespaces import BASE, DCAT, DCTERMS, SH
from graph.core.property_paths import INVERSE
from graph.rdf.ontology_files import read_document
from graph.tables.description import LANGUAGES, tables


def test_every_kind_has_a_table() -> None:
    assert set(KIND_NAMES) <= set(tables())


def test_every_column_has_a_title_in_both_languages_and_a_name_of_its_own() -> None:
    for table in tables().values():
        names = [field.name for field in table.fields]
        assert len(names) == len(set(names)), table.name
        for title in (table.title, *(field.title for field in table.fields)):
            assert all(title[tag] for tag in LANGUAGES), table.name


def test_things_are_rows_of_a_table_that_is_there() -> None:
    for table in tables().values():
        for column in table.columns:
            assert column.references in {"", "thing", "class", *tables()}, column.name
            assert column.datatype or column.references or column.counted_property


def test_the_properties_are_in_use(graph_store: Store) -> None:
    for table in tables().values():
        for column in table.columns:
            steps = {step for path in column.paths for step in path} | {column.counted_property} - {""}
            for step in steps:
                property_ = NamedNode(step.removeprefix(INVERSE))
                found = graph_store.quads_for_pattern(None, property_, None)
                own = property_.value.startswith(BASE)
                assert not own or next(iter(found), None), f"{table.name}.{column.name}: {step}"


def test_columns_of_one_value_are_those_that_shapes_allow_one_of() -> None:
    """A column with room for one value must not fail the build of facts that the shapes accept."""
    shapes = Graph().parse(data=serialize(read_document("shapes"), format=RdfFormat.N_TRIPLES), format="nt")
    single = {
        str(path)
        for shape, path in shapes.subject_objects(URIRef(SH + "path"))
        if (shape, URIRef(SH + "maxCount"), Literal(1)) in shapes
        or (shape, URIRef(SH + "uniqueLang"), Literal(True)) in shapes
    }
    single |= {f"{DCTERMS}temporal", f"{DCAT}startDate", f"{DCAT}endDate"}  # written by graph.rules.periods
    for table in tables().values():
        for column in table.columns:
            steps = {step for path in column.paths for step in path}
            if column.latest:
                steps = {step for step in steps if not step.startswith(INVERSE)}
            assert column.many or steps <= single, f"{table.name}.{column.name}"


def test_a_property_of_the_row_is_known_only_for_a_path_of_one_step() -> None:
    columns = {column.name: column for column in tables()["statement"].columns}
    assert columns["speaker"].property_ == "https://w3id.org/utsaga/ns#speaker"
    assert columns["issued"].property_ == ""
    assert {column.name: column for column in tables()["quantity"].columns}["statement"].property_ == ""
