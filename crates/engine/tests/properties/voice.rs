//! Answers: each is of one class, and the score is made of the classes.

use crate::harness::{Case, none_wrong};
use crate::look::{SPLITS, near, part, value, variant_of};

/// Promoters + passives + detractors = n, and the score is what is between them.
pub async fn nps_classes_add_up(case: &Case<'_>) -> Result<(), String> {
    let look = case.look().await?;
    let by: &[&str] = if case.turn % 7 == 6 { &["row.survey", "row.channel"] } else { case.pick_after(2, &SPLITS) };
    let periods = look.periods();
    let mut wrong = Vec::new();
    for variant in ["default", "per_response", "per_account", "transactional"] {
        // Means of accounts have no survey.
        if variant == "per_account" && by.first() == Some(&"row.survey") {
            continue;
        }
        for (place, cell) in look.cells(&variant_of("nps", variant), &periods, by).await? {
            let class = |name| part(&cell, name);
            let (Some(for_us), Some(between), Some(against)) =
                (class("promoters"), class("passives"), class("detractors"))
            else {
                // Of a period that has not begun nothing is known.
                if !cell.reason.as_ref().is_some_and(|reason| reason.starts_with("not begun")) {
                    wrong.push(format!("{variant} {place:?}: a class is unknown: {:?}", cell.reason));
                }
                continue;
            };
            let score = (cell.n > 0).then(|| 100.0 * (for_us - against) / cell.n as f64);
            let scored = value(&cell).zip(score).is_none_or(|(told, score)| near(told, score));
            if !near(for_us + between + against, cell.n as f64) || !scored || value(&cell).is_some() != score.is_some()
            {
                let figures = (for_us, between, against, cell.n, value(&cell));
                wrong.push(format!("{variant} {} {:?}: {figures:?}", periods[place.0].label, place.1));
            }
        }
    }
    none_wrong(wrong)
}

#[test]
fn promoters_passives_and_detractors_are_all_answers() {
    crate::harness::hold("NPS classes add up", 7);
}
