"""The pool of query processes, each of which can be ended when a query exceeds a limit.

Imported by `graph.backends` alone, so that everything else works where processes cannot be bound to a
processor. Begin with `pool`; `worker_main` is what a process runs.
"""
