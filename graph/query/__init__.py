"""One query on one store: lexer, guard, evaluation, stored queries, limits as errors.

Imports `graph.index`, `graph.rdf` and `graph.core`. Begin with `evaluate`.
"""
