//! Accounts that are one here, and that they keep apart: under the merged id, or split over both, or counted twice.

use crate::case::{Case, EXPLAINS};
use crate::words::listed;
use rust_decimal::Decimal;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let (accounts, theirs) = (&case.world.facts.accounts, case.world.theirs);
    let survivor = case.world.facts.survivor(case.account);
    let merged: Vec<&str> =
        case.world.merged.iter().filter(|(_, into)| **into == survivor).map(|(account, _)| *account).collect();
    let of = |account: &str| theirs.get(account).copied().unwrap_or_default();
    let ours = case.world.ours.get(survivor).copied().unwrap_or_default();
    let apart: Decimal = merged.iter().map(|account| of(account)).sum();
    let times = |sum: Decimal| if case.asked().measure.is_money() { sum } else { sum.min(Decimal::ONE) };
    let agrees = |sum: Decimal| (times(sum) - ours).abs() <= EXPLAINS;
    if survivor != case.account {
        let when =
            accounts.get(case.account).and_then(|account| account.merged_at).map(|at| format!(" on {}", case.day(at)));
        let what = format!("merged into {survivor}{}", when.unwrap_or_default());
        return Some(match (theirs.contains_key(survivor), agrees(of(survivor) + apart)) {
            (false, _) => format!("{what}; theirs still has it under this id"),
            (true, true) if case.asked().measure.is_money() => {
                format!("{what}; theirs splits the amount over both, together they agree")
            }
            (true, _) if agrees(of(survivor)) => format!("{what}, which theirs has in full: this row counts it twice"),
            (true, _) => format!("{what}; theirs keeps it apart"),
        });
    }
    if merged.is_empty() || !agrees(of(survivor) + apart) {
        return None;
    }
    let merged = listed(&merged);
    Some(match theirs.contains_key(survivor) {
        true => format!("{merged} was merged into it; theirs splits the amount over both, together they agree"),
        false => format!("{merged} was merged into it; theirs still has it under the old id"),
    })
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line, number};
    use crate::causes::Cause;
    use crate::facts::Account;

    fn example(theirs: &str, of_merged: &str) -> Example {
        let mut example = Example::new("mrr", vec![line("s", "100", "2025-01-01", None)], theirs);
        let merged = Account { merged_into: Some("a".into()), merged_at: Some(at("2026-02-03")), ..Account::default() };
        example.facts.accounts.insert("b".into(), merged);
        example.theirs.insert("b".into(), number(of_merged));
        example
    }

    #[test]
    fn kept_apart() {
        let split = example("60", "40");
        assert_eq!(
            split.cause(),
            (
                Cause::MergedAccount,
                "b was merged into it; theirs splits the amount over both, together they agree".into()
            )
        );
        let mut old_id = example("0", "100");
        old_id.theirs.remove("a");
        assert_eq!(old_id.cause().1, "b was merged into it; theirs still has it under the old id");
        assert_eq!(example("60", "50").cause().0, Cause::Unexplained);
    }

    #[test]
    fn the_merged_one() {
        let mut example = Example::new("mrr", Vec::new(), "40");
        example.facts.accounts.insert("b".into(), Account::default());
        let merged = Account { merged_into: Some("b".into()), merged_at: Some(at("2026-02-03")), ..Account::default() };
        example.facts.accounts.insert("a".into(), merged);
        example.ours.insert("b".into(), number("100"));
        assert_eq!(
            example.cause(),
            (Cause::MergedAccount, "merged into b on 2026-02-03; theirs still has it under this id".into())
        );
        example.theirs.insert("b".into(), number("60"));
        assert_eq!(
            example.cause().1,
            "merged into b on 2026-02-03; theirs splits the amount over both, together they agree"
        );
        example.theirs.insert("b".into(), number("100"));
        assert_eq!(
            example.cause().1,
            "merged into b on 2026-02-03, which theirs has in full: this row counts it twice"
        );
    }
}
