//! A generated company as files: settings, one source, one export a table.

use crate::company::{Company, companies};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use std::collections::BTreeMap;
use std::path::Path;

/// Companies of so many seeds, or of as many as `PROPTEST_CASES` says.
pub fn generated(few: u32) -> impl Iterator<Item = (u64, Company)> {
    let asked = Config::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { few };
    let first = match asked.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => 0,
    };
    (first..first + u64::from(cases)).map(move |seed| {
        let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..Config::default() });
        (seed, companies().new_tree(&mut runner).unwrap().current())
    })
}

/// Writes a workspace whose exports have the lake's own columns.
pub fn write(company: &Company, folder: &Path) {
    std::fs::create_dir(folder.join("sources")).unwrap();
    std::fs::write(folder.join("tenure.toml"), &company.settings).unwrap();
    let mut files = String::new();
    let mut tables = String::from("[tables]\n");
    for (table, text) in &company.tables {
        let columns: Vec<String> = header(text).iter().map(|column| format!("\"{column}\"")).collect();
        files += &format!("[files.{table}_export]\npath = \"{table}.csv\"\n");
        tables += &format!("{table} = '''SELECT {} FROM {table}_export'''\n", columns.join(", "));
    }
    let source = format!("data_through = \"{}\"\n{files}{tables}", company.data_through);
    std::fs::write(folder.join("sources/exports.toml"), source).unwrap();
    export(&company.tables, folder);
}

/// Writes the exports anew.
pub fn export(tables: &BTreeMap<String, String>, folder: &Path) {
    for (table, text) in tables {
        std::fs::write(folder.join(format!("{table}.csv")), text).unwrap();
    }
}

/// The columns of a CSV text.
pub fn header(text: &str) -> Vec<&str> {
    text.lines().next().unwrap_or_default().split(',').collect()
}
