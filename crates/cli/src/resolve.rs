//! From what was typed to what is asked: periods, attributes, conditions.

use crate::args::{Filter, When};
use crate::exit::{Failure, Outcome};
use jiff::Timestamp;
use tenure_engine::Condition;
use tenure_schema::period::{Clock, Grain, Period};

/// What is asked where nothing is typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usual {
    pub(crate) last: u32,
    pub(crate) grain: Grain,
}

/// The periods that were asked for, the earliest first.
pub(crate) fn periods(when: &When, usual: Usual, observed_to: Timestamp, clock: &Clock) -> Outcome<Vec<Period>> {
    if let Some(text) = &when.period {
        return Ok(vec![Period::parse(text, clock, observed_to)?]);
    }
    let grain = when.grain.unwrap_or(usual.grain);
    let last = when.last.unwrap_or(usual.last);
    Ok(Period::last(last, grain, observed_to, clock)?)
}

/// The periods with others of their kind before them, so that they are so many in all.
pub(crate) fn with_history(periods: Vec<Period>, total: usize, clock: &Clock) -> Vec<Period> {
    let mut all = periods;
    while all.len() < total {
        let Some(before) = all.first().and_then(|first| first.previous(clock)) else { break };
        all.insert(0, before);
    }
    all
}

/// `ATTR=VALUE`, `ATTR=` for rows without one.
pub(crate) fn conditions(filter: &Filter) -> Outcome<Vec<Condition>> {
    filter.conditions.iter().map(|text| condition(text)).collect()
}

fn condition(text: &str) -> Outcome<Condition> {
    let wrong = || {
        Failure::usage(format!("--where {text:?} is not ATTR=VALUE"))
            .hint("write for example --where account.country=DE, or --where account.country= for those without one")
    };
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    if name.trim().is_empty() {
        return Err(wrong());
    }
    let value = value.trim();
    Ok(Condition { name: name.trim().to_owned(), value: (!value.is_empty()).then(|| value.to_owned()) })
}

/// A condition in words.
pub(crate) fn in_words(condition: &Condition) -> String {
    match &condition.value {
        Some(value) => format!("{} = {value}", condition.name),
        None => format!("without {}", condition.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const USUAL: Usual = Usual { last: 1, grain: Grain::Month };

    fn labels(when: When) -> Vec<String> {
        let periods = periods(&when, USUAL, sample::now(), &sample::clock()).unwrap();
        periods.into_iter().map(|period| period.label).collect()
    }

    #[test]
    fn periods_as_typed() {
        assert_eq!(labels(When::default()), ["2026-06"]);
        assert_eq!(labels(When { period: Some("2026-Q1".into()), ..When::default() }), ["2026-Q1"]);
        let quarters = When { last: Some(2), grain: Some(Grain::Quarter), ..When::default() };
        assert_eq!(labels(quarters), ["2026-Q1", "2026-Q2"]);
    }

    #[test]
    fn history_is_of_the_same_kind() {
        let clock = sample::clock();
        let quarter = Period::parse("2026-Q1", &clock, sample::now()).unwrap();
        let all: Vec<String> = with_history(vec![quarter], 3, &clock).into_iter().map(|period| period.label).collect();
        assert_eq!(all, ["2025-Q3", "2025-Q4", "2026-Q1"]);
        let instant = Period::parse("@2026-01-01", &clock, sample::now()).unwrap();
        assert_eq!(with_history(vec![instant], 3, &clock).len(), 1);
    }

    #[test]
    fn conditions_as_typed() {
        let filter = |text: &str| conditions(&Filter { conditions: vec![text.into()] });
        assert_eq!(filter("plan=pro").unwrap(), [Condition { name: "plan".into(), value: Some("pro".into()) }]);
        assert_eq!(filter("a = b=c").unwrap()[0].value.as_deref(), Some("b=c"));
        assert_eq!(in_words(&filter("plan=").unwrap()[0]), "without plan");
        assert_eq!(filter("plan").unwrap_err().exit, crate::exit::Exit::Usage);
        assert_eq!(filter("=pro").unwrap_err().exit, crate::exit::Exit::Usage);
    }
}
