//! Accounts, contacts and others that rows name and nobody knows.

use super::keys::{Known, Named, hash};
use super::{EXAMPLES, Warning, quoted, rows, staff, such_as, verb};
use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionContext, col};
use futures::StreamExt;
use std::collections::BTreeMap;
use tenure_lake::{LakeError, Snapshot};
use tenure_schema::table::Table;

const KNOWN: usize = 4_000_000;
const NAMED: usize = 200_000;

/// Checks references over all tables of an import.
#[derive(Debug, Default)]
pub(crate) struct References {
    /// By the table that is referred to.
    known: BTreeMap<String, Known>,
    /// By the table and column that refer.
    named: BTreeMap<(&'static str, String), (String, Named)>,
}

/// The tables that a table's columns refer to.
pub(crate) fn referenced_tables(table: &Table) -> impl Iterator<Item = &str> {
    table.columns.iter().filter_map(|column| column.references.as_deref())
}

/// The column that references name: the first of the key.
fn target(table: &str) -> Option<&'static str> {
    tenure_schema::table::table(table).and_then(|table| table.key.first()).map(String::as_str)
}

impl References {
    /// Makes the keys of a table known that the lake has; once a table.
    pub async fn look_up(&mut self, table: &str, lake: &Snapshot) -> Result<(), LakeError> {
        if self.known.contains_key(table) {
            return Ok(());
        }
        let mut known = Known::holding(KNOWN);
        if let Some(column) = target(table) {
            let keys = SessionContext::new().read_table(lake.table(table)?)?.select(vec![col(column)])?;
            let mut keys = keys.execute_stream().await?;
            while let Some(batch) = keys.next().await {
                each_text(&batch?, column, |_, key| known.insert(hash(key)))?;
            }
        }
        self.known.insert(table.to_owned(), known);
        Ok(())
    }

    /// Takes accepted rows of a table in: their keys are known from now on, what they name is checked.
    pub fn add(&mut self, table: &'static Table, batch: &RecordBatch) -> Result<(), DataFusionError> {
        if let (Some(known), Some(column)) = (self.known.get_mut(table.name), target(table.name)) {
            each_text(batch, column, |_, key| known.insert(hash(key)))?;
        }
        let answers = staff::answers(table, batch)?;
        for column in &table.columns {
            let Some(refers) = &column.references else { continue };
            let Some(known) = self.known.get(refers) else { continue };
            let (_, named) = self
                .named
                .entry((table.name, column.name.clone()))
                .or_insert_with(|| (refers.clone(), Named::holding(NAMED)));
            each_text(batch, &column.name, |row, key| {
                let hash = hash(key);
                if known.lacks(hash) {
                    named.add(hash, (!answers[row]).then_some(key));
                }
            })?;
        }
        Ok(())
    }

    /// What is named and still not known, now that all rows are in.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for ((table, column), (refers, named)) in &self.named {
            let Some(known) = self.known.get(refers) else { continue };
            let unknown = named.unknown(known, EXAMPLES);
            if unknown.rows == 0 {
                continue;
            }
            let (one, many) = singular_and_plural(refers);
            let message = format!(
                "{} {} {} {} not known{}; import {}, or these rows stay without {} attributes",
                rows(unknown.rows, unknown.estimated),
                verb(unknown.rows, "names", "name"),
                unknown.keys,
                verb(unknown.keys, &format!("{one} that is"), &format!("{many} that are")),
                such_as((!unknown.examples.is_empty()).then(|| quoted(&unknown.examples))),
                verb(unknown.keys, "it", "them"),
                verb(unknown.keys, "its", "their"),
            );
            warnings.push(Warning { table, column: column.clone(), rows: unknown.rows, message });
        }
        warnings
    }
}

fn singular_and_plural(table: &str) -> (String, String) {
    let words = table.replace('_', " ");
    match words.strip_suffix('s') {
        Some(one) => (one.to_owned(), words.clone()),
        None => (format!("member of {words}"), format!("members of {words}")),
    }
}

fn each_text(batch: &RecordBatch, column: &str, on: impl FnMut(usize, &str)) -> Result<(), DataFusionError> {
    let Some(values) = batch.column_by_name(column) else { return Ok(()) };
    match values.data_type() {
        DataType::Utf8 => each(values.as_string::<i32>().iter(), on),
        DataType::Utf8View => each(values.as_string_view().iter(), on),
        _ => each(cast(values, &DataType::Utf8)?.as_string::<i32>().iter(), on),
    }
    Ok(())
}

fn each<'a>(texts: impl Iterator<Item = Option<&'a str>>, mut on: impl FnMut(usize, &str)) {
    texts.enumerate().filter_map(|(row, text)| Some((row, text?))).for_each(|(row, text)| on(row, text));
}
