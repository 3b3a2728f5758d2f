//! What our functions of time, money and health share: arguments by kind, coercion to it, documentation.

use crate::local_clock::LocalClock;
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, TimeUnit};
use datafusion::common::{Result, ScalarValue, plan_datafusion_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, DocSection, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use tenure_schema::zone::Zone;

/// What a function is, as `explain` and the docs tell it.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    /// One or two sentences, its nulls included.
    pub(crate) about: &'static str,
    /// Name, kind and meaning of each parameter, in order.
    pub(crate) parameters: &'static [(&'static str, Kind, &'static str)],
    pub(crate) returns: DataType,
    /// A query and its answer.
    pub(crate) example: &'static str,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text: a `StringViewArray`.
    Text,
    /// A timestamp, a date (its local midnight) or their text: a `TimestampMicrosecondArray`. Without a zone it is in UTC.
    Instant,
    /// A date or its text: a `Date32Array`.
    Date,
    /// Any number: a `Decimal128Array` of the scale it comes in.
    Amount,
    /// A whole number: an `Int64Array`.
    Whole,
    /// A list of structs of an instant and a text, as it comes.
    Changes,
}

/// The type of instants: microseconds in UTC.
pub(crate) fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

impl Kind {
    fn wants(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Instant => "a timestamp or a date",
            Self::Date => "a date; local_day() gives that of a timestamp",
            Self::Amount => "a number",
            Self::Whole => "a whole number",
            Self::Changes => "a list of structs of a timestamp and a text",
        }
    }

    /// The type that a given one is cast to; none if it does not fit.
    fn coerce(self, given: &DataType) -> Option<DataType> {
        use DataType::*;
        match (self, given) {
            (_, Dictionary(_, value)) => self.coerce(value),
            (Self::Text, Null | Utf8 | LargeUtf8 | Utf8View) => Some(Utf8View),
            (Self::Instant, Date32 | Date64) => Some(Date32),
            (Self::Instant, Null | Timestamp(..) | Utf8 | LargeUtf8 | Utf8View) => Some(instant_type()),
            (Self::Date, Null | Date32 | Date64 | Utf8 | LargeUtf8 | Utf8View) => Some(Date32),
            (Self::Amount, Decimal128(precision, scale)) if *scale >= 0 => Some(Decimal128(*precision, *scale)),
            (Self::Amount, Decimal32(_, scale) | Decimal64(_, scale) | Decimal256(_, scale)) if *scale >= 0 => {
                Some(Decimal128(38, *scale))
            }
            (Self::Amount, Null | Float16 | Float32 | Float64) => Some(Decimal128(38, 10)),
            (Self::Amount, given) if given.is_integer() => Some(Decimal128(38, 0)),
            (Self::Whole, given) if given.is_integer() || given.is_null() => Some(Int64),
            (Self::Changes, List(item) | LargeList(item)) if is_change(item.data_type()) => Some(given.clone()),
            (Self::Changes, Null) => Some(Null),
            _ => None,
        }
    }
}

fn is_change(item: &DataType) -> bool {
    let DataType::Struct(fields) = item else { return false };
    let kinds = [Kind::Instant, Kind::Text];
    fields.len() == 2 && fields.iter().zip(kinds).all(|(field, kind)| kind.coerce(field.data_type()).is_some())
}

type Body = dyn Fn(&[ArrayRef]) -> Result<ArrayRef> + Send + Sync;

/// A function of time, money or health.
struct Function {
    name: &'static str,
    parameters: &'static [(&'static str, Kind, &'static str)],
    returns: DataType,
    zone: Zone,
    signature: Signature,
    documentation: Documentation,
    body: Arc<Body>,
}

impl Definition {
    /// The function of time or money with its body. The body is given arrays of one length, of the types their kinds name.
    pub(crate) fn function(
        self,
        zone: &Zone,
        body: impl Fn(&[ArrayRef]) -> Result<ArrayRef> + Send + Sync + 'static,
    ) -> ScalarUDF {
        self.function_of("Time and money", zone, body)
    }

    /// The same of another section.
    pub(crate) fn function_of(
        self,
        section: &'static str,
        zone: &Zone,
        body: impl Fn(&[ArrayRef]) -> Result<ArrayRef> + Send + Sync + 'static,
    ) -> ScalarUDF {
        let section = DocSection { include: true, label: section, description: None };
        let names: Vec<_> = self.parameters.iter().map(|(name, ..)| *name).collect();
        let syntax = format!("{}({})", self.name, names.join(", "));
        let mut documentation = Documentation::builder(section, self.about, syntax).with_sql_example(self.example);
        for (name, _, about) in self.parameters {
            documentation = documentation.with_argument(*name, *about);
        }
        ScalarUDF::new_from_impl(Function {
            name: self.name,
            parameters: self.parameters,
            returns: self.returns,
            zone: zone.clone(),
            signature: Signature::user_defined(Volatility::Immutable),
            documentation: documentation.build(),
            body: Arc::new(body),
        })
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let syntax = &self.documentation.syntax_example;
        if given.len() != self.parameters.len() {
            return plan_err!("{} was given {} arguments; write {syntax}", self.name, given.len());
        }
        let pairs = self.parameters.iter().zip(given);
        pairs
            .map(|((name, kind, _), given)| {
                kind.coerce(given).ok_or_else(|| {
                    plan_datafusion_err!("{name} of {syntax} cannot be {given}; give it {}", kind.wants())
                })
            })
            .collect()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let mut arrays = ColumnarValue::values_to_arrays(&args.args)?;
        for ((_, kind, _), array) in self.parameters.iter().zip(&mut arrays) {
            if *kind == Kind::Instant && array.data_type() == &DataType::Date32 {
                let starts = LocalClock::new(&self.zone).day_starts(array.as_primitive::<Date32Type>());
                *array = Arc::new(starts);
            }
        }
        let answer = (self.body)(&arrays)?;
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&answer, 0)?));
        }
        Ok(ColumnarValue::Array(answer))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

// Two functions of one name differ where their environments do.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.body, &other.body)
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
