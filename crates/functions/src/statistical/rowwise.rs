//! A scalar function that is one formula of `tenure-stats`, computed row by row.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Float64Builder, Int64Array, NullBufferBuilder, StructArray,
};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature};

use super::shape;
use super::told::{Layout, Told};
use super::words::Words;

/// The arguments of one call, in one row.
pub(crate) struct Row<'a> {
    columns: &'a [ArrayRef],
    row: usize,
}

impl Row<'_> {
    /// The number given as an argument; `None` is null.
    pub(crate) fn number(&self, argument: usize) -> Option<f64> {
        let column = self.columns.get(argument)?.as_primitive_opt::<Float64Type>()?;
        column.is_valid(self.row).then(|| column.value(self.row))
    }

    /// The structs of the list given as an argument; `None` is null.
    pub(crate) fn list(&self, argument: usize) -> Option<StructArray> {
        let column = self.columns.get(argument)?.as_list_opt::<i32>()?;
        if column.is_null(self.row) {
            return None;
        }
        column.value(self.row).as_struct_opt().cloned()
    }
}

/// Two limits; either may be unknown.
pub(crate) type Limits = (Option<f64>, Option<f64>);

/// The limits of an interval whose two sides are known.
pub(crate) fn limits(interval: tenure_stats::Interval) -> Limits {
    (Some(interval.low), Some(interval.high))
}

/// A formula and what it gives; `None` is null.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Formula {
    Number(fn(&Row) -> Option<f64>),
    Count(fn(&Row) -> Option<i64>),
    Limits(fn(&Row) -> Option<Limits>),
    /// A fitted model's numbers and why there are none; never null as a whole.
    Told(Layout, fn(&Row) -> Told),
}

impl Formula {
    fn data_type(self) -> DataType {
        match self {
            Formula::Number(_) => DataType::Float64,
            Formula::Count(_) => DataType::Int64,
            Formula::Limits(_) => DataType::Struct(shape::interval()),
            Formula::Told(layout, _) => DataType::Struct(layout.fields()),
        }
    }

    fn compute(self, columns: &[ArrayRef], rows: usize) -> ArrayRef {
        let rows = (0..rows).map(|row| Row { columns, row });
        match self {
            Formula::Number(formula) => Arc::new(rows.map(|row| formula(&row)).collect::<Float64Array>()),
            Formula::Count(formula) => Arc::new(rows.map(|row| formula(&row)).collect::<Int64Array>()),
            Formula::Limits(formula) => Arc::new(structs(rows.map(|row| formula(&row)))),
            Formula::Told(layout, formula) => {
                Arc::new(layout.structs(&rows.map(|row| formula(&row)).collect::<Vec<_>>()))
            }
        }
    }
}

fn structs(all: impl Iterator<Item = Option<Limits>>) -> StructArray {
    let (mut low, mut high, mut known) = (Float64Builder::new(), Float64Builder::new(), NullBufferBuilder::new(0));
    for limits in all {
        known.append(limits.is_some());
        let (l, h) = limits.unwrap_or_default();
        low.append_option(l);
        high.append_option(h);
    }
    StructArray::new(shape::interval(), vec![Arc::new(low.finish()), Arc::new(high.finish())], known.finish())
}

/// The SQL function.
#[derive(Debug)]
struct RowWise {
    words: Words,
    formula: Formula,
    signature: Signature,
    documentation: Documentation,
}

/// A SQL function from its words and its formula.
pub(crate) fn function(words: Words, formula: Formula) -> ScalarUDF {
    let (signature, documentation) = (words.signature(), words.documentation());
    ScalarUDF::new_from_impl(RowWise { words, formula, signature, documentation })
}

impl PartialEq for RowWise {
    fn eq(&self, other: &RowWise) -> bool {
        self.words.name == other.words.name
    }
}

impl Eq for RowWise {}

impl Hash for RowWise {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.words.name.hash(state);
    }
}

impl ScalarUDFImpl for RowWise {
    fn name(&self) -> &str {
        self.words.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        self.words.coerce(given)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.formula.data_type())
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = call.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let columns = ColumnarValue::values_to_arrays(&call.args)?;
        let found = self.formula.compute(&columns, if constant { 1 } else { call.number_rows });
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&found, 0)?));
        }
        Ok(ColumnarValue::Array(found))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
