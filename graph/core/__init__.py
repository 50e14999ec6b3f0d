"""Definitions for all packages: errors, namespaces, IRIs, terms, dates, entity types, settings and files.

Imports no other package of `graph` and no engine. Begin with `errors` and `namespaces`.
"""
