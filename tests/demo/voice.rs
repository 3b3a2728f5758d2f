//! What customers and colleagues answered.

use crate::company::{Differences, Truth, company, excluded, part, value};

fn labels(truth: &[Truth], column: &str) -> Vec<String> {
    let mut labels: Vec<String> = truth.iter().map(|row| row.text(column).to_owned()).collect();
    labels.sort();
    labels.dedup();
    labels
}

#[test]
fn nps_of_every_quarter_and_month() {
    let company = company();
    let truth = company.truth("nps.csv");
    let measured = company.totals("nps", &labels(&truth, "period"));
    let mut differences = Differences::default();
    for row in &truth {
        let period = row.text("period");
        let cell = &measured[period];
        differences.near(&format!("nps {period}"), value(cell), row.number("nps"), 1e-6);
        differences.same(&format!("n {period}"), cell.n, row.count("n"));
        for band in ["promoters", "passives", "detractors"] {
            differences.near(&format!("{band} {period}"), part(cell, band), row.number(band), 0.0);
        }
        for (reason, column) in
            [("superseded", "superseded"), ("not answered", "blank"), ("off the scale", "off_scale")]
        {
            differences.same(&format!("{reason} {period}"), excluded(cell, reason), row.count(column));
        }
    }
    differences.none();
}

#[test]
fn ratings_by_survey() {
    let company = company();
    let truth = company.truth("ratings.csv");
    let quarters = labels(&truth, "quarter");
    let mut differences = Differences::default();
    for (metric, mean) in [("csat", Some("mean")), ("ces", None)] {
        let measured = company.cells(metric, &quarters, &["survey"]);
        let is_effort = |row: &&Truth| row.text("survey").contains("Effort");
        let rows: Vec<&Truth> = truth.iter().filter(|row| is_effort(row) == (metric == "ces")).collect();
        let cells: usize = measured.values().flatten().filter(|cell| cell.n > 0).count();
        differences.same(&format!("cells of {metric}"), i64::try_from(cells).unwrap(), rows.len() as i64);
        for row in rows {
            let (quarter, survey) = (row.text("quarter"), row.text("survey"));
            let scale = format!("1-{}", row.text("scale_max"));
            let has = |of: &[(String, Option<String>)], name: &str, is: &str| {
                of.iter().any(|(attribute, value)| attribute == name && value.as_deref() == Some(is))
            };
            let cell = measured[quarter].iter().find(|cell| {
                has(&cell.segment, "survey", survey)
                    && has(&cell.segment, "scale", &scale)
                    && (row.text("version").is_empty() || has(&cell.segment, "version", row.text("version")))
            });
            let Some(cell) = cell else { panic!("no {metric} of {survey} {scale} in {quarter}") };
            let what = format!("{survey} {quarter}");
            differences.same(&format!("n of {what}"), cell.n, row.count("n"));
            let measured = mean.map_or_else(|| value(cell), |mean| part(cell, mean));
            differences.near(&format!("mean of {what}"), measured, row.number("mean"), 1e-6);
            if metric == "csat" {
                differences.near(
                    &format!("satisfied of {what}"),
                    part(cell, "satisfied"),
                    row.number("satisfied"),
                    0.0,
                );
            }
        }
    }
    differences.none();
}

#[test]
fn invitations_answered() {
    let company = company();
    let truth = company.truth("invitations.csv");
    let measured = company.cells("response_rate", &labels(&truth, "sent_in"), &[]);
    let mut differences = Differences::default();
    for row in &truth {
        let (quarter, kind) = (row.text("sent_in"), row.text("kind"));
        let wanted = [("survey_kind", kind), ("audience", "customer")];
        let cell = measured[quarter].iter().find(|cell| {
            cell.segment.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or_default())).eq(wanted)
        });
        let Some(cell) = cell else { panic!("no {kind} invitations in {quarter}") };
        differences.same(&format!("delivered {kind} {quarter}"), cell.n, row.count("delivered"));
        let undelivered = row.count("invitations") - row.count("delivered");
        differences.same(&format!("bounced {kind} {quarter}"), excluded(cell, "not delivered"), undelivered);
        // An answer with neither score nor comment answers nothing.
        let answered = row.number("of_them_not_blank");
        differences.near(&format!("answered {kind} {quarter}"), part(cell, "answered"), answered, 0.0);
    }
    differences.none();
}

#[test]
fn colleagues_answer_and_meet() {
    let company = company();
    let truth = company.truth("staff_voice.csv");
    let (mut differences, mut shown) = (Differences::default(), 0);
    let periods = labels(&truth, "period");
    let (quarters, months): (Vec<String>, Vec<String>) = periods.into_iter().partition(|label| label.contains('Q'));
    let (enps, pulse) = (company.totals("enps", &quarters), company.cells("pulse", &months, &[]));
    for row in &truth {
        let (period, question) = (row.text("period"), row.text("question"));
        let cell = match row.text("survey") {
            "enps" => &enps[period],
            _ => pulse[period]
                .iter()
                .find(|cell| cell.segment.iter().any(|(_, is)| is.as_deref() == Some(question)))
                .unwrap(),
        };
        if cell.reason.as_deref().is_some_and(|reason| reason.starts_with("not shown")) {
            continue;
        }
        shown += 1;
        let what = format!("{} {question} {period}", row.text("survey"));
        differences.same(&format!("n of {what}"), cell.n, row.count("n"));
        if row.text("survey") == "enps" {
            for band in ["promoters", "detractors"] {
                differences.near(&format!("{band} of {what}"), part(cell, band), row.number(band), 0.0);
            }
        } else {
            differences.near(&format!("mean of {what}"), value(cell), row.number("mean"), 1e-6);
        }
    }
    assert!(shown * 10 > truth.len() * 9, "{shown} of {} are shown", truth.len());
    let truth = company.truth("one_on_ones.csv");
    let measured = company.totals("one_on_one_coverage", &labels(&truth, "month"));
    for row in &truth {
        let month = row.text("month");
        let (due, held) = (row.number("employed_throughout"), row.number("of_them_had_one"));
        differences.near(&format!("one-on-ones due {month}"), part(&measured[month], "due"), due, 0.0);
        differences.near(&format!("one-on-ones held {month}"), part(&measured[month], "held"), held, 0.0);
    }
    differences.none();
}
