//! A contract ended before its successor was signed: one side counts on, the other waits for the signature.

use crate::asked::days_after;
use crate::case::Case;
use crate::facts::{Line, Term};
use crate::worth::Worth;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    case.terms().iter().rev().find_map(|term| {
        let story = story(case, term)?;
        let found = counts_on(case, term).or_else(|| waits(case, term)).or_else(|| old_amount(case, term))?;
        Some(format!("{story}; {found}"))
    })
}

/// What happened to the term; nothing, where it was renewed in time or is lost.
fn story(case: &Case<'_>, term: &Term) -> Option<String> {
    let ended = format!("contract {} ended {}", term.id, case.day(term.ends));
    match &term.successor {
        None => {
            let open = case.asked().observed_to < term.grace_ends;
            open.then(|| format!("{ended} and is not renewed yet, in grace until {}", case.day(term.grace_ends)))
        }
        Some(next) => {
            let signed = next.signed.unwrap_or(next.starts);
            let days = case.asked().days_between(term.ends, signed.max(next.starts));
            (days > 0).then(|| match signed > term.ends {
                true => format!("{ended}, its renewal {} was signed {}, {days} days late", next.id, case.day(signed)),
                false => format!("{ended}, its renewal {} began {}, {days} days late", next.id, case.day(next.starts)),
            })
        }
    }
}

/// The lines that a term is about.
fn about<'a>(lines: impl Iterator<Item = &'a Line>, term: &Term) -> Vec<&'a Line> {
    lines.filter(|line| term.product.is_none() || line.product.is_none() || line.product == term.product).collect()
}

/// Service stopped with the contract, and theirs counts on.
fn counts_on(case: &Case<'_>, term: &Term) -> Option<String> {
    let closing = case.asked().closing();
    // Lines may stop a day or two on either side of the contract.
    let stopped = |line: &Line| {
        line.to.is_some_and(|to| to <= closing && to > days_after(term.ends, -3) && to <= days_after(term.ends, 3))
            && !line.runs(closing)
    };
    let all: Vec<&Line> = case.lines().iter().filter(|line| stopped(line)).collect();
    let some = about(all.iter().copied(), term);
    [all, some]
        .into_iter()
        .filter(|lines| !lines.is_empty())
        .find_map(|lines| case.is(case.base() + case.net(lines)).then(|| "theirs counts it on".to_owned()))
}

/// Service ran on, and theirs waits for the signature.
fn waits(case: &Case<'_>, term: &Term) -> Option<String> {
    let held = case.held();
    let some = about(held.iter().copied(), term);
    [held, some].into_iter().filter(|lines| !lines.is_empty()).find_map(|lines| {
        case.is(case.base() - case.net(lines)).then(|| "service runs on, theirs leaves it out".to_owned())
    })
}

/// Theirs has the amount of the term that ended.
fn old_amount(case: &Case<'_>, term: &Term) -> Option<String> {
    let renewed = term.successor.as_ref()?.starts;
    if renewed > case.asked().closing() {
        return None;
    }
    let old: Worth = case.at(days_after(renewed, -1));
    (old.lines > 0 && case.is(old)).then(|| "theirs still has the amount of the old term".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line};
    use crate::causes::Cause;
    use crate::facts::{Successor, Term};

    fn term(ends: &str, signed: Option<(&str, &str)>) -> Term {
        let successor =
            signed.map(|(signed, starts)| Successor { id: "K2".into(), starts: at(starts), signed: Some(at(signed)) });
        Term { id: "K1".into(), product: None, ends: at(ends), grace_ends: at("2026-06-19"), successor }
    }

    fn example(metric: &str, to: Option<&str>, theirs: &str, term: Term) -> (Cause, String) {
        let mut example = Example::new(metric, vec![line("s", "100", "2025-05-20", to)], theirs);
        example.facts.terms.insert("a".into(), vec![term]);
        example.cause()
    }

    #[test]
    fn theirs_counts_on() {
        let late = || term("2026-05-20", Some(("2026-06-05", "2026-06-05")));
        let told =
            "contract K1 ended 2026-05-20, its renewal K2 was signed 2026-06-05, 16 days late; theirs counts it on";
        assert_eq!(example("mrr", Some("2026-05-20"), "100", late()), (Cause::LateRenewal, told.into()));
        assert_eq!(example("arr", Some("2026-05-20"), "1200", late()).0, Cause::LateRenewal);
        assert_eq!(example("active_customers", Some("2026-05-20"), "1", late()).0, Cause::LateRenewal);
    }

    #[test]
    fn theirs_waits_for_the_signature() {
        let late = term("2026-05-20", Some(("2026-06-05", "2026-06-05")));
        let told = "contract K1 ended 2026-05-20, its renewal K2 was signed 2026-06-05, 16 days late; service runs on, theirs leaves it out";
        assert_eq!(example("mrr", None, "0", late), (Cause::LateRenewal, told.into()));
    }

    #[test]
    fn what_was_lost_or_renewed_in_time_is_not_late() {
        assert_eq!(example("mrr", Some("2026-05-20"), "100", term("2026-05-20", None)).0, Cause::Timing);
        let early = term("2026-05-20", Some(("2026-05-01", "2026-05-20")));
        assert_eq!(example("mrr", None, "0", early).0, Cause::Unexplained);
    }

    #[test]
    fn what_is_still_in_grace_may_be_renewed() {
        let mut example = Example::new("mrr", vec![line("s", "100", "2025-05-20", Some("2026-05-20"))], "100");
        example.asked.observed_to = at("2026-06-10");
        example.facts.terms.insert("a".into(), vec![term("2026-05-20", None)]);
        let told =
            "contract K1 ended 2026-05-20 and is not renewed yet, in grace until 2026-06-19; theirs counts it on";
        assert_eq!(example.cause(), (Cause::LateRenewal, told.into()));
    }
}
