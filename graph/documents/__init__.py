"""RDF documents of entities, named graphs and lists, with what every document says of itself.

Imports `graph.read` and what is below it. Begin with `entity_documents`.
"""
