"""What sources say: statements, the adoptions and assessments that rest on them, and these over time.

Imports `graph.read` and what is below it. Begin with `statements`, then `claims`.
"""
