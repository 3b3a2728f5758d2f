//! A discount is taken off on one side only: theirs is gross, or takes one off that is over or has not begun.

use crate::case::Case;
use crate::facts::{Discount, Line};
use crate::words::{money, number};
use crate::worth::Worth;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    gross(case).or_else(|| taken_off(case)).or_else(|| left_out(case))
}

/// Theirs is the price before the discount.
fn gross(case: &Case<'_>) -> Option<String> {
    let discounted: Vec<&Line> = case.held().into_iter().filter(|line| line.list != line.net).collect();
    let back: Vec<Worth> =
        discounted.iter().map(|line| Worth::money(case.home(line.list - line.net, &line.currency))).collect();
    let places = case.some_of(&back)?;
    let line = discounted.get(*places.first()?)?;
    let told = line.discount.as_ref().map_or_else(
        || "the discount".to_owned(),
        |discount| {
            let until = match discount.to {
                Some(to) => format!("that ends {}", case.day(to)),
                None => "that has no end".to_owned(),
            };
            format!("the {} {until}", size(discount, &line.currency))
        },
    );
    Some(format!("theirs equals the price without {told}"))
}

/// Theirs takes a discount off that does not hold at the close.
fn taken_off(case: &Case<'_>) -> Option<String> {
    let closing = case.asked().closing();
    let other: Vec<(&Line, &Discount)> = case
        .held()
        .into_iter()
        .filter_map(|line| Some((line, line.discount.as_ref()?)))
        .filter(|(line, discount)| !discount.holds(closing) && !line.paused)
        .collect();
    let off = other
        .iter()
        .map(|(line, discount)| Worth::money(case.home(discount.off(line.price) - line.net, &line.currency)));
    let places = case.some_of(&off.collect::<Vec<_>>())?;
    let (line, discount) = other.get(*places.first()?)?;
    let size = size(discount, &line.currency);
    Some(match (discount.to.filter(|to| *to <= closing), discount.from) {
        (Some(to), _) => format!("theirs still takes off the {size} that ended {}", case.day(to)),
        (None, Some(from)) => format!("theirs already takes off the {size} that begins {}", case.day(from)),
        (None, None) => format!("theirs takes off the {size}"),
    })
}

/// Theirs does not count a customer to whom everything is given free.
fn left_out(case: &Case<'_>) -> Option<String> {
    let held = case.held();
    let free = !held.is_empty() && held.iter().all(|line| line.net.is_zero() && !line.list.is_zero());
    let left_out = free && !case.asked().measure.is_money() && case.is(Worth::default());
    left_out.then(|| "discounted to nothing, theirs does not count it; here such a customer stays one".to_owned())
}

/// `20 % discount`, `discount of 50.00 EUR a month`, or both.
fn size(discount: &Discount, currency: &str) -> String {
    match (discount.percent.is_zero(), discount.amount.is_zero()) {
        (false, true) => format!("{} % discount", number(discount.percent)),
        (true, _) => format!("discount of {} a month", money(discount.amount, currency)),
        (false, false) => {
            format!("discount of {} % and {} a month", number(discount.percent), money(discount.amount, currency))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line, number};
    use crate::causes::Cause;
    use crate::facts::{Discount, Line};

    fn discounted(net: &str, from: Option<&str>, to: Option<&str>) -> Line {
        let discount = Discount { percent: number("20"), amount: number("0"), from: from.map(at), to: to.map(at) };
        Line {
            net: number(net),
            discount: Some(discount),
            ..line("s", "100", "2025-07-01", to.filter(|_| net == "80"))
        }
    }

    fn cause(metric: &str, line: Line, theirs: &str) -> (Cause, String) {
        Example::new(metric, vec![line], theirs).cause()
    }

    #[test]
    fn theirs_is_gross() {
        let told = "theirs equals the price without the 20 % discount that ends 2026-07-01";
        assert_eq!(cause("mrr", discounted("80", None, Some("2026-07-01")), "100"), (Cause::Discount, told.into()));
        assert_eq!(cause("arr", discounted("80", None, Some("2026-07-01")), "1200"), (Cause::Discount, told.into()));
    }

    #[test]
    fn theirs_takes_off_another() {
        let told = "theirs still takes off the 20 % discount that ended 2026-03-01";
        assert_eq!(cause("mrr", discounted("100", None, Some("2026-03-01")), "80"), (Cause::Discount, told.into()));
        let told = "theirs already takes off the 20 % discount that begins 2026-08-01";
        assert_eq!(cause("mrr", discounted("100", Some("2026-08-01"), None), "80"), (Cause::Discount, told.into()));
    }

    #[test]
    fn an_amount_off() {
        let mut line = discounted("85", None, None);
        line.discount = Some(Discount { amount: number("15"), ..Discount::default() });
        let told = "theirs equals the price without the discount of 15.00 USD a month that has no end";
        assert_eq!(cause("mrr", line, "100"), (Cause::Discount, told.into()));
    }

    #[test]
    fn nothing_to_pay() {
        assert_eq!(cause("active_customers", discounted("0", None, None), "0").0, Cause::Discount);
    }
}
