//! No input makes the import panic.

use arrow::array::{ArrayRef, Int64Array, StringArray};
use proptest::prelude::*;
use std::sync::Arc;
use tenure_ingest::read::{Keys, Relation, Watch};
use tenure_ingest::validate::{Mapped, Validator};
use tenure_ingest::{Source, Workspace};
use tenure_schema::settings::Settings;
use tenure_schema::table::tables;

fn read_all(bytes: &[u8], name: &str, options: &str) -> Option<usize> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let workspace = Workspace { root: folder.path().to_owned(), settings: Arc::new(Settings::parse("").unwrap()) };
    let text =
        format!("[files.f]\npath = \"{name}\"\n{options}\n[tables]\naccounts = \"SELECT 1 AS account_id FROM f\"");
    let source = Source::parse("s", &text, &workspace, &|_| None).unwrap();
    let mut rows = 0;
    for keep_good in [false, true] {
        let relation = Relation::open(&source.files[0], folder.path(), Keys::All).ok()?;
        let wanted: Vec<usize> = (0..relation.schema.fields().len()).collect();
        let _ = relation.read(&wanted, &Watch::new(keep_good), &mut |batch| {
            rows += batch.num_rows();
            true
        });
    }
    Some(rows)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,6}",
        "[0-9.eE+-]{0,25}",
        "[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}[T ]?[0-9:.Z+-]{0,14}",
        Just(String::new())
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn readers(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b','), Just(b'\n'), Just(b'"'), Just(b'{')], 0..400)) {
        read_all(&bytes, "f.csv", "");
        read_all(&bytes, "f.csv", "delimiter = \" +\"");
        read_all(&bytes, "f.csv", "encoding = \"utf-16le\"");
        read_all(&bytes, "f.csv", "encoding = \"shift_jis\"\nquote = \"\"");
        read_all(&bytes, "f.csv.gz", "");
        read_all(&bytes, "f.csv.zst", "");
        read_all(&bytes, "f.jsonl", "");
        read_all(&bytes, "f.parquet", "");
    }

    #[test]
    fn values(cells in prop::collection::vec(prop::option::of(text()), 1..6), zone in prop::sample::select(vec!["UTC", "America/New_York", "Asia/Kathmandu"])) {
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let values: ArrayRef = Arc::new(StringArray::from(cells.clone()));
        for table in tables() {
            let mapped = Mapped {
                columns: table.columns.iter().map(|column| (column.name.clone(), values.clone())).collect(),
                extras: vec![("extra".to_owned(), values.clone())],
                file: Arc::new(StringArray::from(vec!["f"; cells.len()])),
                row: Arc::new(Int64Array::from_iter_values(1..=cells.len() as i64)),
            };
            let checked = Validator::new(table, "s", &zone, "USD").unwrap().check(&mapped).unwrap();
            let rejected: std::collections::BTreeSet<usize> = checked.faults.iter().map(|fault| fault.row).collect();
            prop_assert_eq!(checked.rows.num_rows() + rejected.len(), cells.len());
        }
    }

    #[test]
    fn source_files(text in "[ -~\n\\[\\]=\"]{0,200}") {
        let workspace = Workspace { root: "nowhere".into(), settings: Arc::new(Settings::parse("").unwrap()) };
        let _ = Source::parse("s", &text, &workspace, &|_| None);
    }
}
