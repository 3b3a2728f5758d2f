//! Theirs counts a trial, or does not yet count the line that a trial became.

use crate::case::Case;
use crate::worth::Worth;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    counted(case).or_else(|| not_yet(case))
}

fn counted(case: &Case<'_>) -> Option<String> {
    let closing = case.asked().closing();
    let trials: Vec<_> =
        case.outside().iter().filter(|line| line.kind == "trial" && line.runs.holds(closing)).collect();
    let net =
        trials.iter().map(|trial| trial.discount.as_ref().map_or(trial.price, |discount| discount.off(trial.price)));
    let net: Vec<Worth> = net.zip(&trials).map(|(price, trial)| case.line(price, &trial.currency)).collect();
    let list: Vec<Worth> = trials.iter().map(|trial| case.line(trial.price, &trial.currency)).collect();
    let places = case.some_of(&net).or_else(|| case.some_of(&list))?;
    let trial = trials.get(*places.first()?)?;
    Some(match trial.runs.to {
        Some(to) => format!("on trial until {}, theirs counts it", case.day(to)),
        None => "on trial, theirs counts it".to_owned(),
    })
}

fn not_yet(case: &Case<'_>) -> Option<String> {
    let became = |line: &&crate::facts::Line| line.trial_ends.is_some_and(|ends| case.asked().is_just_past(ends));
    let lines: Vec<_> = case.held().into_iter().filter(became).collect();
    let without: Vec<Worth> = lines.iter().map(|line| Worth::default() - case.net([*line])).collect();
    let places = case.some_of(&without)?;
    let ends = lines.get(*places.first()?)?.trial_ends?;
    Some(format!("paid since its trial ended {}, theirs does not count it yet", case.day(ends)))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line, number};
    use crate::causes::Cause;
    use crate::facts::{Outside, Stretch};

    #[test]
    fn a_trial_that_theirs_counts() {
        for metric in ["mrr", "active_customers"] {
            let mut example = Example::new(metric, Vec::new(), if metric == "mrr" { "30" } else { "1" });
            let runs = Stretch { from: at("2026-05-20"), to: Some(at("2026-06-03")) };
            let trial = Outside {
                kind: "trial".into(),
                product: None,
                currency: "USD".into(),
                price: number("30"),
                discount: None,
                runs,
            };
            example.facts.outside.insert("a".into(), vec![trial]);
            assert_eq!(example.cause(), (Cause::Trial, "on trial until 2026-06-03, theirs counts it".into()));
        }
    }

    #[test]
    fn a_trial_that_has_ended() {
        let mut paid = line("s", "30", "2026-05-20", None);
        paid.trial_ends = Some(at("2026-05-20"));
        let example = Example::new("mrr", vec![paid], "0");
        assert_eq!(
            example.cause(),
            (Cause::Trial, "paid since its trial ended 2026-05-20, theirs does not count it yet".into())
        );
    }
}
