//! Tables of CSV text that grow row by row, each row naming its columns.

use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Default)]
pub struct Tables(BTreeMap<&'static str, Vec<BTreeMap<String, String>>>);

impl Tables {
    /// A row; columns it does not name are empty.
    pub fn add(&mut self, table: &'static str, row: &[(&str, &str)]) {
        let filled = row.iter().filter(|(_, value)| !value.is_empty());
        let row = filled.map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect();
        self.0.entry(table).or_default().push(row);
    }

    /// A CSV text for each table that has rows, with the columns that some row fills.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let text = |rows: &[BTreeMap<String, String>]| {
            let mut columns: Vec<&str> = Vec::new();
            for column in rows.iter().flat_map(BTreeMap::keys) {
                if !columns.contains(&column.as_str()) {
                    columns.push(column);
                }
            }
            columns.sort_unstable();
            let mut text = columns.join(",") + "\n";
            for row in rows {
                let cells: Vec<&str> =
                    columns.iter().map(|column| row.get(*column).map_or("", String::as_str)).collect();
                writeln!(text, "{}", cells.join(",")).unwrap();
            }
            text
        };
        self.0.iter().map(|(name, rows)| ((*name).to_owned(), text(rows))).collect()
    }
}
