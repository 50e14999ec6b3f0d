"""Links and facts from other data sets: proposals, review, the SSSOM writer, Wikidata, the HTTP client.

Imports `graph.matching`, `graph.ingest` and what is below them. Begin with `review_session` and
`wikidata_refresh`.
"""
