"""What facts must follow (SHACL shapes, checks) and what follows from them: inference rules and periods.

Imports `graph.ingest`, `graph.query` and what is below them. Begin with `shacl` and `inference`.
"""
