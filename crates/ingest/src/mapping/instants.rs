//! The engine's `to_timestamp` and its like, in the source's zone.
//!
//! Over a column of texts they compute the right instants and forget to say that these have a zone, which the engine then refuses
//! (DataFusion 55.2, `handle` in its datetime functions). Here the label is put back.

use arrow::array::{Array, ArrayRef, make_array};
use arrow::datatypes::DataType;
use datafusion::common::Result as EngineResult;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature};
use datafusion::prelude::SessionContext;
use std::sync::Arc;

const NAMES: [&str; 5] =
    ["to_timestamp", "to_timestamp_seconds", "to_timestamp_millis", "to_timestamp_micros", "to_timestamp_nanos"];

/// Puts these functions in the place of the engine's.
pub(super) fn register(context: &SessionContext) {
    for name in NAMES {
        if let Some(function) = context.state().scalar_functions().get(name).cloned() {
            context.register_udf(ScalarUDF::new_from_impl(Labelled(function)));
        }
    }
}

/// A function whose result has the type that it promises.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Labelled(Arc<ScalarUDF>);

impl ScalarUDFImpl for Labelled {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn signature(&self) -> &Signature {
        self.0.signature()
    }

    fn return_type(&self, types: &[DataType]) -> EngineResult<DataType> {
        self.0.return_type(types)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let promised = args.return_field.data_type().clone();
        Ok(match self.0.inner().invoke_with_args(args)? {
            ColumnarValue::Array(values) => ColumnarValue::Array(labelled(values, &promised)?),
            scalar => scalar,
        })
    }
}

/// The same numbers under another type of the same unit.
fn labelled(values: ArrayRef, promised: &DataType) -> EngineResult<ArrayRef> {
    match (values.data_type(), promised) {
        (DataType::Timestamp(found, _), DataType::Timestamp(unit, _))
            if found == unit && values.data_type() != promised =>
        {
            Ok(make_array(values.to_data().into_builder().data_type(promised.clone()).build()?))
        }
        _ => Ok(values),
    }
}
