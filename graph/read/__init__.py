"""Queries of pages: entities, statements, claims, lists, the timeline, comparisons, sources, reasons.

Reads through `graph.index.protocol` only, not from a store or an engine. Begin with `entities`.
"""
