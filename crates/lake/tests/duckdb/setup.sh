#!/bin/sh
# Makes the Python with which tests/duckdb.rs attaches DuckDB to a lake: setup.sh FOLDER
# Then run the tests with TENURE_DUCKDB_PYTHON=FOLDER/bin/python.
set -eu
folder=${1:?"usage: setup.sh FOLDER"}
python3 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet duckdb==1.5.5 duckdb-extensions==1.5.5 \
    duckdb-extension-ducklake==1.5.5 duckdb-extension-sqlite-scanner==1.5.5
echo "TENURE_DUCKDB_PYTHON=$folder/bin/python"
