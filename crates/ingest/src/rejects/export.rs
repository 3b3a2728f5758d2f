//! Rejects as JSON Lines, to be mended in an editor.

use super::{Reject, StoredReject};
use crate::error::Problem;
use serde_json::{Map, Value};
use std::io::{self, BufRead, Write};

/// Writes one reject as a line: its name, place and reason, and under `record` the columns to mend.
pub fn export(stored: &StoredReject, out: &mut dyn Write) -> io::Result<()> {
    let reject = &stored.reject;
    let mut line = Map::new();
    let mut put = |key: &str, value: Value| line.insert(key.to_owned(), value);
    put("id", Value::from(reject.id.as_str()));
    put("source", Value::from(reject.source.as_str()));
    put("table", Value::from(reject.table.as_str()));
    put("file", Value::from(reject.file.as_str()));
    put("row", Value::from(reject.row));
    put("column", reject.column.as_deref().map_or(Value::Null, Value::from));
    put("value", reject.value.as_deref().map_or(Value::Null, Value::from));
    put("reason", Value::from(reject.reason.as_str()));
    put("remedy", Value::from(reject.remedy.as_str()));
    if reject.withheld {
        put("withheld", Value::from(true));
    }
    put("record", if reject.withheld { Value::Null } else { Value::Object(reject.record.clone()) });
    writeln!(out, "{}", Value::Object(line))
}

/// Reads exported rejects back, mended or not; those whose record was withheld are passed over. `name` is the file's, for messages.
pub fn parse_export(name: &str, input: &mut dyn BufRead) -> Result<Vec<Reject>, Problem> {
    let mut rejects = Vec::new();
    for (number, line) in (1..).zip(input.lines()) {
        let place = || format!("{name}:{number}");
        let bad = |problem: String| {
            Problem::new(
                place(),
                problem,
                "export the rejects again with `tenure rejects --export`, and edit only what stands under record",
            )
        };
        let line = line.map_err(|error| bad(format!("cannot be read: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Value = serde_json::from_str(&line).map_err(|error| bad(format!("is not JSON: {error}")))?;
        let is_withheld = line.get("withheld").and_then(Value::as_bool) == Some(true);
        if is_withheld && line.get("record").is_none_or(Value::is_null) {
            continue;
        }
        let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
        let needed = |key: &str| text(key).ok_or_else(|| bad(format!("has no {key}")));
        rejects.push(Reject {
            id: needed("id")?,
            source: needed("source")?,
            table: needed("table")?,
            file: needed("file")?,
            row: line.get("row").and_then(Value::as_i64).ok_or_else(|| bad("has no row".to_owned()))?,
            column: text("column"),
            value: text("value"),
            reason: text("reason").unwrap_or_default(),
            remedy: text("remedy").unwrap_or_default(),
            record: line
                .get("record")
                .and_then(Value::as_object)
                .cloned()
                .ok_or_else(|| bad("has no record".to_owned()))?,
            withheld: false,
        });
    }
    Ok(rejects)
}
