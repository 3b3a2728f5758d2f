//! Where a record stands.

/// A record of a file, by its number: `subs.csv, record 5`. Only a line has the form `subs.csv:5`.
pub(crate) fn record_of(file: &str, row: i64) -> String {
    match file {
        "" => format!("row {row} of the SELECT"),
        file => format!("{file}, record {row}"),
    }
}

/// What a record's number means.
pub(crate) const RECORDS_COUNT_FROM: &str = "records are counted from 1, a header not among them";
