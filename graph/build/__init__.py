"""From facts to a release: the pipeline, SHACL validation, checks, inference, the store writer, the map.

Imports `graph.release` and what is below it. Begin with `pipeline`.
"""
