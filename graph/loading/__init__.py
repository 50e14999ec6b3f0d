"""From RDF files to a store with its indexes, for data served without a release; what loads stores.

Imports `graph.release`, `graph.search` and what is below them. Begin with `data_store` and `store_loader`.
"""
