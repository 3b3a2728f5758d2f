//! read = accepted + updated + duplicate + rejected, whatever the rows.

use crate::workspace::{export, generated, header, write};
use std::collections::BTreeMap;
use tenure_tests::{run, succeed};

/// Of the latest import, by table: read, accepted, updated, duplicate, rejected.
fn verdicts(folder: &std::path::Path) -> BTreeMap<String, [usize; 5]> {
    let sql = "SELECT table_name, read, accepted, updated, duplicate, rejected FROM tenure_imports
               WHERE import_id = (SELECT max(import_id) FROM tenure_imports)";
    let text = succeed(folder, &["sql", "--format", "csv", sql]).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| {
        let counts: Vec<usize> = row.iter().skip(1).map(|count| count.parse().unwrap()).collect();
        (row[0].to_owned(), counts.try_into().unwrap())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// Every third row changed, every fifth without what it must have or with a price below zero, the first one twice.
fn damaged(table: &str, text: &str) -> String {
    let columns = header(text);
    let spoilt = |name: &str| columns.iter().position(|column| *column == name);
    let required = match table {
        "subscriptions" => spoilt("unit_price").map(|place| (place, "-1")),
        "survey_responses" => spoilt("survey_kind").map(|place| (place, "")),
        "tickets" => spoilt("created_at").map(|place| (place, "yesterday")),
        _ => None,
    };
    let changed = spoilt("product").or(spoilt("channel")).or(spoilt("category"));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (place, line) in lines.iter_mut().enumerate().skip(1) {
        let mut cells: Vec<&str> = line.split(',').collect();
        if let Some((column, wrong)) = required.filter(|_| place % 5 == 0) {
            cells[column] = wrong;
        } else if let Some(column) = changed.filter(|_| place % 3 == 0) {
            cells[column] = "other";
        }
        *line = cells.join(",");
    }
    lines.extend(lines.get(1).cloned());
    lines.join("\n") + "\n"
}

#[test]
fn every_row_read_has_one_verdict() {
    let mut seen = [0; 5];
    for (seed, company) in generated(3) {
        let folder = tempfile::tempdir().unwrap();
        write(&company, folder.path());
        let worse: BTreeMap<String, String> =
            company.tables.iter().map(|(table, text)| (table.clone(), damaged(table, text))).collect();
        // New rows, the same once more, then changed and damaged ones.
        for (number, tables) in [&company.tables, &company.tables, &worse].into_iter().enumerate() {
            export(tables, folder.path());
            let ran = run(folder.path(), &["import"]).unwrap();
            assert!(matches!(ran.code, Some(0 | 4)), "seed {seed}: {}{}", ran.out, ran.err);
            let told = verdicts(folder.path());
            for (table, text) in tables {
                let [read, accepted, updated, duplicate, rejected] = told[table];
                let place = format!("seed {seed}, import {number}, {table}: {:?}", told[table]);
                assert_eq!(read, text.lines().count() - 1, "{place}");
                assert_eq!(read, accepted + updated + duplicate + rejected, "{place}");
                assert!(number != 1 || read == duplicate + rejected, "{place}");
                seen = std::array::from_fn(|at| seen[at] + told[table][at]);
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "not every verdict occurred: {seen:?}");
}
