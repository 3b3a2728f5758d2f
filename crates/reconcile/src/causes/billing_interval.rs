//! A price is not divided into months, or otherwise: a year's price as a month's, a month of four weeks or thirty days.

use crate::case::Case;
use crate::facts::Line;
use crate::worth::Worth;
use rust_decimal::Decimal;

const TWELVE: Decimal = Decimal::from_parts(12, 0, 0, false, 0);

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    if !case.asked().measure.is_money() {
        return None;
    }
    whole(case).or_else(|| undivided(case)).or_else(|| otherwise(case))
}

/// The whole account: a year's figure where a month's is asked, or the other way round.
fn whole(case: &Case<'_>) -> Option<String> {
    let yearly = !case.held().is_empty()
        && case.held().iter().all(|line| line.billed.interval == "year" && line.billed.count == 1);
    if case.asked().measure.times() == 1 && case.is_figure(case.ours() * TWELVE) {
        return Some(match yearly {
            true => "billed by the year, theirs has the year's price, not divided by 12".to_owned(),
            false => "theirs is 12 times ours: the figure of a year".to_owned(),
        });
    }
    (case.asked().measure.times() > 1 && case.is_figure(case.ours() / TWELVE))
        .then(|| "theirs is a twelfth of ours: the figure of a month".to_owned())
}

/// Some lines at the price of a whole bill.
fn undivided(case: &Case<'_>) -> Option<String> {
    changed(case, |line| {
        let factor = in_a_bill(line)?;
        Some((
            factor,
            format!("billed every {}, theirs has the price of a whole bill, not that of a month", every(line)),
        ))
    })
}

/// Months counted as four weeks or thirty days, a quarter as a month and so on.
fn otherwise(case: &Case<'_>) -> Option<String> {
    let exact = |numerator: i64, denominator: i64| Decimal::from(numerator) / Decimal::from(denominator);
    let ways: [(&str, Decimal, &str); 4] = [
        ("week", exact(4 * 12, 52), "four weeks"),
        ("week", Decimal::new(433, 2) * exact(12, 52), "4.33 weeks"),
        ("day", exact(30 * 12, 365), "30 days"),
        ("day", Decimal::new(304, 1) * exact(12, 365), "30.4 days"),
    ];
    ways.into_iter().find_map(|(interval, factor, month)| {
        changed(case, |line| {
            let told = format!("billed every {}, theirs takes a month as {month}", every(line));
            (line.billed.interval == interval).then_some((factor, told))
        })
    })
}

/// Whether lines of which each brings so many times as much make theirs.
fn changed(case: &Case<'_>, factor: impl Fn(&Line) -> Option<(Decimal, String)>) -> Option<String> {
    let changed: Vec<(Worth, String)> = case
        .held()
        .into_iter()
        .filter_map(|line| {
            let (factor, told) = factor(line)?;
            Some((Worth::money(case.home(line.net * (factor - Decimal::ONE), &line.currency)), told))
        })
        .collect();
    let places = case.some_of(&changed.iter().map(|(worth, _)| *worth).collect::<Vec<_>>())?;
    changed.get(*places.first()?).map(|(_, told)| told.clone())
}

/// Months that one bill is for; none where that is one.
fn in_a_bill(line: &Line) -> Option<Decimal> {
    let count = Decimal::from(line.billed.count);
    let months = match line.billed.interval.as_str() {
        "year" => count * TWELVE,
        "quarter" => count * Decimal::from(3),
        "month" => count,
        "week" => count * Decimal::from(12) / Decimal::from(52),
        "day" => count * Decimal::from(12) / Decimal::from(365),
        _ => return None,
    };
    (months != Decimal::ONE).then_some(months)
}

fn every(line: &Line) -> String {
    match line.billed.count {
        1 => line.billed.interval.clone(),
        count => format!("{count} {}s", line.billed.interval),
    }
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, line};
    use crate::causes::Cause;
    use crate::facts::{Billed, Line};

    fn billed(id: &str, monthly: &str, interval: &str) -> Line {
        Line { billed: Billed { interval: interval.into(), count: 1 }, ..line(id, monthly, "2025-01-01", None) }
    }

    fn cause(metric: &str, lines: Vec<Line>, theirs: &str) -> (Cause, String) {
        Example::new(metric, lines, theirs).cause()
    }

    #[test]
    fn a_year_is_not_a_month() {
        let told = "billed by the year, theirs has the year's price, not divided by 12";
        assert_eq!(cause("mrr", vec![billed("s", "100", "year")], "1200"), (Cause::BillingInterval, told.into()));
        let told = "billed every year, theirs has the price of a whole bill, not that of a month";
        assert_eq!(
            cause("mrr", vec![billed("s", "100", "year"), billed("t", "40", "month")], "1240"),
            (Cause::BillingInterval, told.into())
        );
        assert_eq!(cause("mrr", vec![billed("s", "100", "quarter")], "300").0, Cause::BillingInterval);
        assert_eq!(
            cause("mrr", vec![billed("s", "100", "month")], "1200").1,
            "theirs is 12 times ours: the figure of a year"
        );
        assert_eq!(
            cause("arr", vec![billed("s", "100", "month")], "100").1,
            "theirs is a twelfth of ours: the figure of a month"
        );
    }

    #[test]
    fn weeks() {
        let told = "billed every week, theirs takes a month as four weeks";
        assert_eq!(cause("mrr", vec![billed("s", "43.3333333333", "week")], "40").1, told);
        assert_eq!(cause("mrr", vec![billed("s", "43.3333333333", "week")], "10").0, Cause::BillingInterval);
    }
}
