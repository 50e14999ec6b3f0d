"""The streamed build of much plain RDF: in stages, through sorted runs on disk, within bounded memory.

Imports `graph.loading`, `graph.rules`, `graph.bulk` and what is below them; only `graph.build` imports it.
Begin with `plain_rdf` and `large_build`.
"""
