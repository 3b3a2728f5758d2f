-- One row a source and table of an import, in the last period asked: imports have no place in the time that the data tell of.
SELECT newest.period AS period, concat_ws('/', record.import_id, record.source, record.table_name) AS row_id,
       record.import_id AS import_id, record.source AS source, record.table_name AS table_name, record.imported_at AS imported_at,
       record.read AS read, record.accepted + record.updated + record.duplicate + record.rejected AS verdicts
FROM tenure_imports AS record
CROSS JOIN (SELECT max(period) AS period FROM asked) AS newest
