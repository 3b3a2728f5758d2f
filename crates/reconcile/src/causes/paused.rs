//! A line is paused, or was until lately: it is in force at zero here.

use crate::case::Case;
use crate::facts::{Line, Stretch};
use crate::worth::Worth;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let closing = case.asked().closing();
    let held = case.held();
    let (paused, running): (Vec<&Line>, Vec<&Line>) = held.iter().partition(|line| line.paused);
    counted(case, &paused).or_else(|| left_out(case, &held, &paused)).or_else(|| {
        let resumed =
            |line: &&Line| line.pause.and_then(|pause| pause.to).is_some_and(|to| case.asked().is_just_past(to));
        let soon =
            |line: &&Line| line.pause.is_some_and(|pause| pause.from > closing && case.asked().is_soon(pause.from));
        let as_paused = |lines: &[&Line], told: fn(&Case<'_>, Stretch) -> Option<String>| {
            let without: Vec<Worth> =
                lines.iter().map(|line| Worth::money(-case.home(line.net, &line.currency))).collect();
            let places = case.some_of(&without)?;
            told(case, lines.get(*places.first()?)?.pause?)
        };
        let resumed: Vec<&Line> = running.iter().copied().filter(resumed).collect();
        let soon: Vec<&Line> = running.iter().copied().filter(soon).collect();
        as_paused(&resumed, |case, pause| {
            Some(format!("its pause ended {}, theirs still has it at zero", case.day(pause.to?)))
        })
        .or_else(|| {
            as_paused(&soon, |case, pause| {
                Some(format!("to be paused from {}, theirs has it at zero already", case.day(pause.from)))
            })
        })
    })
}

/// Theirs counts the price that a pause sets to zero.
fn counted(case: &Case<'_>, paused: &[&Line]) -> Option<String> {
    let closing = case.asked().closing();
    let at = |price: &dyn Fn(&Line) -> rust_decimal::Decimal| -> Vec<Worth> {
        paused.iter().map(|line| Worth::money(case.home(price(line), &line.currency))).collect()
    };
    let places = case.some_of(&at(&|line| line.price_at(closing))).or_else(|| case.some_of(&at(&|line| line.price)))?;
    let pause = told(case, paused.get(*places.first()?)?);
    Some(format!("{pause}, theirs counts its price"))
}

/// Theirs does not count a customer whose every line is paused.
fn left_out(case: &Case<'_>, held: &[&Line], paused: &[&Line]) -> Option<String> {
    let only = !paused.is_empty() && paused.len() == held.len();
    let left_out = only && !case.asked().measure.is_money() && case.is(Worth::default());
    left_out.then(|| format!("{}, theirs does not count it; here a paused customer stays one", told(case, paused[0])))
}

fn told(case: &Case<'_>, line: &Line) -> String {
    match line.pause {
        Some(Stretch { from, to: Some(to) }) => format!("paused from {} to {}", case.day(from), case.day(to)),
        Some(Stretch { from, to: None }) => format!("paused since {}", case.day(from)),
        None => "paused".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line, number};
    use crate::causes::Cause;
    use crate::facts::{Line, Stretch};

    fn paused() -> Line {
        let pause = Some(Stretch { from: at("2026-05-10"), to: Some(at("2026-07-10")) });
        let zero = number("0");
        Line { paused: true, net: zero, list: zero, pause, ..line("s", "100", "2026-05-10", Some("2026-07-10")) }
    }

    #[test]
    fn theirs_counts_the_price() {
        let told = "paused from 2026-05-10 to 2026-07-10, theirs counts its price";
        assert_eq!(Example::new("mrr", vec![paused()], "100").cause(), (Cause::Paused, told.into()));
        let told = "paused from 2026-05-10 to 2026-07-10, theirs does not count it; here a paused customer stays one";
        assert_eq!(Example::new("active_customers", vec![paused()], "0").cause(), (Cause::Paused, told.into()));
    }

    #[test]
    fn theirs_lags_or_runs_ahead() {
        let with = |from: &str, to: &str| {
            let pause = Some(Stretch { from: at(from), to: Some(at(to)) });
            Example::new("mrr", vec![Line { pause, ..line("s", "100", "2025-05-10", None) }], "0").cause()
        };
        assert_eq!(
            with("2026-03-10", "2026-05-20"),
            (Cause::Paused, "its pause ended 2026-05-20, theirs still has it at zero".into())
        );
        assert_eq!(
            with("2026-06-10", "2026-08-20"),
            (Cause::Paused, "to be paused from 2026-06-10, theirs has it at zero already".into())
        );
    }
}
