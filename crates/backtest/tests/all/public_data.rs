//! The public data, where it is present.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

/// A row of a file by the names of its columns.
pub struct Row(HashMap<String, String>);

impl Row {
    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    pub fn number(&self, column: &str) -> f64 {
        self.text(column).parse().unwrap_or_else(|_| panic!("{column}: {} is not a number", self.text(column)))
    }

    /// 1 where a column has a value, else 0.
    pub fn is(&self, column: &str, value: &str) -> f64 {
        f64::from(u8::from(self.text(column) == value))
    }
}

/// The rows of a file below `$TENURE_DATA`, or the data's place beside the checkout; none: say so and skip.
pub fn rows(file: &str) -> Option<Vec<Row>> {
    let root = std::env::var_os("TENURE_DATA").filter(|root| !root.is_empty()).map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let path = root.join(file);
    if !path.is_file() {
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "skipped: there is no {}; set TENURE_DATA", path.display());
        return None;
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    let columns = reader.headers().unwrap().clone();
    let named = |record: csv::StringRecord| {
        Row(columns.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect())
    };
    Some(reader.records().map(|record| named(record.unwrap())).collect())
}
