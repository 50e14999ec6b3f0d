"""Reports of errors that readers send: one file each, for the operator to read, never published.

Imports `graph.core` alone. Begin with `report_store`.
"""
