"""The pool of query workers: processes that answer queries and can be killed.

The engine has no way to cancel a query, so each query runs in a process of its own that the pool may end.
Only `graph.backends` imports this package; it needs Linux (forkserver, Unix sockets, /proc).
Begin with `pool`.
"""
