"""The classes and properties of the query builder are those of the shapes."""

import re

import pyoxigraph as ox

from graph.core.namespaces import DASH, ORG, RDFS, SH, SKOS, UTS
from graph.core.terms import Term
from graph.query.store import ReleaseStore
from graph.query_builder.model import BuilderModel, option_name
from graph.query_builder.read_model import model_of
from graph.rdf import ontology_files
from graph.read.entities import Entities, Ref
from graph.vocabulary.vocabulary import read_vocabulary

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?")


def kinds(model: BuilderModel, class_: str) -> dict[str, str]:
    return {name: each.kind for name, each in model.by_name[class_].properties.items()}


def test_every_class_of_ours_is_offered_once(model: BuilderModel) -> None:
    own = {each.ref.iri for each in read_vocabulary().classes}
    offered = [each.ref.iri for each in model.classes]
    assert len(own) > 15
    assert own <= set(offered)
    assert len(offered) == len(set(offered)) == len(model.by_name)
    assert ORG + "FormalOrganization" in offered


def test_a_class_follows_the_one_that_it_is_below(model: BuilderModel) -> None:
    order = [each.name for each in model.classes]
    depths = {each.name: each.depth for each in model.classes}
    assert order.index("FormalOrganization") < order.index("PublicBody") < order.index("Municipality")
    assert (depths["FormalOrganization"], depths["PublicBody"], depths["Municipality"]) == (0, 1, 2)
    assert order[0] == "Statement", "the first by sh:order"


def test_everything_has_a_name_for_addresses_and_names_in_both_languages(model: BuilderModel) -> None:
    for class_ in model.classes:
        assert NAME.fullmatch(class_.name)
        for ref in (class_.ref, *(each.ref for each in class_.properties.values())):
            assert {label.language for label in ref.labels} >= {"sv", "en"}, ref
        for name, each in class_.properties.items():
            assert NAME.fullmatch(name)
            assert each.group or each.is_inverse, each


def test_shapes_say_what_kind_of_values_a_property_has(model: BuilderModel) -> None:
    adoption = kinds(model, "Adoption")
    assert adoption["status"] == "code"
    assert adoption["adopter"] == adoption["product"] == "entity"
    assert adoption["asOf"] == "date"
    assert adoption["scope"] == "text", "a shape of the property itself, by its domain"
    assert kinds(model, "Observation")["mailProvider"] == "choice"
    assert kinds(model, "Quantity")["quantityValue"] == "number"
    assert kinds(model, "Source")["url"] == "link"
    assert kinds(model, "Statement")["about"] == "entity"


def test_properties_are_in_the_order_of_their_groups(model: BuilderModel) -> None:
    own = [each for each in model.by_name["Adoption"].properties.values() if not each.is_inverse]
    places = [(each.group.order if each.group else 0, each.order) for each in own]
    assert places == sorted(places)
    assert own[0].name == "adopter"


def test_codes_are_in_the_order_of_their_list(model: BuilderModel) -> None:
    options = model.by_name["Adoption"].properties["status"].options
    listed = next(each for each in read_vocabulary().lists if each.ref.iri.endswith("adoption-status"))
    assert [each.iri for each in options if isinstance(each, Ref)] == [code.ref.iri for code in listed.codes]
    provider = model.by_name["Observation"].properties["mailProvider"]
    assert [option_name(each) for each in provider.options] == ["microsoft", "google", "local-isp"]


def test_a_class_has_the_properties_of_those_above_and_below_it(model: BuilderModel) -> None:
    assert {"inCounty", "population", "municipalityCode"} <= kinds(model, "FormalOrganization").keys()
    assert {"inCounty", "population"} <= kinds(model, "Municipality").keys()
    assert "countyCode" not in kinds(model, "Municipality")
    assert {"ecli", "issued"} <= kinds(model, "Judgment").keys()


def test_a_property_can_be_followed_back(model: BuilderModel) -> None:
    municipality = model.by_name["Municipality"].properties
    assert municipality["Adoption.adopter"].classes == (UTS + "Adoption",)
    assert "FormalOrganization.inCounty" in model.by_name["County"].properties
    assert "Municipality.inCounty" not in model.by_name["County"].properties, "the class above has it"
    assert "Adoption.status" not in {name for each in model.classes for name in each.properties}


def test_things_are_named_by_the_property_with_that_role(model: BuilderModel) -> None:
    assert model.by_name["Statement"].label_property == UTS + "text"
    assert model.by_name["Adoption"].label_property == RDFS + "label"
    assert model.in_both_languages >= {UTS + "text", SKOS + "prefLabel"}
    assert RDFS + "label" not in model.in_both_languages


def test_the_kinds_of_values_are_those_that_completion_knows(model: BuilderModel) -> None:
    adoption = model.by_name["Adoption"].properties
    assert adoption["adopter"].kinds == ("organisation",)
    assert adoption["product"].kinds == ("product",)
    assert model.by_name["Statement"].properties["cites"].kinds == ("law", "source")
    assert model.by_name["Statement"].properties["about"].kinds == ()


def test_a_shape_that_is_added_is_offered_without_a_change_of_code() -> None:
    """A class and a property that nobody knows here: the model is drawn from the shapes alone."""
    new, colour = UTS + "Cloud", UTS + "colour"
    quads = [*ontology_files.read_ontology(), *_shape(new, colour)]
    class_ = model_of(Entities(ReleaseStore.of(quads, union=True))).by_name["Cloud"]
    assert class_.properties["colour"].kind == "text"
    assert class_.properties["colour"].ref.labels == (Term("colour", "literal", "en"),)
    assert class_.label_property == colour


def _shape(class_: str, property_: str) -> list[ox.Quad]:
    turtle = f"""
    <{class_}> a <http://www.w3.org/2002/07/owl#Class> .
    <urn:shape> a <{SH}NodeShape> ; <{SH}targetClass> <{class_}> ; <{SH}order> 99 ; <{SH}property> [
      <{SH}path> <{property_}> ; <{SH}name> "colour"@en ; <{SH}order> 1 ;
      <{DASH}propertyRole> <{DASH}LabelRole> ;
      <{SH}group> <https://w3id.org/utsaga/shapes#whatGroup> ] ."""
    return list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
