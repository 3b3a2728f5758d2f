//! No rule holds: what there is to go on.

use crate::case::Case;
use crate::words::{counted, money};

pub(super) fn told(case: &Case<'_>) -> String {
    if case.is(case.base()) {
        return "theirs is what the lines in force bring; ours follows a definition that the workspace chose"
            .to_owned();
    }
    let Some(span) = case.span() else {
        return match case.held().len() {
            0 => "never a customer here".to_owned(),
            lines => format!("{} in force here", counted(lines, "line is", "lines are")),
        };
    };
    if let Some(ended) = span.to.filter(|to| *to <= case.asked().closing()) {
        let days = case.asked().days_between(ended, case.asked().closing());
        return format!(
            "no customer here since {}, {}",
            case.day(ended),
            counted(usize::try_from(days).unwrap_or(0), "day before the close", "days before the close")
        );
    }
    let lines: Vec<String> =
        case.held().iter().map(|line| format!("{} {}", line.name(), money(line.net, &line.currency))).collect();
    format!("customer here since {}: {}", case.day(span.from), lines.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::case::example::{Example, at, line};
    use crate::causes::Cause;
    use crate::facts::Stretch;

    #[test]
    fn what_there_is_to_go_on() {
        let mut example = Example::new("mrr", vec![line("s", "100", "2025-01-01", None)], "77");
        example.facts.spans.insert("a".into(), Stretch { from: at("2025-01-01"), to: None });
        assert_eq!(example.cause(), (Cause::Unexplained, "customer here since 2025-01-01: s 100.00 USD".into()));
        example.ours.insert("a".into(), "120".parse().unwrap());
        example.theirs.insert("a".into(), "100".parse().unwrap());
        assert!(example.cause().1.ends_with("ours follows a definition that the workspace chose"));
        let mut example = Example::new("mrr", Vec::new(), "77");
        assert_eq!(example.cause().1, "never a customer here");
        example.facts.spans.insert("a".into(), Stretch { from: at("2025-01-01"), to: Some(at("2026-01-31")) });
        assert_eq!(example.cause().1, "no customer here since 2026-01-31, 120 days before the close");
    }
}
