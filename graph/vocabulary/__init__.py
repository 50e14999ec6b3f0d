"""The ontology as pages and the editor show it: terms, shapes, where terms are used, an example, wrong terms.

Imports `graph.claims`, `graph.read`, `graph.query` and what is below them. Begin with `vocabulary`.
"""
