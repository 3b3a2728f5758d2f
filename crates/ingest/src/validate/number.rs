//! Numbers written as text, exactly.
//!
//! Read as they are: `12`, `-12.50`, `+.5`, `1e3`, spaces around. Thousands separators, decimal commas and currency signs are
//! the mapping's business: which of them a company uses cannot be told from one value.

/// Why a text is no number of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Not a number at all.
    NoNumber,
    /// More digits than the column holds.
    TooLarge,
}

/// 18 digits are what a decimal column holds.
const LIMIT: i128 = 1_000_000_000_000_000_000;

/// A decimal as a whole number of its last place. Places beyond the scale are rounded half to even.
pub(crate) fn parse_decimal(text: &[u8], scale: u8) -> Result<i128, Unread> {
    let text = text.trim_ascii();
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let (digits, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (text.get(..at).unwrap_or_default(), parse_exponent(text.get(at + 1..).unwrap_or_default())?),
        None => (text, 0),
    };
    let point = digits.iter().position(|byte| *byte == b'.');
    let count = digits.len() - usize::from(point.is_some());
    if count == 0 {
        return Err(Unread::NoNumber);
    }
    let whole = i64::try_from(point.unwrap_or(digits.len())).map_err(|_| Unread::TooLarge)?;
    let keep = whole + exponent + i64::from(scale);
    let (mut value, mut round, mut beyond) = (0i128, 0u8, false);
    let mut at = 0i64;
    for (index, byte) in digits.iter().enumerate() {
        if Some(index) == point {
            continue;
        }
        if !byte.is_ascii_digit() {
            return Err(Unread::NoNumber);
        }
        let digit = byte - b'0';
        if at < keep {
            // Saturated above the limit: the rest of the text must still be a number.
            value = (value * 10 + i128::from(digit)).min(LIMIT);
        } else if at == keep {
            round = digit;
        } else {
            beyond |= digit != 0;
        }
        at += 1;
    }
    while at < keep && value != 0 && value < LIMIT {
        value *= 10;
        at += 1;
    }
    if round > 5 || (round == 5 && (beyond || value % 2 == 1)) {
        value += 1;
    }
    if value >= LIMIT {
        return Err(Unread::TooLarge);
    }
    Ok(if negative { -value } else { value })
}

fn parse_exponent(text: &[u8]) -> Result<i64, Unread> {
    let text = std::str::from_utf8(text).map_err(|_| Unread::NoNumber)?;
    let exponent: i64 = text.parse().map_err(|_| Unread::NoNumber)?;
    Ok(exponent.clamp(-10_000, 10_000))
}

/// A whole number; `3.0` is one, as exports of nullable integers write it.
pub(crate) fn parse_int(text: &[u8]) -> Result<i64, Unread> {
    let text = text.trim_ascii();
    if let Some(value) = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()) {
        return Ok(value);
    }
    let scaled = parse_decimal(text, 6)?;
    if scaled % 1_000_000 != 0 {
        return Err(Unread::NoNumber);
    }
    i64::try_from(scaled / 1_000_000).map_err(|_| Unread::TooLarge)
}

/// True or false, in the ways that exports write it.
pub(crate) fn parse_bool(text: &[u8]) -> Option<bool> {
    let text = text.trim_ascii();
    let is = |words: &[&[u8]]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&[b"true", b"yes", b"t", b"y", b"1", b"on"]) {
        Some(true)
    } else if is(&[b"false", b"no", b"f", b"n", b"0", b"off"]) {
        Some(false)
    } else {
        None
    }
}

/// A scaled decimal as a person writes it: no trailing zeros.
pub(crate) fn show_decimal(value: i128, scale: u8) -> String {
    let unit = 10i128.pow(u32::from(scale));
    let (whole, fraction) = (value.abs() / unit, value.abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = format!("{fraction:0width$}", width = usize::from(scale));
    format!("{sign}{whole}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        let check = |text: &str, expected: Result<i128, Unread>| {
            assert_eq!(parse_decimal(text.as_bytes(), 6), expected, "{text}");
        };
        check("12", Ok(12_000_000));
        check(" -12.50 ", Ok(-12_500_000));
        check("+.5", Ok(500_000));
        check("5.", Ok(5_000_000));
        check("1e3", Ok(1_000_000_000));
        check("1.5E-2", Ok(15_000));
        check("1e-9", Ok(0));
        check("0.30000000000000004", Ok(300_000));
        check("0.0000005", Ok(0));
        check("0.0000015", Ok(2));
        check("0.00000051", Ok(1));
        check("0.0000025", Ok(2));
        check("-0.0000015", Ok(-2));
        check("999999999999.999999", Ok(999_999_999_999_999_999));
        check("999999999999.9999995", Err(Unread::TooLarge));
        check("1000000000000", Err(Unread::TooLarge));
        check("00000000000000000000000000000000000000000001", Ok(1_000_000));
        check("1e999999", Err(Unread::TooLarge));
        check("0e999999", Ok(0));
        check("1e99999999999999999999", Err(Unread::NoNumber));
        for bad in ["", "-", ".", "abc", "1,234.5", "$5", "1.2.3", "1e", "--1", "1 2", "NaN", "inf", "0x1", "٣"] {
            check(bad, Err(Unread::NoNumber));
        }
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(parse_int(b" 42 "), Ok(42));
        assert_eq!(parse_int(b"-3.0"), Ok(-3));
        assert_eq!(parse_int(b"9223372036854775807"), Ok(i64::MAX));
        assert_eq!(parse_int(b"9223372036854775808"), Err(Unread::TooLarge));
        assert_eq!(parse_int(b"3.5"), Err(Unread::NoNumber));
    }

    #[test]
    fn booleans() {
        assert_eq!(parse_bool(b"True"), Some(true));
        assert_eq!(parse_bool(b" YES "), Some(true));
        assert_eq!(parse_bool(b"0"), Some(false));
        assert_eq!(parse_bool(b"maybe"), None);
    }

    #[test]
    fn shown() {
        assert_eq!(show_decimal(-12_500_000, 6), "-12.5");
        assert_eq!(show_decimal(1, 6), "0.000001");
        assert_eq!(show_decimal(3_000_000, 6), "3");
    }
}
