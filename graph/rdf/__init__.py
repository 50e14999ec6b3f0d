"""RDF in and out: serialization formats, readers and writers, query results as values.

Imports `graph.core`. Begin with `formats` and `reader`.
"""
