//! The lake's own tables: what was imported, what was rejected, what each version touched.

use crate::layout::{Layout, VERSION, instant};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;
use tenure_schema::table::own_tables;

/// One row for each source and table of an import; queries may read it.
pub const IMPORTS: &str = "tenure_imports";
/// Every record that was rejected, open until it is mended.
pub const REJECTS: &str = "tenure_rejects";
/// The days and accounts whose rows each version changed.
pub const TOUCHED: &str = "tenure_touched";

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let own = columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true));
    Arc::new(Schema::new(own.collect::<Vec<_>>()))
}

fn rejects() -> Layout {
    use DataType::{Int64, Utf8};
    Layout {
        name: REJECTS,
        key: vec!["reject_id".to_owned()],
        schema: schema(&[
            ("reject_id", Utf8),
            ("import_id", Int64),
            ("source", Utf8),
            ("table_name", Utf8),
            ("file", Utf8),
            ("record_number", Int64),
            ("column_name", Utf8),
            ("value", Utf8),
            ("reason", Utf8),
            ("remedy", Utf8),
            ("record", Utf8),
            ("rejected_at", instant()),
            ("resolved_at", instant()),
            (VERSION, Int64),
        ]),
        // The same record, rejected again for the same reason, is the same reject.
        provenance: vec!["import_id", "rejected_at", VERSION],
        event: None,
        account: false,
    }
}

fn touched() -> Layout {
    use DataType::{Date32, Int64, Utf8};
    Layout {
        name: TOUCHED,
        key: ["version", "table_name", "day", "account_id"].map(str::to_owned).into(),
        schema: schema(&[("version", Int64), ("table_name", Utf8), ("day", Date32), ("account_id", Utf8)]),
        provenance: vec![],
        event: None,
        account: false,
    }
}

pub(crate) fn layouts() -> impl Iterator<Item = Layout> {
    own_tables().iter().map(Layout::of_own).chain([rejects(), touched()])
}
