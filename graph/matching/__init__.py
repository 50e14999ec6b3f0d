"""Reconciliation of names with entities: name parsing, similarity, candidates, scoring.

Imports `graph.read`, `graph.search` and what is below them. Begin with `reconciler`.
"""
