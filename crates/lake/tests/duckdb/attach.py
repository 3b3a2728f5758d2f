"""Reads a lake with DuckDB's own DuckLake extension.

attach.py CATALOGUE QUERY FIRST LAST: prints the rows of the query at each version, as JSON. `{at}` in the query stands
for the version.
"""

import json
import sys

import duckdb
from duckdb_extensions import import_extension

catalogue, query, first, last = sys.argv[1:]
for extension in ("sqlite_scanner", "ducklake"):
    import_extension(extension)
connection = duckdb.connect()
for extension in ("sqlite_scanner", "ducklake"):
    connection.execute(f"LOAD {extension}")
connection.execute("SET timezone = 'UTC'")
# Read-only: the catalogue's id counters stay at 0, so writes of DuckDB's would collide with ours.
connection.execute(f"ATTACH 'ducklake:sqlite:{catalogue}' AS lake (READ_ONLY)")
connection.execute("USE lake")
versions = {}
for version in range(int(first), int(last) + 1):
    rows = connection.execute(query.replace("{at}", f"AT (VERSION => {version})")).fetchall()
    versions[version] = ["|".join("" if value is None else str(value) for value in row) for row in rows]
json.dump(versions, sys.stdout)
