//! What a derived metric may read of an input beside its value and `n`: its parts, and its states that are one number.

use crate::definition::{Aggregate, Definition, Part};
use crate::sql::names_in_expression;

/// Aggregates whose state is no number.
const NO_NUMBER: [&str; 7] = ["bool_and", "bool_or", "multiset", "sums_by", "lifetimes", "histories", "string_agg"];

impl Definition {
    /// The figures that stand behind an input's name, such as `part_promoters` and `state_promoters` (read as `nps_part_promoters`), each
    /// as a part of this definition. A mean over days has none.
    pub fn readings(&self, take: Aggregate) -> Vec<(String, Part)> {
        if take == Aggregate::DailyMean {
            return Vec::new();
        }
        let parts = self.parts.iter().map(|(name, part)| (format!("part_{}", name.to_lowercase()), part.clone()));
        let numbers = self.state.iter().filter(|(_, text)| is_a_number(text));
        let states = numbers.map(|(name, _)| {
            let value = format!("\"{}\"", name.replace('"', "\"\""));
            (format!("state_{}", name.to_lowercase()), Part { value, unit: None })
        });
        parts.chain(states).collect()
    }
}

fn is_a_number(aggregate: &str) -> bool {
    names_in_expression(aggregate).is_ok_and(|names| !NO_NUMBER.iter().any(|name| names.functions.contains(*name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Metric;

    const SCORE: &str = r#"
title = "Score"
unit  = "score"
rows  = { from = "survey_responses", at = "responded_at" }
state = { total = "sum(score)", scores = "multiset(score)", all = "bool_and(score > 0)" }
value = "ratio(total, n)"
parts = { median = "multiset_quantile(scores, 0.5)" }
"#;

    #[test]
    fn parts_and_numbers_of_the_state_can_be_read() {
        let metric = Metric::of("score.toml", "score", Metric::keys("score.toml", SCORE).unwrap()).unwrap();
        let names = |take| -> Vec<String> { metric.default.readings(take).into_iter().map(|(name, _)| name).collect() };
        assert_eq!(names(Aggregate::Value), ["part_median", "state_total"]);
        assert_eq!(names(Aggregate::Before), ["part_median", "state_total"]);
        assert_eq!(
            names(Aggregate::DailyMean),
            Vec::<String>::new(),
            "a day's median says nothing of the mean of days"
        );
    }
}
