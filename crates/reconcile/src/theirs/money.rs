//! Amounts as people write them: `1,234.50`, `1.234,50 €`, `(12.00)`, `USD 1'234.50`, `12-`.

use rust_decimal::Decimal;
use tenure_schema::money::Currency;

/// Which mark comes before the cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

/// An amount taken apart; what its marks mean may need the other amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Money {
    /// Digits, points and commas.
    digits: String,
    negative: bool,
    /// The currency that stands beside it.
    pub(super) currency: Option<Currency>,
}

impl Money {
    /// Takes an amount apart. `$` is the workspace's own dollar where it has one.
    pub(super) fn read(text: &str, home: Currency) -> Option<Self> {
        let mut rest = text.trim();
        let mut negative = false;
        if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            (negative, rest) = (true, inner);
        }
        let (mut digits, mut letters, mut currency) = (String::new(), String::new(), None);
        for letter in rest.chars() {
            match letter {
                '0'..='9' | '.' | ',' => digits.push(letter),
                '-' | '−' if !negative => negative = true,
                '+' if digits.is_empty() => {}
                '\'' | '’' | '_' => {}
                letter if letter.is_whitespace() => {}
                '€' | '£' | '¥' | '$' if currency.is_none() => currency = sign(letter, home),
                letter if letter.is_ascii_alphabetic() => letters.push(letter.to_ascii_uppercase()),
                _ => return None,
            }
        }
        // `12-3` is a range, not an amount; a minus stands before or behind all digits.
        let inner = rest.trim_matches(|c: char| !c.is_ascii_digit());
        if inner.contains(['-', '−'])
            || !digits.contains(|c: char| c.is_ascii_digit())
            || inner.contains(|c: char| c.is_alphabetic())
        {
            return None;
        }
        if !letters.is_empty() {
            let code: Currency = letters.parse().ok()?;
            // `US$` and `USD $` say it twice.
            currency = Some(code);
        }
        Some(Self { digits, negative, currency })
    }

    /// Which mark comes before the cents, where this amount alone tells.
    pub(super) fn mark(&self) -> Option<Mark> {
        let (points, commas) = (self.digits.matches('.').count(), self.digits.matches(',').count());
        let (mark, other, separator) = match (self.digits.rfind('.'), self.digits.rfind(',')) {
            (None, None) => return None,
            (Some(point), Some(comma)) => return Some(if point > comma { Mark::Point } else { Mark::Comma }),
            (Some(_), None) => (Mark::Point, Mark::Comma, '.'),
            (None, Some(_)) => (Mark::Comma, Mark::Point, ','),
        };
        if points + commas > 1 {
            return Some(other);
        }
        let (whole, fraction) = self.digits.split_once(separator)?;
        let thousands = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
        (!thousands).then_some(mark)
    }

    /// Whether it has no marks at all.
    pub(super) fn is_plain(&self) -> bool {
        !self.digits.contains(['.', ','])
    }

    /// The amount, with that mark before the cents.
    pub(super) fn value(&self, mark: Mark) -> Option<Decimal> {
        let (decimal, thousands) = match mark {
            Mark::Point => ('.', ','),
            Mark::Comma => (',', '.'),
        };
        let (whole, fraction) = self.digits.split_once(decimal).unwrap_or((&self.digits, ""));
        if fraction.contains(['.', ',']) {
            return None;
        }
        let mut groups = whole.split(thousands);
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        if !rest.is_empty() && (first.is_empty() || first.len() > 3 || rest.iter().any(|group| group.len() != 3)) {
            return None;
        }
        let value: Decimal = format!("{first}{}.{fraction}0", rest.concat()).parse().ok()?;
        Some(if self.negative { -value } else { value })
    }
}

fn sign(sign: char, home: Currency) -> Option<Currency> {
    let dollars = ["USD", "CAD", "AUD", "NZD", "SGD", "HKD"];
    let code = match sign {
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        _ if dollars.contains(&home.code()) => return Some(home),
        _ => "USD",
    };
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Option<String>)> {
        let money = Money::read(text, Currency::USD)?;
        let value = money.value(money.mark().unwrap_or(Mark::Point))?;
        Some((value.normalize().to_string(), money.currency.map(|currency| currency.to_string())))
    }

    #[test]
    fn amounts_of_many_hands() {
        let plain = [
            ("1234.5", "1234.5"),
            ("1,234.50", "1234.5"),
            ("1.234,50", "1234.5"),
            ("1 234,50", "1234.5"),
            ("1'234.50", "1234.5"),
            ("1.234.567", "1234567"),
            ("1,234,567.8", "1234567.8"),
            ("(12.00)", "-12"),
            ("-12", "-12"),
            ("12-", "-12"),
            ("+3", "3"),
            (".5", "0.5"),
            ("0,125", "0.125"),
            ("12,5", "12.5"),
            ("1,234", "1234"),
            ("0", "0"),
        ];
        for (text, value) in plain {
            assert_eq!(read(text), Some((value.to_owned(), None)), "{text}");
        }
        for (text, code) in
            [("5 €", "EUR"), ("$5", "USD"), ("£5.00", "GBP"), ("EUR 5", "EUR"), ("5.00 usd", "USD"), ("-$5", "USD")]
        {
            assert_eq!(read(text).unwrap().1.as_deref(), Some(code), "{text}");
        }
        for text in ["", "ten", "1.2.3,4,5", "12-3", "1a2", "5 %", "--5", "1,23,456.7", "A1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_can_be_open() {
        let mark = |text: &str| Money::read(text, Currency::USD).unwrap().mark();
        assert_eq!([mark("1,234"), mark("1.234"), mark("999")], [None, None, None]);
        assert_eq!(
            [mark("1234.567"), mark("0.125"), mark("1,234,567")],
            [Some(Mark::Point), Some(Mark::Point), Some(Mark::Point)]
        );
    }
}
