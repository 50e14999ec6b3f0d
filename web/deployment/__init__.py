"""Files for running a site in public: made of the settings in force, so that they fit them.

`kinds.py` says which files there are. Each is a template in `templates/`, which `rendering.py` fills in. May
import `graph.core`.
"""
