"""The bulk files of a release, made when it is built: all its tables as CSV, SQLite, Parquet and XLSX.

Imports `graph.release`, `graph.tables` and what is below them; only builds import it. Begin with
`bulk_files`. The same content gives the same bytes, as long as the libraries that write them stay the same.
"""
