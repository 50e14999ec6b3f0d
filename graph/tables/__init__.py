"""The tables of a release: which columns each has, the cells of one entity, and their description in CSVW.

Imports `graph.read` and what is below it. Begin with `description`.
"""
