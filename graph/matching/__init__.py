"""From names to entities, for reconciliation: name parsing, similarity, candidates, scoring.

Imports `graph.read`, `graph.search` and what is below them. Begin with `reconciler`.
"""
