//! Theirs counts what is charged beside the subscription: metered use, or what was sold once.

use crate::case::Case;
use crate::words::{listed, money};
use crate::worth::Worth;
use rust_decimal::Decimal;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    invoiced(case).or_else(|| lines(case))
}

/// What was invoiced in the month of the close.
fn invoiced(case: &Case<'_>) -> Option<String> {
    if !case.asked().measure.is_money() {
        return None;
    }
    let charges = case.charges();
    // Added to a yearly figure as they are, or twelve times.
    let times = [Decimal::ONE, Decimal::from(case.asked().measure.times())];
    let subsets = subsets(charges.len());
    let (places, _) = times.iter().find_map(|times| {
        let sum = |places: &Vec<usize>| {
            places.iter().map(|place| case.home(charges[*place].amount, &charges[*place].currency)).sum::<Decimal>()
        };
        let base = case.asked().measure.of_worth(case.base());
        subsets.iter().find(|places| case.is_figure(base + sum(places) * times)).map(|places| (places, times))
    })?;
    let told: Vec<String> = places
        .iter()
        .map(|place| {
            let charge = &charges[*place];
            format!("{} of {} charges", money(charge.amount, &charge.currency), charge.kind.replace('_', "-"))
        })
        .collect();
    Some(format!("theirs counts {} invoiced in the month of the close", listed(&told)))
}

/// All of some places, and each alone.
fn subsets(count: usize) -> Vec<Vec<usize>> {
    let all = (count > 1).then(|| (0..count).collect());
    all.into_iter().chain((0..count).map(|place| vec![place])).collect()
}

/// Lines in force that are metered or sold once.
fn lines(case: &Case<'_>) -> Option<String> {
    let closing = case.asked().closing();
    let lines: Vec<_> = case.outside().iter().filter(|line| line.kind != "trial" && line.runs.holds(closing)).collect();
    let worths: Vec<Worth> = lines.iter().map(|line| case.line(line.price, &line.currency)).collect();
    let places = case.some_of(&worths)?;
    let line = lines.get(*places.first()?)?;
    let product = line.product.as_ref().map(|product| format!(" of {product}")).unwrap_or_default();
    Some(format!("theirs counts the {} line{product}", line.kind.replace('_', "-")))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line, number};
    use crate::causes::Cause;
    use crate::facts::{Charge, Outside, Stretch};

    #[test]
    fn what_was_invoiced_beside() {
        let charge =
            |kind: &str, amount: &str| Charge { kind: kind.into(), currency: "USD".into(), amount: number(amount) };
        let told = |theirs: &str| {
            let mut example = Example::new("mrr", vec![line("s", "100", "2025-01-01", None)], theirs);
            example.facts.charges.insert("a".into(), vec![charge("metered", "12.5"), charge("one_off", "1500")]);
            example.cause()
        };
        let metered = "theirs counts 12.50 USD of metered charges invoiced in the month of the close";
        assert_eq!(told("112.5"), (Cause::Metered, metered.into()));
        let both = "theirs counts 12.50 USD of metered charges and 1500.00 USD of one-off charges invoiced in the month of the close";
        assert_eq!(told("1612.5").1, both);
    }

    #[test]
    fn metered_lines() {
        let runs = Stretch { from: at("2025-01-01"), to: None };
        let metered = Outside {
            kind: "metered".into(),
            product: Some("Assist".into()),
            currency: "USD".into(),
            price: number("20"),
            discount: None,
            runs,
        };
        for (metric, theirs) in [("mrr", "20"), ("active_customers", "1")] {
            let mut example = Example::new(metric, Vec::new(), theirs);
            example.facts.outside.insert("a".into(), vec![metered.clone()]);
            assert_eq!(example.cause(), (Cause::Metered, "theirs counts the metered line of Assist".into()));
        }
    }
}
