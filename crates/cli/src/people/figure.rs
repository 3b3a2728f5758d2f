//! One figure in its unit.

use tenure_catalog::Unit;
use tenure_engine::Number;

/// How fine a figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// As on a board: large money without cents.
    Brief,
    /// As in a ledger: money to the cent.
    Full,
}

/// A figure with its unit's sign, such as `104.2%`, `$1,234`, `42 min`.
pub(crate) fn figure(number: Number, unit: Unit, currency: Option<&str>, detail: Detail) -> String {
    let value = number.as_f64();
    if !value.is_finite() {
        return "not a number".to_owned();
    }
    match unit {
        Unit::Ratio => percent(number),
        Unit::Points => fixed(value, 1),
        Unit::Score => fixed(value, 2),
        Unit::Number => plain(value),
        Unit::Count => match number {
            Number::Exact(exact) if exact.fract().is_zero() => grouped(&exact.normalize().to_string()),
            _ => plain(value),
        },
        Unit::Money => money(number, currency, detail),
        Unit::Seconds => seconds(value),
        Unit::Days => days(value),
    }
}

/// Both ends of an interval, the unit's sign said once where it stands behind.
pub(crate) fn range(low: Number, high: Number, unit: Unit, currency: Option<&str>) -> String {
    // Both ends as fine as the finer one.
    let small = [low, high].iter().any(|end| (0.005..99.995).contains(&end.as_f64().abs()));
    let detail = if unit == Unit::Money && small { Detail::Full } else { Detail::Brief };
    let low = figure(low, unit, currency, detail);
    let high = figure(high, unit, currency, detail);
    let suffix = |text: &str| text.find(['%', ' ']).map(|at| text[at..].to_owned());
    let prefix = |text: &str| text.find(|c: char| c.is_ascii_digit()).map(|at| text[..at].to_owned());
    let dash = if low.contains('-') || low.contains(' ') && suffix(&low) != suffix(&high) { " – " } else { "–" };
    match (suffix(&low), suffix(&high)) {
        (Some(a), Some(b)) if a == b => format!("{}{dash}{high}", low.trim_end_matches(a.as_str())),
        (None, None) if prefix(&low) == prefix(&high) && !high.starts_with('-') => {
            format!("{low}{dash}{}", high.trim_start_matches(|c: char| !c.is_ascii_digit()))
        }
        _ => format!("{low}{dash}{high}"),
    }
}

/// A target, which settings give as a plain number in the metric's own unit.
pub(crate) fn target(value: f64, unit: Unit, currency: Option<&str>) -> String {
    figure(Number::Float(value), unit, currency, Detail::Brief)
}

/// A figure for an axis: short, such as `$1.2M`.
pub(crate) fn compact(value: f64, unit: Unit, currency: Option<&str>) -> String {
    match unit {
        Unit::Money => signed(value, |size| format!("{}{}", symbol(currency), short(size))),
        Unit::Count | Unit::Number => signed(value, short),
        Unit::Ratio => format!("{}%", trimmed(value * 100.0, 1)),
        Unit::Points | Unit::Score => trimmed(value, 1),
        Unit::Seconds => seconds(value),
        Unit::Days => days(value),
    }
}

/// A whole number with separators.
pub(crate) fn count(value: impl Whole) -> String {
    grouped(&value.to_string())
}

/// The types that count.
pub(crate) trait Whole: ToString {}

impl Whole for i64 {}
impl Whole for u64 {}
impl Whole for usize {}

/// A number that has no unit: whole where it is, else two places.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { fixed(value, 0) } else { fixed(value, 2) }
}

/// A share as percent. Below a tenth, a place more: monthly churn of 1.25 % is not 1.3 %.
pub(crate) fn percent(share: Number) -> String {
    let percent = share.as_f64() * 100.0;
    let places = if percent.abs() < 9.995 && percent != 0.0 { 2 } else { 1 };
    format!("{}%", fixed(percent, places))
}

fn money(number: Number, currency: Option<&str>, detail: Detail) -> String {
    let cents = match number.published(Unit::Money) {
        Number::Exact(exact) => format!("{exact:.2}"),
        Number::Float(value) => format!("{value:.2}"),
    };
    let whole = detail == Detail::Brief && { number.as_f64() == 0.0 || number.as_f64().abs() >= 99.995 };
    let digits = if whole { format!("{:.0}", number.as_f64()) } else { cents };
    let (sign, size) = match digits.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", digits.as_str()),
    };
    let sign = if size.bytes().all(|byte| matches!(byte, b'0' | b'.')) { "" } else { sign };
    format!("{sign}{}{}", symbol(currency), grouped(size))
}

/// The sign in front of an amount.
fn symbol(currency: Option<&str>) -> String {
    match currency {
        Some("USD") => "$".to_owned(),
        Some("EUR") => "€".to_owned(),
        Some("GBP") => "£".to_owned(),
        Some("JPY") => "¥".to_owned(),
        Some(code) => format!("{code}\u{a0}"),
        None => String::new(),
    }
}

/// In the unit that reads best.
fn seconds(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if size < 89.5 => format!("{} s", trimmed(value, 0)),
        _ if size < 89.5 * 60.0 => format!("{} min", trimmed(value / 60.0, 0)),
        _ if size < 47.95 * 3600.0 => format!("{} h", fixed(value / 3600.0, 1)),
        _ => days(value / 86_400.0),
    }
}

fn days(value: f64) -> String {
    let places = usize::from(value.fract() != 0.0 && value.abs() < 99.95);
    format!("{} d", fixed(value, places))
}

fn signed(value: f64, show: impl Fn(f64) -> String) -> String {
    if value < 0.0 { format!("-{}", show(-value)) } else { show(value) }
}

/// Three figures and a letter for thousands.
fn short(size: f64) -> String {
    for (from, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] {
        if size >= from * 0.9995 {
            let places = if size / from < 99.5 { 1 } else { 0 };
            return format!("{}{letter}", trimmed(size / from, places));
        }
    }
    trimmed(size, if size < 10.0 { 1 } else { 0 })
}

/// That many places at most.
fn trimmed(value: f64, places: usize) -> String {
    let text = fixed(value, places);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// That many places, separators, and no minus before a zero.
fn fixed(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
    grouped(if zero { text.trim_start_matches('-') } else { &text })
}

/// Separators between thousands; the text is a sign, digits and perhaps a fraction.
fn grouped(text: &str) -> String {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut shown = String::with_capacity(text.len() + whole.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    format!("{sign}{shown}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn float(value: f64, unit: Unit) -> String {
        figure(Number::Float(value), unit, Some("USD"), Detail::Brief)
    }

    #[test]
    fn every_unit_reads_well() {
        assert_eq!(float(1.0421, Unit::Ratio), "104.2%");
        assert_eq!(float(0.0125, Unit::Ratio), "1.25%");
        assert_eq!(float(0.0, Unit::Ratio), "0.0%");
        assert_eq!(float(-0.000_001, Unit::Ratio), "0.00%");
        assert_eq!(float(-11.7, Unit::Points), "-11.7");
        assert_eq!(float(4.312, Unit::Score), "4.31");
        assert_eq!(float(12_345.0, Unit::Count), "12,345");
        assert_eq!(float(3.2, Unit::Number), "3.20");
        assert_eq!(float(42.0, Unit::Seconds), "42 s");
        assert_eq!(float(42.0 * 60.0, Unit::Seconds), "42 min");
        assert_eq!(float(3.2 * 3600.0, Unit::Seconds), "3.2 h");
        assert_eq!(float(5.1 * 86_400.0, Unit::Seconds), "5.1 d");
        assert_eq!(float(31.0, Unit::Days), "31 d");
        assert_eq!(float(f64::NAN, Unit::Ratio), "not a number");
    }

    #[test]
    fn a_share_is_told_alike_from_either_kind_of_number() {
        let [exact, float] = [Number::Exact(Decimal::new(1254, 5)), Number::Float(0.01254)].map(percent);
        assert_eq!((exact.as_str(), float.as_str()), ("1.25%", "1.25%"));
        assert_eq!(percent(Number::Exact(Decimal::ONE)), "100.0%");
    }

    #[test]
    fn money_is_exact_where_asked() {
        let amount = Number::Exact(Decimal::new(-1_234_567_895, 3));
        assert_eq!(figure(amount, Unit::Money, Some("USD"), Detail::Full), "-$1,234,567.90");
        assert_eq!(figure(amount, Unit::Money, Some("USD"), Detail::Brief), "-$1,234,568");
        assert_eq!(figure(Number::Float(96.4), Unit::Money, Some("EUR"), Detail::Brief), "€96.40");
        assert_eq!(figure(Number::Float(-0.001), Unit::Money, Some("CHF"), Detail::Full), "CHF\u{a0}0.00");
    }

    #[test]
    fn an_interval_says_its_unit_once() {
        let range = |low, high, unit| range(Number::Float(low), Number::Float(high), unit, Some("USD"));
        assert_eq!(range(1.021, 1.063, Unit::Ratio), "102.1–106.3%");
        assert_eq!(range(600.0, 1200.0, Unit::Seconds), "10–20 min");
        assert_eq!(range(600.0, 7200.0, Unit::Seconds), "10 min – 2.0 h");
        assert_eq!(range(-5.0, 7.0, Unit::Points), "-5.0 – 7.0");
        assert_eq!(range(-70.0, 120.0, Unit::Money), "-$70.00 – $120.00");
        assert_eq!(range(100.0, 200.0, Unit::Money), "$100–200");
    }

    #[test]
    fn axes_are_short() {
        assert_eq!(compact(1_234_567.0, Unit::Money, Some("USD")), "$1.2M");
        assert_eq!(compact(-340_000.0, Unit::Money, Some("GBP")), "-£340k");
        assert_eq!(compact(999_600.0, Unit::Count, None), "1M");
        assert_eq!(compact(0.85, Unit::Ratio, None), "85%");
    }
}
