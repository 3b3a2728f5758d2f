//! A line is unpaid: here it counts on, theirs leaves it out, or the other way round.

use crate::case::Case;
use crate::facts::{Line, Stretch};
use crate::worth::Worth;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let closing = case.asked().closing();
    let held = case.held();
    let unpaid: Vec<&Line> =
        held.iter().copied().filter(|line| line.past_due.is_some_and(|stretch| stretch.holds(closing))).collect();
    let late = |stretch: Stretch| stretch.to.is_some_and(|to| case.asked().is_just_past(to));
    let paid_late: Vec<&Line> = held.iter().copied().filter(|line| line.past_due.is_some_and(late)).collect();
    let left_out = |lines: &[&Line]| {
        let without: Vec<Worth> = lines.iter().map(|line| Worth::default() - case.net([*line])).collect();
        let places = case.some_of(&without)?;
        lines.get(*places.first()?)?.past_due
    };
    if let Some(stretch) = left_out(&unpaid) {
        return Some(format!("unpaid since {}, theirs leaves it out", case.day(stretch.from)));
    }
    if let Some(Stretch { to: Some(to), .. }) = left_out(&paid_late) {
        return Some(format!("unpaid until {}, theirs still leaves it out", case.day(to)));
    }
    // A definition of our own may leave unpaid lines out.
    let first = unpaid.first().and_then(|line| line.past_due)?;
    case.is(case.base()).then(|| format!("unpaid since {}, theirs counts it", case.day(first.from)))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line, number};
    use crate::causes::Cause;
    use crate::facts::{Line, Stretch};

    fn unpaid(to: Option<&str>) -> Vec<Line> {
        let past_due = Some(Stretch { from: at("2026-04-02"), to: to.map(at) });
        vec![Line { past_due, ..line("s", "100", "2025-05-10", None) }, line("t", "40", "2025-05-10", None)]
    }

    #[test]
    fn theirs_leaves_it_out() {
        let told = "unpaid since 2026-04-02, theirs leaves it out";
        assert_eq!(Example::new("mrr", unpaid(None), "40").cause(), (Cause::PastDue, told.into()));
        let told = "unpaid until 2026-05-12, theirs still leaves it out";
        assert_eq!(Example::new("mrr", unpaid(Some("2026-05-12")), "40").cause(), (Cause::PastDue, told.into()));
    }

    #[test]
    fn ours_leaves_it_out() {
        let mut example = Example::new("mrr", unpaid(None), "140");
        example.ours.insert("a".into(), number("40"));
        assert_eq!(example.cause(), (Cause::PastDue, "unpaid since 2026-04-02, theirs counts it".into()));
    }
}
