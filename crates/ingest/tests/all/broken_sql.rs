//! The SQL of a mapping is read before the engine sees it, and what is wrong with it is told in the engine's words.

use datafusion::sql::parser::DFParser;
use std::sync::Arc;
use tenure_ingest::{Source, Workspace};
use tenure_mapping::Select;
use tenure_schema::settings::Settings;

fn problem(sql: &str) -> String {
    let workspace = Workspace { root: "nowhere".into(), settings: Arc::new(Settings::default()) };
    let text = format!("[files.a]\npath = \"a.csv\"\n[tables]\naccounts = '''{sql}'''\n");
    let source = Source::parse("s", &text, &workspace, &|_| None).unwrap();
    Select::read(&source, &source.tables[0], 0).unwrap_err().problem
}

#[test]
fn the_engines_words() {
    let deep = "(".repeat(100);
    for sql in ["SELECT", "SELECT \"x", "SELECT 1 FROM (", "SELECT 1 SELECT 2", "SELECT 1;; SELECT 2 3", &deep] {
        let engine = DFParser::parse_sql(sql).unwrap_err().find_root().strip_backtrace();
        let words = engine.trim_start_matches("SQL error: ").trim_end_matches('.');
        let (first, rest) = words.split_at(1);
        assert_eq!(problem(sql), format!("is not valid SQL: {}{rest}", first.to_lowercase()), "{sql}");
    }
}

#[test]
fn what_is_no_single_select() {
    for (sql, expected) in [
        ("", "is empty"),
        (" ; -- nothing", "is empty"),
        ("DELETE FROM a", "is not a SELECT"),
        ("EXPLAIN SELECT 1", "is not a SELECT"),
        ("COPY a TO 'b'", "is not a SELECT"),
        ("SELECT 1 AS x; SELECT 2 AS x", "is not one SELECT"),
        ("SELECT 1 AS x; RESET x", "is not one SELECT"),
    ] {
        assert_eq!(problem(sql), expected, "{sql}");
    }
    let chain = problem(&vec!["id"; 4_000].join(" || "));
    assert!(chain.starts_with("is too long: line 1: more than 2000 words"), "{chain}");
}
