"""Evidence for programs: the envelope of a statement, the statements behind an entity, what nobody says.

Imports `graph.claims`, `graph.read` and what is below it. Begin with `envelope`.
"""
