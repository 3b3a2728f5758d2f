//! Theirs has tax in it: ours and a usual rate of value-added or sales tax.

use crate::case::Case;
use crate::words::number;
use rust_decimal::Decimal;

/// Rates of value-added and goods-and-services tax in use, in tenths of a percent, the commonest first.
const RATES: [i64; 19] = [200, 190, 210, 220, 230, 240, 250, 255, 270, 180, 170, 160, 150, 130, 100, 90, 81, 70, 50];

/// Below this a percent is cents, and some rate would always fit.
const LEAST: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    if !case.asked().measure.is_money() || case.ours() < LEAST {
        return None;
    }
    let fits = |tenths: &&i64| case.is_figure(case.ours() * (Decimal::ONE + Decimal::new(**tenths, 3)));
    let tenths = RATES.iter().find(fits)?;
    Some(format!("theirs is ours and {} % on top: tax is in it", number(Decimal::new(*tenths, 1))))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, line};
    use crate::causes::Cause;

    #[test]
    fn with_tax() {
        let told = |theirs: &str| Example::new("mrr", vec![line("s", "137.40", "2025-01-01", None)], theirs).cause();
        assert_eq!(told("164.88"), (Cause::Tax, "theirs is ours and 20 % on top: tax is in it".into()));
        assert_eq!(told("163.51").1, "theirs is ours and 19 % on top: tax is in it");
        assert_eq!(told("163.99").0, Cause::Unexplained);
    }
}
