"""Access to the entities of a release: values, names, lists, links, provenance, and what was valid at a time.

Reads through `graph.index.protocol` only, not from a store or an engine. Begin with `entities`.
"""
