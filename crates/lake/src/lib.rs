//! Durable tables on DuckLake: commit, upsert, read as of, compact.
