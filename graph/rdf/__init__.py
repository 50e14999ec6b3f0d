"""Reading and writing RDF: formats, readers and writers, queries and their results as values.

Imports `graph.core`. Begin with `formats` and `reader`.
"""
