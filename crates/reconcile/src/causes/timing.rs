//! Something started, ended or changed near the close: theirs is ours at another day.

use crate::case::Case;
use crate::facts::Line;
use crate::words::money;
use crate::worth::Worth;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let closing = case.asked().closing();
    let edges = case.lines().iter().flat_map(|line| [Some(line.from), line.to]).flatten();
    let edges: BTreeSet<Timestamp> = edges.filter(|at| case.asked().is_near(*at)).collect();
    let mut edges: Vec<Timestamp> = edges.into_iter().collect();
    edges.sort_by_key(|at| at.duration_since(closing).abs());
    let whole = edges.into_iter().find_map(|at| another_day(case, at));
    whole.or_else(|| one_line(case)).or_else(|| in_grace(case))
}

/// The whole account as it was before a day, or as it will be from it on.
fn another_day(case: &Case<'_>, at: Timestamp) -> Option<String> {
    let past = at <= case.asked().closing();
    let before = at.checked_sub(SignedDuration::from_micros(1)).unwrap_or(at);
    let (old, new) = (case.at(before), case.at(at));
    // At the close's rates, or at that day's.
    let (day, looked_at) = if past { (before, old) } else { (at, new) };
    if !case.is(looked_at) && !converted(case, day).is_some_and(|worth| case.is(worth)) {
        return None;
    }
    let day = case.day(at);
    Some(match (old.lines > 0, new.lines > 0, past) {
        (true, false, true) => format!("ended {day}, theirs still counts it"),
        (true, false, false) => format!("ends {day}, theirs leaves it out already"),
        (false, true, true) => format!("started {day}, theirs does not count it yet"),
        (false, true, false) => format!("starts {day}, theirs counts it already"),
        (_, _, past) => {
            let [old, new] = [old, new].map(|worth| money(worth.monthly, case.asked().home.code()));
            let change = format!("from {old} to {new} a month");
            if past {
                format!("changed {day} {change}, theirs is as before")
            } else {
                format!("changes {day} {change}, theirs is so already")
            }
        }
    })
}

/// What is in force at an instant, at that day's rates.
fn converted(case: &Case<'_>, at: Timestamp) -> Option<Worth> {
    let day = case.asked().day(at);
    let lines = case.lines().iter().filter(|line| line.runs(at));
    lines.map(|line| Some(Worth::line(case.world.rates.convert(line.net, &line.currency, day)?))).sum()
}

/// One line of several.
fn one_line(case: &Case<'_>) -> Option<String> {
    let asked = case.asked();
    let closing = asked.closing();
    case.lines().iter().find_map(|line| {
        // What is sold on in another line has not ended there, but changed.
        let sold_on = |before: &Line, after: &Line| {
            before.to == Some(after.from)
                && (before.id == after.id || (before.product.is_some() && before.product == after.product))
        };
        let before: Vec<&Line> = case.lines().iter().filter(|other| sold_on(other, line)).collect();
        let (is, was) = (case.net([line]), case.net(before.iter().copied()));
        let from = case.day(line.from);
        let change = || {
            let [old, new] = [was, is].map(|worth| money(worth.monthly, asked.home.code()));
            format!("from {old} to {new} a month")
        };
        let name = line.name();
        if line.runs(closing) && asked.is_just_past(line.from) && case.is(case.base() - is + was) {
            return Some(match before.as_slice() {
                [] => format!("{name} started {from}, theirs does not count it yet"),
                _ => format!("{name} changed {from} {}, theirs is as before", change()),
            });
        }
        let replaced = before.iter().copied().filter(|line| line.runs(closing));
        if asked.is_soon(line.from) && case.is(case.base() + is - case.net(replaced)) {
            return Some(match before.as_slice() {
                [] => format!("{name} starts {from}, theirs counts it already"),
                _ => format!("{name} changes {from} {}, theirs is so already", change()),
            });
        }
        let to = line.to.filter(|_| !case.lines().iter().any(|after| sold_on(line, after)))?;
        if asked.is_just_past(to) && case.is(case.base() + is) {
            return Some(format!("{name} ended {}, theirs still counts it", case.day(to)));
        }
        let ahead = line.runs(closing) && asked.is_soon(to) && case.is(case.base() - is);
        ahead.then(|| format!("{name} ends {}, theirs leaves it out already", case.day(to)))
    })
}

/// A customer that ours keeps over a gap.
fn in_grace(case: &Case<'_>) -> Option<String> {
    let kept = !case.asked().measure.is_money() && case.base().lines == 0 && !case.ours().is_zero();
    (kept && case.is(Worth::default()))
        .then(|| "no line is in force; ours counts it on within churn_grace_days".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, line, number};
    use crate::causes::Cause;
    use crate::facts::Line;
    use crate::rates::Rates;

    fn cause(metric: &str, lines: &[Line], theirs: &str) -> (Cause, String) {
        Example::new(metric, lines.to_vec(), theirs).cause()
    }

    #[test]
    fn starts_and_ends() {
        let told = |from: &str, to: Option<&str>, theirs: &str| cause("mrr", &[line("s", "100", from, to)], theirs);
        let timing = |text: &str| (Cause::Timing, text.to_owned());
        assert_eq!(told("2025-01-01", Some("2026-05-28"), "100"), timing("ended 2026-05-28, theirs still counts it"));
        assert_eq!(
            told("2025-01-01", Some("2026-06-28"), "0"),
            timing("ends 2026-06-28, theirs leaves it out already")
        );
        assert_eq!(told("2026-05-20", None, "0"), timing("started 2026-05-20, theirs does not count it yet"));
        assert_eq!(told("2026-06-20", None, "100"), timing("starts 2026-06-20, theirs counts it already"));
        assert_eq!(told("2026-07-20", None, "100").0, Cause::Unexplained);
        assert_eq!(told("2025-01-01", Some("2026-03-28"), "100").0, Cause::Unexplained);
        let count = cause("active_customers", &[line("s", "100", "2025-01-01", Some("2026-05-28"))], "1");
        assert_eq!(count, timing("ended 2026-05-28, theirs still counts it"));
    }

    #[test]
    fn changes() {
        let past = [line("s/1", "100", "2025-01-01", Some("2026-05-15")), line("s/2", "130", "2026-05-15", None)];
        let told = "changed 2026-05-15 from 100.00 USD to 130.00 USD a month, theirs is as before";
        assert_eq!(cause("mrr", &past, "100"), (Cause::Timing, told.into()));
        let soon = [line("s/1", "100", "2025-01-01", Some("2026-06-15")), line("s/2", "130", "2026-06-15", None)];
        let told = "changes 2026-06-15 from 100.00 USD to 130.00 USD a month, theirs is so already";
        assert_eq!(cause("arr", &soon, "1560"), (Cause::Timing, told.into()));
    }

    #[test]
    fn one_of_several() {
        let lines = [
            line("s", "100", "2025-01-01", None),
            line("t", "7", "2026-05-02", None),
            line("u", "9", "2026-05-20", None),
        ];
        assert_eq!(cause("mrr", &lines, "109").1, "t started 2026-05-02, theirs does not count it yet");
    }

    #[test]
    fn a_line_sold_on_has_not_started() {
        let of = |id: &str, monthly: &str, from: &str, to: Option<&str>| Line {
            product: Some("Flow".into()),
            ..line(id, monthly, from, to)
        };
        let lines = [
            of("s/1", "90", "2025-01-01", Some("2026-05-20")),
            of("s/2", "100", "2026-05-20", None),
            line("t", "7", "2026-05-02", None),
        ];
        assert_eq!(cause("active_customers", &lines, "0").0, Cause::Unexplained);
        let told = "Flow (s/2) changed 2026-05-20 from 90.00 USD to 100.00 USD a month, theirs is as before";
        assert_eq!(cause("mrr", &[&lines[..], &[line("u", "3", "2026-05-25", None)]].concat(), "100").1, told);
    }

    #[test]
    fn at_that_days_rate() {
        let mut euro = line("s", "100", "2025-01-01", Some("2026-05-28"));
        euro.currency = "EUR".into();
        let mut example = Example::new("mrr", vec![euro], "110");
        example.rates = Rates::of("USD", &[("EUR", "2026-05-27", "1.1"), ("EUR", "2026-05-31", "1.2")]);
        assert_eq!(example.cause().1, "ended 2026-05-28, theirs still counts it");
        example.theirs.insert("a".into(), number("120"));
        assert_eq!(example.cause().0, Cause::Timing);
    }
}
