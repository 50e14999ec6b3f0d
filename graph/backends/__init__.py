"""One interface to query engines, with two kinds: the embedded release, and any SPARQL endpoint.

Imports `graph.workers`, `graph.query` and what is below them. Begin with `protocol`.
"""
