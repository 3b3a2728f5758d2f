//! What staff answered is shown to nobody, rejected or not.

use super::Reject;
use crate::staff;
use serde_json::Map;
use tenure_schema::table::{Column, ColumnType, table};

/// Columns that tell who was asked.
const TELLING: [&str; 3] = ["survey_kind", "staff_id", "audience"];

impl Reject {
    /// As anybody may see it: without the record, unless that is certainly no answer of staff.
    pub(crate) fn shown(self) -> Reject {
        let is_open = !staff::ANSWERED.contains(&self.table.as_str())
            || self.of_a_customer()
            // A line that could not be taken apart: its reason names no value.
            || (self.record.is_empty() && self.value.is_none());
        if is_open {
            return self;
        }
        let place = match self.file.as_str() {
            "" => "at the source".to_owned(),
            file => format!("in {file}, record {}", self.row),
        };
        let column = self.column.as_deref();
        let known = column.and_then(|name| table(&self.table)?.column(name));
        let takes = match (known, column) {
            (Some(column), _) => format!(": {}", takes(column)),
            (None, Some(name)) => format!(": {name}"),
            (None, None) => String::new(),
        };
        Reject {
            value: None,
            reason: "is not shown, for it may be what one of the staff answered".to_owned(),
            remedy: format!("correct it {place}{takes}; then import again"),
            record: Map::new(),
            withheld: true,
            ..self
        }
    }

    fn of_a_customer(&self) -> bool {
        let text = |name: &str| {
            let text = self.record.get(name)?.as_str()?.trim().to_ascii_lowercase();
            (!text.is_empty()).then_some(text)
        };
        let kinds = table(&self.table).and_then(|table| table.column("survey_kind"));
        let kinds = kinds.map(|column| column.one_of.as_slice()).unwrap_or_default();
        let asked =
            text("survey_kind").is_some_and(|kind| kinds.contains(&kind) && !staff::KINDS.contains(&kind.as_str()));
        let audience = text("audience").is_none_or(|audience| audience == "customer");
        let named = self.record.get("staff_id").is_some_and(|staff| !staff.is_null() && staff.as_str() != Some(""));
        asked && audience && !named && !self.column.as_deref().is_some_and(|column| TELLING.contains(&column))
    }
}

/// What a column takes, in words that hold no value of a row.
fn takes(column: &Column) -> String {
    let what = match column.kind {
        ColumnType::Text if column.one_of.is_empty() => "text".to_owned(),
        ColumnType::Text => format!("one of {}", column.one_of.join(", ")),
        ColumnType::Int => "a whole number".to_owned(),
        ColumnType::Decimal | ColumnType::Money | ColumnType::Rate => "a number".to_owned(),
        ColumnType::Bool => "true or false".to_owned(),
        ColumnType::Instant => "a date or time".to_owned(),
        ColumnType::Date => "a date".to_owned(),
    };
    let needed = if column.required && column.default().is_none() { " and is required" } else { "" };
    format!("{} takes {what}{needed}", column.name)
}
