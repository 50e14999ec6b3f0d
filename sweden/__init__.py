"""Our own site: what Sweden's public sector says and decides about cloud software.

`utsaga.toml` describes it. The modules are what its data cannot say: the map of Sweden, how names of Swedish
bodies are read, and the sections of pages for its classes. Nothing in `graph` and `web` imports them by name.
"""
