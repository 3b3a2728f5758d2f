//! Names of rejects.

use super::Reject;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use tenure_schema::table::table;

/// Names rejects: the same row, rejected for the same column, has the same name in every import.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// How many rows had the same place, key and column so far.
    seen: HashMap<[u8; 16], u64>,
}

impl Names {
    /// The name of the next reject of an import.
    pub fn next(&mut self, reject: &Reject) -> String {
        // A row that is no one record of a file is counted among its neighbours, which come and go.
        let number = if reject.file.is_empty() { String::new() } else { reject.row.to_string() };
        let column = reject.column.as_deref().unwrap_or_default();
        let mut parts = vec![reject.source.as_str(), &reject.table, &reject.file, &number, column];
        // A join or an unnest makes several rows of a record.
        let key = table(&reject.table).map(|table| table.key.as_slice()).unwrap_or_default();
        let key: Vec<String> = key.iter().map(|name| text(reject.record.get(name))).collect();
        parts.extend(key.iter().map(String::as_str));
        let name = digest(&parts);
        let count = self.seen.entry(name).or_default();
        *count += 1;
        match *count {
            1 => hexadecimal(name),
            count => hexadecimal(digest(&[&hexadecimal(name), &count.to_string()])),
        }
    }
}

/// The name of a reject whose mended record was rejected for another column.
pub(crate) fn renamed(id: &str, column: &str) -> String {
    hexadecimal(digest(&[id, column]))
}

fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn digest(parts: &[&str]) -> [u8; 16] {
    let whole: [u8; 32] = Sha256::digest(parts.join("\u{0}")).into();
    std::array::from_fn(|at| whole[at])
}

fn hexadecimal(name: [u8; 16]) -> String {
    name.iter().map(|byte| format!("{byte:02x}")).collect()
}
