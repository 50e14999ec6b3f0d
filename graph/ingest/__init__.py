"""Facts to quads: sources in YAML-LD, registers in CSVW, links in SSSOM, the file of facts from Wikidata.

Imports `graph.index`, `graph.rdf` and `graph.core`. Begin with `facts` and `yaml_ld`.
"""
