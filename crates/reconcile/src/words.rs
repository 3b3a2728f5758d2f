//! Days, amounts and lists as evidence tells them.

use rust_decimal::Decimal;

/// An amount to the cent, with its currency.
pub(crate) fn money(amount: Decimal, currency: &str) -> String {
    format!("{:.2} {currency}", amount.round_dp(2))
}

/// A number without zeros behind.
pub(crate) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed<T: AsRef<str>>(all: &[T]) -> String {
    match all {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// `1 line`, `2 lines`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_spoken() {
        assert_eq!([listed(&["a"]), listed(&["a", "b"]), listed(&["a", "b", "c"])], ["a", "a and b", "a, b and c"]);
        assert_eq!(money(Decimal::new(123_456, 3), "USD"), "123.46 USD");
        assert_eq!(number(Decimal::new(10_800, 4)), "1.08");
        assert_eq!(counted(1, "line", "lines"), "1 line");
    }
}
