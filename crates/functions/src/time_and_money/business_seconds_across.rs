//! `business_seconds_across`: business time between two instants while schedules change.

use super::business_seconds::{Schedules, span};
use crate::environment::Environment;
use crate::function::{Definition, Kind, instant_type};
use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, StringViewArray, StructArray, TimestampMicrosecondArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, TimestampMicrosecondType};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::ScalarUDF;
use jiff::Timestamp;
use std::ops::Range;
use std::sync::Arc;
use tenure_schema::calendar::{Schedule, business_seconds_across};

pub(super) fn function(environment: &Environment) -> ScalarUDF {
    let definition = Definition {
        name: "business_seconds_across",
        about: "Whole seconds of business time from one instant to another, added up over changes of schedule: each counts from its \
                instant until the next one's, the first also before it. No changes at all mean the default schedule. Null if `from` or `to` \
                is null, `from` is later, or a schedule is unknown.",
        parameters: &[
            (
                "schedules",
                Kind::Changes,
                "structs of an instant and a schedule's name, in any order; a null name is the default",
            ),
            ("from", Kind::Instant, "the beginning"),
            ("to", Kind::Instant, "the end"),
        ],
        returns: DataType::Int64,
        example: "SELECT business_seconds_across(array_agg(struct(e.at, e.schedule)), t.created_at, t.first_reply_at) FROM …",
    };
    let settings = Arc::clone(&environment.settings);
    definition.function(&environment.settings.zone, move |args| {
        let [changes, from, to] = args else {
            return Err(exec_datafusion_err!("business_seconds_across takes 3 arguments"));
        };
        let changes = Changes::new(changes)?;
        let (from, to) =
            (from.as_primitive::<TimestampMicrosecondType>(), to.as_primitive::<TimestampMicrosecondType>());
        let mut schedules = Schedules::new(&settings);
        let mut in_force: Vec<(Timestamp, &Schedule)> = Vec::new();
        let seconds = (0..from.len()).map(|row| {
            let value = |array: &TimestampMicrosecondArray| array.is_valid(row).then(|| array.value(row));
            let (from, to) = span(value(from), value(to))?;
            in_force.clear();
            for change in changes.of(row) {
                let (at, name) = changes.change(change)?;
                in_force.push((at, schedules.named(name)?));
            }
            if in_force.is_empty() {
                return Some(schedules.named(None)?.business_seconds(from, to));
            }
            Some(business_seconds_across(&in_force, from, to))
        });
        let seconds: ArrayRef = Arc::new(seconds.collect::<Int64Array>());
        Ok(seconds)
    })
}

/// The changes of all rows, one after another.
struct Changes {
    offsets: Vec<usize>,
    at: TimestampMicrosecondArray,
    names: StringViewArray,
    nulls: Option<datafusion::arrow::buffer::NullBuffer>,
}

impl Changes {
    fn new(list: &ArrayRef) -> Result<Self> {
        let given = list.data_type();
        let (offsets, values): (Vec<usize>, ArrayRef) = match given {
            DataType::Null => (vec![0; list.len() + 1], empty()),
            DataType::LargeList(_) => {
                let list = list.as_list::<i64>();
                let offsets = list.offsets().iter().map(|offset| usize::try_from(*offset).unwrap_or_default());
                (offsets.collect(), Arc::clone(list.values()))
            }
            _ => {
                let list = list.as_list::<i32>();
                let offsets = list.offsets().iter().map(|offset| usize::try_from(*offset).unwrap_or_default());
                (offsets.collect(), Arc::clone(list.values()))
            }
        };
        let structs = values.as_struct();
        let [at, names] = structs.columns() else {
            return Err(exec_datafusion_err!(
                "schedules of business_seconds_across must be structs of two fields, not {given}"
            ));
        };
        Ok(Self {
            offsets,
            at: cast(at, &instant_type())?.as_primitive::<TimestampMicrosecondType>().clone(),
            names: cast(names, &DataType::Utf8View)?.as_string_view().clone(),
            nulls: structs.nulls().cloned(),
        })
    }

    /// The places of a row's changes.
    fn of(&self, row: usize) -> impl Iterator<Item = usize> {
        let range: Range<usize> = match self.offsets.get(row..=row + 1) {
            Some([from, to]) => *from..*to,
            _ => 0..0,
        };
        let nulls = self.nulls.as_ref();
        range.filter(move |place| nulls.is_none_or(|nulls| nulls.is_valid(*place)))
    }

    /// When a change was made, and to which schedule; one without a time was always so.
    fn change(&self, place: usize) -> Option<(Timestamp, Option<&str>)> {
        let at = match self.at.is_valid(place) {
            true => Timestamp::from_microsecond(self.at.value(place)).ok()?,
            false => Timestamp::MIN,
        };
        Some((at, self.names.is_valid(place).then(|| self.names.value(place))))
    }
}

fn empty() -> ArrayRef {
    let fields = vec![Field::new("at", instant_type(), true), Field::new("schedule", DataType::Utf8View, true)];
    Arc::new(StructArray::new_null(fields.into(), 0))
}
