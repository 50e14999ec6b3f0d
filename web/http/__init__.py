"""HTTP without Flask: response cache, content coding, negotiation, problem details, rate limit, log, metrics.

Imports `graph.core` only. Begin with `response_cache`.
"""
