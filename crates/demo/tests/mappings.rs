//! The mappings fit the exports on one side and the lake's tables on the other.

// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use sqlparser::ast::{Expr, SelectItem, SetExpr, Statement, visit_expressions};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use tenure_demo::{Options, generate};

/// The columns of every file a source reads.
fn columns(dir: &Path, source: &toml::Table) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    for file in source["files"].as_table().unwrap().values() {
        let path = file["path"].as_str().unwrap();
        let (folder, pattern) = path.rsplit_once('/').unwrap();
        let stem = pattern.split(['*', '.']).next().unwrap();
        let found = fs::read_dir(dir.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let found: Vec<_> =
            found.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(stem)).collect();
        assert!(!found.is_empty(), "{path} matches nothing");
        for path in found {
            let mut first = String::new();
            BufReader::new(fs::File::open(&path).unwrap()).read_line(&mut first).unwrap();
            if path.extension().is_some_and(|ending| ending == "jsonl") {
                let object: serde_json::Value = serde_json::from_str(&first).unwrap();
                columns.extend(object.as_object().unwrap().keys().cloned());
            } else {
                let delimiter = file.get("delimiter").map_or(",", |delimiter| delimiter.as_str().unwrap());
                columns.extend(first.trim_end().split(delimiter).map(ToOwned::to_owned));
            }
        }
    }
    columns
}

fn check(sql: &str, table: &str, known: &BTreeSet<String>) {
    let table = tenure_schema::table::table(table).unwrap_or_else(|| panic!("{table} is no table of the lake"));
    let statements = Parser::parse_sql(&GenericDialect {}, sql).unwrap();
    let [Statement::Query(query)] = statements.as_slice() else { panic!("{sql}") };
    let SetExpr::Select(select) = query.body.as_ref() else { panic!("{sql}") };
    let mut given = BTreeSet::new();
    for item in &select.projection {
        given.insert(match item {
            SelectItem::UnnamedExpr(Expr::Identifier(name)) => name.value.clone(),
            SelectItem::ExprWithAlias { alias, .. } => alias.value.clone(),
            other => panic!("{other}"),
        });
    }
    for name in &given {
        assert!(table.attributes || table.column(name).is_some(), "{}.{name} is no column", table.name);
    }
    for column in table.columns.iter().filter(|column| column.required) {
        assert!(given.contains(&column.name), "{}.{} is required and not mapped", table.name, column.name);
    }
    let unknown = visit_expressions(&statements, |expr| match expr {
        Expr::Identifier(name) if !known.contains(&name.value) => ControlFlow::Break(name.value.clone()),
        _ => ControlFlow::Continue(()),
    });
    assert_eq!(unknown, ControlFlow::Continue(()), "in {sql}");
}

#[test]
fn every_mapping_reads_what_is_there_and_writes_what_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    generate(dir.path(), &Options { accounts: 160, months: 30, ..Options::default() }).unwrap();
    let mut tables = BTreeSet::new();
    for name in ["billing", "crm", "finance", "helpdesk", "people", "product", "surveys"] {
        let text = fs::read_to_string(dir.path().join(format!("sources/{name}.toml"))).unwrap();
        let source: toml::Table = text.parse().unwrap();
        assert_eq!(source["data_through"].as_str(), Some("2026-07-01T08:00:00-04:00"));
        let known = columns(dir.path(), &source);
        for (table, mapping) in source["tables"].as_table().unwrap() {
            tables.insert(table.clone());
            match mapping {
                toml::Value::Array(several) => {
                    several.iter().for_each(|sql| check(sql.as_str().unwrap(), table, &known))
                }
                one => check(one.as_str().unwrap(), table, &known),
            }
        }
    }
    let lake: BTreeSet<String> = tenure_schema::table::tables().iter().map(|table| table.name.to_owned()).collect();
    assert_eq!(tables, lake);
}
