"""Queries of pages: entities, statements, claims, lists, the timeline, comparisons, coverage, the vocabulary.

Reads through `graph.index.protocol` only, not from a store or an engine. Begin with `entities`.
"""
