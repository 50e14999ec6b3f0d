"""The query builder: a form that makes a query of choices, and the answer.

Imports `web.sparql` and what is below it. Begin with `routes`.
"""
