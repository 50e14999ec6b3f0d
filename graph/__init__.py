"""The graph: from facts to an immutable release, and from a release to answers."""
