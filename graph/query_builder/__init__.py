"""The query builder: what can be chosen, drawn from the shapes; a choice in an address; its SPARQL.

Imports `graph.matching` and what is below it. Begin with `model`, then `state`, `values` and `sparql`.
"""
