//! How a figure moved, and whether that is good.

use super::figure::{Detail, figure};
use std::cmp::Ordering;
use tenure_catalog::{Better, Unit};
use tenure_engine::Number;

/// Whether a move is in the wanted direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drift {
    /// It is.
    Good,
    /// It is not.
    Bad,
    /// Neither, or no move.
    Even,
}

/// A move from one figure to the next.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// Up, down, or even as far as the text shows.
    pub(crate) way: Ordering,
    /// For people: `+1.2 pp`, `+3.4%`, `-14 min`.
    pub(crate) text: String,
    /// Whether it is wanted.
    pub(crate) drift: Drift,
}

impl Change {
    /// From one figure to the next; money and counts move by percent, ratios by points, the rest by themselves.
    pub(crate) fn between(before: Number, now: Number, unit: Unit, better: Better) -> Self {
        let by = now.as_f64() - before.as_f64();
        let text = match unit {
            Unit::Ratio => signed(by * 100.0, |size| format!("{size:.1} pp")),
            Unit::Money | Unit::Count if by == 0.0 => "0.0%".to_owned(),
            Unit::Money | Unit::Count if before.as_f64() == 0.0 => {
                return Self { way: by.total_cmp(&0.0), text: "from 0".to_owned(), drift: drift(by, better) };
            }
            Unit::Money | Unit::Count => signed(by / before.as_f64().abs() * 100.0, |size| format!("{size:.1}%")),
            _ => signed(by, |size| figure(Number::Float(size), unit, None, Detail::Brief)),
        };
        let even = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        match even {
            true => Self { way: Ordering::Equal, drift: Drift::Even, text },
            false => Self { way: by.total_cmp(&0.0), drift: drift(by, better), text },
        }
    }
}

/// Whether a value stands on the wanted side of a target.
pub(crate) fn drift(by: f64, better: Better) -> Drift {
    match better {
        Better::Up if by > 0.0 => Drift::Good,
        Better::Down if by < 0.0 => Drift::Good,
        Better::Up | Better::Down if by != 0.0 => Drift::Bad,
        _ => Drift::Even,
    }
}

fn signed(value: f64, show: impl Fn(f64) -> String) -> String {
    let text = show(value.abs());
    match text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        false => text,
        true if value < 0.0 => format!("-{text}"),
        true => format!("+{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: f64, now: f64, unit: Unit, better: Better) -> (String, Drift) {
        let change = Change::between(Number::Float(before), Number::Float(now), unit, better);
        (change.text, change.drift)
    }

    #[test]
    fn the_way_is_that_of_the_text() {
        let way = |now: f64| Change::between(Number::Float(0.5), Number::Float(now), Unit::Ratio, Better::Up).way;
        assert_eq!(
            (way(0.49), way(0.4999), way(0.5001), way(0.51)),
            (Ordering::Less, Ordering::Equal, Ordering::Equal, Ordering::Greater)
        );
    }

    #[test]
    fn each_unit_moves_in_its_own_way() {
        assert_eq!(change(1.03, 1.042, Unit::Ratio, Better::Up), ("+1.2 pp".into(), Drift::Good));
        assert_eq!(change(200.0, 210.0, Unit::Money, Better::Up), ("+5.0%".into(), Drift::Good));
        assert_eq!(change(0.0, 210.0, Unit::Money, Better::Up), ("from 0".into(), Drift::Good));
        assert_eq!(change(0.0, 0.0, Unit::Money, Better::Up), ("0.0%".into(), Drift::Even));
        assert_eq!(change(0.0, 0.0, Unit::Count, Better::Down), ("0.0%".into(), Drift::Even));
        assert_eq!(change(3600.0, 2400.0, Unit::Seconds, Better::Down), ("-20 min".into(), Drift::Good));
        assert_eq!(change(40.0, 36.5, Unit::Points, Better::Up), ("-3.5".into(), Drift::Bad));
        assert_eq!(change(0.5, 0.5, Unit::Ratio, Better::Up), ("0.0 pp".into(), Drift::Even));
        assert_eq!(change(5.0, 6.0, Unit::Count, Better::Neither), ("+20.0%".into(), Drift::Even));
    }
}
