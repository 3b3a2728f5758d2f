//! From state to value: the definition's arithmetic over a table of states.

use crate::compile::{PENDING, SettingOf, filled, keys, quoted};
use std::fmt::Write;
use tenure_catalog::{Definition, PENDING_ROWS, PER_ACCOUNT, bind_expression};

/// The SQL that reads values off the table `state`, one row a cell, in a fixed order of columns; or the key that cannot be read. A value may
/// read beside the state how many rows are pending, and whether single accounts are asked for.
pub(crate) fn value_sql(
    definition: &Definition,
    segments: usize,
    reasons: &[String],
    per_account: bool,
    setting: SettingOf<'_>,
) -> Result<String, (String, String)> {
    let bind = |key: &str, text: &str| bind_expression(text, setting).map_err(|what| (key.to_owned(), what));
    let mut reason = String::from("CASE WHEN unknown_reason IS NOT NULL THEN unknown_reason ");
    for (text, condition) in definition.null.iter() {
        let _ = write!(reason, "WHEN {} THEN {} ", bind(&format!("null.\"{text}\""), condition)?, filled(text));
    }
    reason.push_str("END");
    let excluded: Vec<String> = (0..reasons.len()).map(|index| format!("excluded_{index}")).collect();
    let mut columns = vec![keys(segments), "n".to_owned(), "assumed_rows".to_owned()];
    columns.extend(excluded);
    columns.push(format!("{reason} AS null_reason"));
    columns.push(format!("({}) AS cell_value", bind("value", &definition.value)?));
    match &definition.interval {
        Some(interval) => {
            let interval = bind("interval", interval)?;
            columns.push(format!("get_field({interval}, 'low') AS cell_low"));
            columns.push(format!("get_field({interval}, 'high') AS cell_high"));
        }
        None => columns.push("CAST(NULL AS DOUBLE) AS cell_low, CAST(NULL AS DOUBLE) AS cell_high".to_owned()),
    }
    for (name, part) in definition.parts.iter() {
        let sql = bind(&format!("parts.{name}"), &part.value)?;
        // What is not known of the whole is not known of its parts.
        columns.push(format!("CASE WHEN unknown_reason IS NULL THEN ({sql}) END AS {}", quoted(&part_column(name))));
    }
    let pending = reasons.iter().position(|reason| reason == PENDING);
    let pending = pending.map_or_else(|| "0".to_owned(), |index| format!("excluded_{index}"));
    let mut state = format!("SELECT *, {pending} AS {PENDING_ROWS}, {per_account} AS {PER_ACCOUNT} FROM state");
    for (name, text) in definition.lets.iter() {
        // A query of its own for each, over those before it.
        state =
            format!("SELECT *, {} AS {}\nFROM ({state}) AS state", bind(&format!("let.{name}"), text)?, quoted(name));
    }
    Ok(format!("SELECT {}\nFROM ({state}) AS state\nORDER BY {}", columns.join(",\n       "), keys(segments)))
}

/// The column in which a part stands.
pub(crate) fn part_column(name: &str) -> String {
    format!("part_{name}")
}
