//! What is on disk after a generation.

// Helpers of tests fail as tests do.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tenure_demo::{Options, Summary, generate};

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(dir).unwrap().display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    all
}

fn small() -> Options {
    Options { accounts: 160, months: 30, ..Options::default() }
}

fn write(options: &Options) -> (tempfile::TempDir, Summary) {
    let dir = tempfile::tempdir().unwrap();
    let summary = generate(dir.path(), options).unwrap();
    (dir, summary)
}

#[test]
fn same_seed_same_bytes() {
    let (one, two) = (write(&small()).0, write(&small()).0);
    let other = write(&Options { seed: 5, ..small() }).0;
    assert!(files(one.path()) == files(two.path()));
    assert!(files(one.path()) != files(other.path()));
}

#[test]
fn the_whole_company() {
    let (dir, summary) = write(&Options::default());
    let all = files(dir.path());
    let bytes: usize = all.values().map(Vec::len).sum();
    let usage: u64 = summary.usage.iter().map(|(events, ..)| events).sum();
    let (read, rejected) = summary.read_and_rejected();
    println!("{bytes} bytes, {usage} usage events, {read} rows, {rejected} rejected");
    for (path, rows) in &summary.files {
        println!("{:>8} {}", rows, path.file_name().unwrap().display());
    }
    assert!(bytes < 60_000_000, "{bytes} bytes");
    assert!((280_000..420_000).contains(&usage), "{usage} usage events");
    let share = rejected as f64 / read as f64;
    assert!((0.007..0.013).contains(&share), "{share} rejected");
    for file in [
        "tenure.toml",
        "sources/billing.toml",
        "sources/product.toml",
        "truth/mrr.csv",
        "truth/verdicts.csv",
        "exports/crm/accounts.jsonl",
    ] {
        assert!(all.contains_key(file), "{file}");
    }
    // Two days on which nobody was seen.
    let march = String::from_utf8(all["exports/product/usage-2025.csv"].clone()).unwrap();
    assert!(march.contains(",2025-03-10T") && march.contains(",2025-03-13T"));
    assert!(!march.contains(",2025-03-11T") && !march.contains(",2025-03-12T"));
    assert!(
        summary.tables.iter().any(|table| table.updated > 0) && summary.tables.iter().any(|table| table.duplicate > 0)
    );
    // Every line of every CSV has as many fields as its header, or nothing would be imported.
    for (name, content) in all.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let delimiter = if name.contains("exports/people") { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(content.as_slice());
        for record in reader.records() {
            assert!(record.is_ok(), "{name}: {record:?}");
        }
    }
}

#[test]
fn usage_scales() {
    let (_dir, summary) = write(&Options { usage_events: Some(400_000), ..small() });
    let usage: u64 = summary.usage.iter().map(|(events, ..)| events).sum();
    assert!((390_000..410_000).contains(&usage), "{usage}");
}
