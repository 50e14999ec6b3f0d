"""Starts what query workers are forked from, before a backend needs them."""

from graph.workers.process import start_fork_server

__all__ = ["start_fork_server"]
