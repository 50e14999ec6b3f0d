"""Words used everywhere: errors, namespaces, IRIs, terms, partial dates, entity types, settings, files.

Imports no other package of `graph` and no engine. Begin with `errors` and `namespaces`.
"""
