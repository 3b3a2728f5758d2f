//! Which data files may hold keys of the staged rows, by what the catalogue knows of them: the others need not be opened.

use crate::error::Result;
use crate::layout::Layout;
use crate::stage::keys::Keys;
use crate::stage::spool::Spool;
use arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow::row::OwnedRow;
use sqlx::sqlite::SqlitePool;
use std::collections::HashSet;
use std::sync::Arc;

/// The least and the greatest value that the first key column has in rows that are in order.
pub(crate) struct Stretch {
    layout: &'static Layout,
    keys: Keys,
    least: OwnedRow,
    greatest: OwnedRow,
}

impl Stretch {
    /// None where there are no rows.
    pub fn of(layout: &'static Layout, staged: &Spool) -> Result<Option<Self>> {
        let Some(last) = staged.batches().checked_sub(1) else { return Ok(None) };
        let keys = Keys::of(layout)?;
        let value = |batch: &RecordBatch, row: usize| -> Result<OwnedRow> {
            Ok(keys.leading(&batch.slice(row, 1))?.row(0).owned())
        };
        let (first, last) = (staged.batch(0)?, staged.batch(last)?);
        let (least, greatest) = (value(&first, 0)?, value(&last, last.num_rows() - 1)?);
        Ok(Some(Self { layout, keys, least, greatest }))
    }

    /// The data files, by their number in the catalogue, that hold no key of this stretch.
    pub async fn missed(&self, catalog: &SqlitePool) -> Result<HashSet<i64>> {
        let bounds = sqlx::query_as(
            "SELECT bounds.data_file_id, bounds.min_value, bounds.max_value
             FROM ducklake_table named
             JOIN ducklake_column leading ON leading.table_id = named.table_id AND leading.column_name = ?
             JOIN ducklake_file_column_stats bounds
               ON bounds.table_id = named.table_id AND bounds.column_id = leading.column_id
             WHERE named.table_name = ? AND named.end_snapshot IS NULL AND leading.end_snapshot IS NULL",
        );
        let bounds = bounds.bind(&self.layout.key[0]).bind(self.layout.name);
        let bounds: Vec<(i64, Option<String>, Option<String>)> = bounds.fetch_all(catalog).await?;
        let column = |texts: StringArray| self.keys.as_leading(&(Arc::new(texts) as ArrayRef));
        let least = column(bounds.iter().map(|(_, least, _)| least.as_deref()).collect())?;
        let greatest = column(bounds.iter().map(|(.., greatest)| greatest.as_deref()).collect())?;
        let (least_rows, greatest_rows) = (self.keys.leading_values(&least)?, self.keys.leading_values(&greatest)?);
        // A bound that is not known, or that does not read as a value, tells nothing.
        let missed = |file: usize| {
            (least.is_valid(file) && least_rows.row(file) > self.greatest.row())
                || (greatest.is_valid(file) && greatest_rows.row(file) < self.least.row())
        };
        Ok(bounds.iter().enumerate().filter(|(file, _)| missed(*file)).map(|(_, (number, ..))| *number).collect())
    }
}
