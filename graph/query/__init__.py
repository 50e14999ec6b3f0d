"""SPARQL queries on one store: lexer, guard, evaluation, stored queries and errors of limits.

Imports `graph.index`, `graph.rdf` and `graph.core`. Begin with `evaluate`.
"""
