//! The report's findings as sentences: the only place that has them.

use crate::answer::NotEnough;
use crate::judge::{AgainstChance, Judgement, Standing};
use crate::leak::{Presence, ReadsAhead, TooGood};
use crate::model::{Direction, LearnedWeight, ModelKind};
use crate::number::{Estimate, Share};
use crate::report::Chosen;
use crate::scorer::{MODEL, TREES};
use crate::support::SignalSupport;

/// A signal that has values in a smaller share of the observations is told.
const SELDOM: f64 = 0.1;

/// Why there is no number, and what would be enough.
pub fn not_enough(why: &NotEnough) -> String {
    let said = match why {
        NotEnough::NoRows => "there are no observations".to_owned(),
        NotEnough::OneAccount => {
            "one account is no sample: it takes accounts that left and accounts that stayed".to_owned()
        }
        NotEnough::TooYoung { horizon } => {
            format!("no observation is {horizon} days old yet: wait, or ask for a shorter horizon")
        }
        NotEnough::NobodyLeft { accounts } => {
            format!("none of {accounts} accounts left: it takes some that did")
        }
        NotEnough::EverybodyLeft { accounts } => {
            format!("all {accounts} accounts left: it takes some that stayed")
        }
        NotEnough::FewBlocks { found, wanted, days, fitted, calibrated, left, accounts } => format!(
            "{left} of {accounts} accounts left within the horizon, over {} of observation; {found} of the {wanted} blocks of days it \
             takes have enough before them to learn from: {fitted} accounts known to have left and {fitted} to have stayed, and \
             {calibrated} of each later on: add earlier history, or ask for another horizon",
            counted(*days as u64, "day", "days"),
        ),
        NotEnough::FewChurned { found, wanted } => {
            format!("{} left, it takes {wanted}: add history", counted(*found as u64, "account", "accounts"))
        }
        NotEnough::FewStayed { found, wanted } => {
            format!("{} stayed, it takes {wanted}: add accounts", counted(*found as u64, "account", "accounts"))
        }
        NotEnough::NoScores => "it has no score on the days judged: score the history first".to_owned(),
        NotEnough::NoModel { why } => format!("the model could not be fitted: {why}"),
        NotEnough::NoLeavers => "no account that left was seen with a colour in time: it takes one".to_owned(),
    };
    format!("not enough data: {said}")
}

/// What to think of a scorer, in one or two sentences.
pub fn verdict(judgement: &Judgement) -> String {
    let area = estimate(judgement.auc);
    let chance = match judgement.verdict.against_chance {
        AgainstChance::Better => format!("better than chance: AUC {area}"),
        AgainstChance::NoBetter => format!("no better than chance: the interval of its AUC includes 0.5: {area}"),
        AgainstChance::WrongWayRound => format!("the wrong way round, healthier scores left more often: AUC {area}"),
        AgainstChance::NoInterval => {
            format!("AUC {area} without an interval: it parts all who left from all who stayed, so look for a leak")
        }
    };
    let Some(against) = &judgement.verdict.against_baseline else { return chance };
    let (baseline, difference) = (&against.baseline, signed(against.auc));
    let standing = match against.standing {
        Standing::Better => format!("better than {baseline}: AUC by {difference}"),
        Standing::NotShown => format!("not shown to be better than {baseline}: AUC by {difference}"),
        Standing::Worse => format!("worse than {baseline}: AUC by {difference}"),
    };
    format!("{chance}; {standing}")
}

/// Which model speaks for accounts of today, and why.
pub fn chosen(chosen: &Chosen) -> String {
    match (chosen.kind, chosen.difference) {
        (ModelKind::Boosted, difference) => {
            let by = difference.map(|difference| format!(": AUC by {}", signed(difference))).unwrap_or_default();
            format!("{TREES}, better than {MODEL}{by}")
        }
        (ModelKind::Logistic, Some(difference)) => {
            format!("{MODEL}; {TREES} are not shown to be better: AUC by {}", signed(difference))
        }
        (ModelKind::Logistic, None) => format!("{MODEL}; {TREES} could not be grown"),
    }
}

/// Why a signal is to be looked at.
pub fn too_good(found: &TooGood) -> String {
    let mut reasons = Vec::new();
    if let Some(auc) = found.auc.filter(|_| found.separates) {
        reasons.push(format!("alone it tells who leaves, AUC {auc:.3}"));
    }
    for bin in &found.bins {
        let values =
            if bin.from == bin.to { format!("of {}", bin.from) } else { format!("from {} to {}", bin.from, bin.to) };
        let who = if bin.everybody_left { "everybody" } else { "nobody" };
        reasons.push(format!("with a value {values} {who} left ({} of {} accounts)", bin.rows, bin.accounts));
    }
    format!("{} knows too much: {}; see when it is written", found.signal, reasons.join(", "))
}

/// What a signal's data cannot support; `None` of one that has values and varies.
pub fn support(signal: &SignalSupport) -> Option<String> {
    let SignalSupport { signal, rows, known, varies } = signal;
    match (*known, *varies) {
        (0, _) => Some(format!("{signal} has no value anywhere: it supports no score and no finding")),
        (_, false) => Some(format!("{signal} is the same wherever it has a value: it tells nobody apart")),
        (known, true) if (known as f64) < SELDOM * *rows as f64 => {
            Some(format!("{signal} has a value in {:.1} % of the observations", 100.0 * known as f64 / *rows as f64))
        }
        _ => None,
    }
}

/// Why a signal's presence is to be looked at.
pub fn presence(found: &Presence) -> String {
    let Presence { signal, auc, present, accounts, .. } = found;
    match (found.leavers_only, found.with_leavers) {
        (true, _) => format!(
            "{signal} exists only for those who left ({present} rows of {accounts} accounts): it is written because they leave"
        ),
        (_, true) => {
            format!("whether {signal} exists tells who leaves (AUC {auc:.3}): those who leave have it more often")
        }
        (_, false) => {
            format!("whether {signal} exists tells who leaves (AUC {auc:.3}): those who leave lack it more often")
        }
    }
}

/// What the caller found of a signal that reads later rows.
pub fn reads_ahead(found: &ReadsAhead) -> String {
    let values = counted(found.rows, "value", "values");
    format!("{} reads later days: without them {values} would differ, such as {}", found.signal, found.example)
}

/// What weight the data would give a signal.
pub fn learned_weight(weight: &LearnedWeight) -> String {
    let share = format!("{}: {:.0} %", weight.signal, 100.0 * weight.share);
    let direction = |direction: Direction| match direction {
        Direction::Healthier => "more is healthier",
        Direction::Riskier => "more is riskier",
        Direction::Neither => "more is neither healthier nor riskier",
    };
    if weight.agrees {
        format!("{share}, {}", direction(weight.more_is))
    } else {
        let (among, alone) = (direction(weight.more_is), direction(weight.alone));
        format!("{share}, {among} among accounts alike in the rest, but alone {alone}: no basis for a weight by hand")
    }
}

/// A share with its interval and what it rests on.
pub fn share(share: &Share) -> String {
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    match (share.share, share.low, share.high) {
        (Some(value), Some(low), Some(high)) => {
            format!("{} ({} to {}; {} of {})", percent(value), percent(low), percent(high), share.count, share.of)
        }
        (Some(value), ..) => format!("{} ({} of {})", percent(value), share.count, share.of),
        (None, ..) => "none of none".to_owned(),
    }
}

/// A number with its interval.
pub fn estimate(estimate: Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{:.3} ({low:.3} to {high:.3})", estimate.value),
        _ => format!("{:.3}", estimate.value),
    }
}

fn signed(estimate: Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{:+.3} ({low:+.3} to {high:+.3})", estimate.value),
        _ => format!("{:+.3}", estimate.value),
    }
}

fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_what_would_do() {
        let few = NotEnough::FewChurned { found: 1, wanted: 20 };
        assert_eq!(not_enough(&few), "not enough data: 1 account left, it takes 20: add history");
        let young = not_enough(&NotEnough::TooYoung { horizon: 90 });
        assert_eq!(young, "not enough data: no observation is 90 days old yet: wait, or ask for a shorter horizon");
        let blocks =
            NotEnough::FewBlocks { found: 0, wanted: 2, days: 1, fitted: 10, calibrated: 5, left: 4, accounts: 500 };
        assert!(not_enough(&blocks).contains("4 of 500 accounts left within the horizon, over 1 day of observation"));
        let signal = |known, varies| SignalSupport { signal: "nps".into(), rows: 100, known, varies };
        assert_eq!(
            support(&signal(0, false)).unwrap(),
            "nps has no value anywhere: it supports no score and no finding"
        );
        assert_eq!(support(&signal(3, true)).unwrap(), "nps has a value in 3.0 % of the observations");
        assert_eq!(support(&signal(50, true)), None);
    }

    #[test]
    fn a_weight_that_stands_in_for_another_signal_is_said_to() {
        let mut weight = LearnedWeight {
            signal: "seats".into(),
            share: 0.25,
            coefficient: 0.4,
            missing: None,
            more_is: Direction::Riskier,
            alone: Direction::Riskier,
            agrees: true,
        };
        assert_eq!(learned_weight(&weight), "seats: 25 %, more is riskier");
        (weight.alone, weight.agrees) = (Direction::Healthier, false);
        assert!(learned_weight(&weight).ends_with("but alone more is healthier: no basis for a weight by hand"));
    }

    #[test]
    fn numbers_carry_what_they_rest_on() {
        assert_eq!(share(&Share::of_accounts(1, 4)), "25.0 % (4.6 % to 69.9 %; 1 of 4)");
        assert_eq!(share(&Share::of_accounts(0, 0)), "none of none");
        assert_eq!(estimate(Estimate { value: 1.0, low: None, high: None }), "1.000");
    }
}
