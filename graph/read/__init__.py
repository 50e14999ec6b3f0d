"""What pages read: entities, statements, claims, lists, the timeline, comparisons, coverage, the vocabulary.

Reads through `graph.index.protocol` only, never a store or an engine of its own. Begin with `entities`.
"""
