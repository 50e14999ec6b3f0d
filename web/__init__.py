"""The web front end: entity pages, lists, stored queries and the SPARQL endpoint.

Begin with `web.app`, which puts the application together.
"""
