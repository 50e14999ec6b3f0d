"""From facts to a release: the pipeline, removals, the stored queries, the store writer.

Imports `graph.streaming`, `graph.rules` and what is below them. Begin with `pipeline`.
"""
