//! `ratio`: a quotient that is null, never an error or infinite, over nothing.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Float64Type};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature};

use super::words::{Takes, Words};

const WORDS: Words = Words {
    name: "ratio",
    about: "The quotient of two numbers as a double; null where either is null or the denominator is zero. Of decimals \
            and integers it is exact before its one rounding.",
    arguments: &[
        ("num", Takes::Number, "What is divided."),
        ("den", Takes::Number, "What it is divided by; zero gives null."),
    ],
    example: "SELECT ratio(sum(kept), sum(due));  -- 0.92",
};

#[derive(Debug, PartialEq, Eq, Hash)]
struct Ratio {
    signature: Signature,
    documentation: Documentation,
}

/// The SQL function `ratio`.
pub(crate) fn ratio() -> ScalarUDF {
    ScalarUDF::new_from_impl(Ratio { signature: WORDS.signature(), documentation: WORDS.documentation() })
}

/// The decimal type that holds a number exactly, if one does.
fn exact(given: &DataType) -> Option<DataType> {
    match given {
        DataType::Decimal128(..) => Some(given.clone()),
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            Some(DataType::Decimal128(*precision, *scale))
        }
        _ if given.is_integer() => Some(DataType::Decimal128(20, 0)),
        _ => None,
    }
}

impl ScalarUDFImpl for Ratio {
    fn name(&self) -> &str {
        WORDS.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let doubles = WORDS.coerce(given)?;
        Ok(given.iter().map(exact).collect::<Option<Vec<_>>>().unwrap_or(doubles))
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = call.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let found: ArrayRef = Arc::new(quotients(&ColumnarValue::values_to_arrays(&call.args)?)?);
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&found, 0)?));
        }
        Ok(ColumnarValue::Array(found))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

fn quotients(columns: &[ArrayRef]) -> Result<Float64Array> {
    let [num, den] = datafusion::common::utils::take_function_args(WORDS.name, columns)?;
    let (DataType::Decimal128(_, num_scale), DataType::Decimal128(_, den_scale)) = (num.data_type(), den.data_type())
    else {
        let pairs = num.as_primitive::<Float64Type>().iter().zip(den.as_primitive::<Float64Type>());
        return Ok(pairs.map(|(n, d)| n.zip(d).and_then(|(n, d)| (d != 0.0).then(|| n / d))).collect());
    };
    let shift = i32::from(*den_scale) - i32::from(*num_scale);
    let pairs = num.as_primitive::<Decimal128Type>().iter().zip(den.as_primitive::<Decimal128Type>());
    Ok(pairs.map(|(n, d)| n.zip(d).and_then(|(n, d)| quotient(n, d, shift))).collect())
}

/// `n / d · 10^shift`. Rounded once where both, in lowest terms, are below 2⁵³; else within a few units in the last place.
fn quotient(n: i128, d: i128, shift: i32) -> Option<f64> {
    if d == 0 {
        return None;
    }
    let power = 10_i128.checked_pow(shift.unsigned_abs());
    let scaled = |x: i128| power.and_then(|power| x.checked_mul(power));
    let exact = if shift >= 0 { scaled(n).map(|n| (n, d)) } else { scaled(d).map(|d| (n, d)) };
    let Some((n, d)) = exact else {
        return Some(n as f64 / d as f64 * 10_f64.powi(shift));
    };
    let common = greatest_common_divisor(n.unsigned_abs(), d.unsigned_abs()) as i128;
    Some((n / common) as f64 / (d / common) as f64 + 0.0)
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_different_scales_divide_exactly() {
        assert_eq!(quotient(1, 3, 0), Some(1.0 / 3.0));
        assert_eq!(quotient(100_000_000, 3, -6), Some(100.0 / 3.0), "100.000000 of scale 6 over 3");
        assert_eq!(quotient(1, 3_000_000, 6), Some(1.0 / 3.0));
        assert_eq!(quotient(0, -5, 0).map(f64::to_bits), Some(0), "zero has no sign");
        assert_eq!(quotient(5, 0, 0), None);
        // 0.3 / 0.1 of decimals is 3, of doubles 2.9999999999999996.
        assert_eq!(quotient(300_000, 100_000, 0), Some(3.0));
        assert_eq!(quotient(i128::MAX, i128::MAX, 30), Some(1e30));
    }
}
