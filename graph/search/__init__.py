"""Full-text search: analysis, fields, the index writer, the query parser, search, suggestions, highlighting.

Imports `graph.index`, `graph.rdf` and `graph.core`. Begin with `text_index`; `writer` writes the index.
"""
