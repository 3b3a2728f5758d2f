//! Survival for people: a line a group with its curve, whether they differ, and what hastens the end.

use super::Told;
use crate::people;
use crate::printer::{Printer, rendered};
use crate::table::{Column, Row, Table, Text, Tone, wrap};
use std::path::Path;
use tenure_engine::Number;
use tenure_outlook::OrReason;
use tenure_outlook::survival::{Curve, Group, HORIZONS, Hazards, Of, Quartile, ShareAt};
use tenure_stats::survival::LogRank;

/// Bars of a curve, over the time of the longest.
const BARS: usize = 16;

/// The whole text.
pub(super) fn text(told: &Told<'_>, printer: &Printer, file: Option<&Path>) -> String {
    let found = told.found;
    let mut text = said(printer, Tone::Strong, &heading(told)) + "\n";
    text += &rendered(printer, &curves(told), file);
    if let Some(Err(reason)) = found.all.curve.as_ref().ok().map(|curve| &curve.quartiles[1].days) {
        let what = if found.of == Of::Churn { "left" } else { "arrived" };
        text += &said(printer, Tone::Faint, &format!("no day by which half have {what} ({reason})"));
    }
    if let Some(test) = &found.log_rank {
        text += &format!("\n{}", said(printer, Tone::Plain, &differ(test, found.of)));
    }
    if let Some(model) = &found.cox {
        text += &match model {
            Ok(model) => hazards(model, printer, file),
            Err(reason) => format!("\n{}", said(printer, Tone::Warn, &format!("no model: {reason}"))),
        };
    }
    text + &foot(told, printer)
}

fn heading(told: &Told<'_>) -> String {
    let clock = told.session.engine.clock();
    let (all, what) = (&told.found.all, told.found.of);
    let began =
        told.question.period.as_ref().map(|period| format!(" begun in {}", people::period_title(period, &clock)));
    let counted = match what {
        Of::Churn => format!("{} left", people::count(all.ended)),
        Of::Journey(_) => format!("{} arrived, {} left before", people::count(all.ended), people::count(all.lost)),
    };
    let title = match what {
        Of::Churn => "How long customers stay",
        Of::Journey("onboarding_time") => "How long until customers are live",
        Of::Journey("time_to_first_value") => "How long until customers see first value",
        Of::Journey(_) => "How long until customers see value",
    };
    let lives = match what {
        Of::Churn => "lives",
        Of::Journey(_) => "signatures",
    };
    format!("{title}: {} {lives}{}, {counted}", people::count(all.lives), began.unwrap_or_default())
}

fn curves(told: &Told<'_>) -> Table {
    let (by, churn) = (&told.question.by, told.found.of == Of::Churn);
    let mut columns: Vec<Column> = by.iter().map(|name| Column::words(name).wraps_to(10)).collect();
    columns.extend([
        Column::numbers(if churn { "lives" } else { "signed" }),
        Column::numbers(if churn { "left" } else { "arrived" }),
    ]);
    columns.push(Column::numbers(if churn { "half left by" } else { "half there by" }));
    columns.push(Column::numbers("95%").rank(2));
    // Who matters less: the months in the middle.
    let ranks = [4, 5, 1, 0, 3];
    let share = if churn { "stay" } else { "not yet at" };
    columns.extend(
        HORIZONS.iter().zip(ranks).map(|(months, rank)| Column::numbers(&format!("{share} {months} mo")).rank(rank)),
    );
    columns.push(Column::words("curve").rank(1));
    let mut table = Table::new(columns).in_full("--format csv");
    let longest = told.found.groups.iter().chain([&told.found.all]).filter_map(last).fold(0.0, f64::max);
    if by.is_empty() || told.found.groups.len() > 1 {
        let name = by.iter().enumerate().map(|(at, _)| if at == 0 { "all" } else { "" });
        row(&mut table, name.map(|name| Text::toned(Tone::Strong, name)).collect(), &told.found.all, longest);
    }
    for group in &told.found.groups {
        let name = group.segment.iter().map(|(_, value)| match value {
            Some(value) => value.as_str().into(),
            None => Text::toned(Tone::Faint, "(none)"),
        });
        row(&mut table, name.collect(), group, longest);
    }
    table
}

fn row(table: &mut Table, mut cells: Vec<Text>, group: &Group, longest: f64) {
    cells.extend([people::count(group.lives).into(), people::count(group.ended).into()]);
    let curve = match &group.curve {
        Ok(curve) => curve,
        Err(reason) => {
            cells.extend((0..HORIZONS.len() + 3).map(|_| Text::default()));
            table.row(cells);
            table.line(Row::Note(Text::toned(Tone::Faint, reason.as_str())));
            return;
        }
    };
    let half = &curve.quartiles[1];
    cells.push(match &half.days {
        Ok(days) => Text::toned(Tone::Strong, in_days(*days)),
        Err(_) => Text::toned(Tone::Faint, "–"),
    });
    cells.push(Text::toned(Tone::Faint, sides(half)));
    cells.extend(curve.shares.iter().map(at_month));
    cells.push(bars(curve, longest).into());
    table.row(cells);
}

fn at_month(at: &ShareAt) -> Text {
    match &at.share {
        Ok(share) => people::percent(Number::Float(*share)).into(),
        Err(_) => Text::toned(Tone::Faint, "–"),
    }
}

/// The curve as bars from all to none, over the time of the longest one.
fn bars(curve: &Curve, longest: f64) -> String {
    let end = curve.points.last().map_or(0.0, |point| point.days);
    let share = |at: f64| {
        let passed = curve.points.partition_point(|point| point.days <= at);
        passed.checked_sub(1).map_or(1.0, |place| curve.points[place].share)
    };
    let values: Vec<Option<f64>> = (0..BARS)
        .map(|bar| longest * bar as f64 / (BARS - 1) as f64)
        .map(|at| (at <= end).then(|| share(at)))
        .collect();
    people::spark_within(&values, 0.0, 1.0).trim_end().to_owned()
}

fn last(group: &Group) -> Option<f64> {
    group.curve.as_ref().ok()?.points.last().map(|point| point.days)
}

fn differ(test: &OrReason<LogRank>, of: Of) -> String {
    let what = match of {
        Of::Churn => "leave",
        Of::Journey(_) => "arrive",
    };
    match test {
        Ok(found) => {
            let test = found.test;
            let verdict = match test.p {
                small if small < 0.01 => format!("the groups {what} at different speeds"),
                small if small < 0.05 => format!("the groups probably {what} at different speeds"),
                _ => format!("chance alone would explain how differently the groups {what}"),
            };
            format!(
                "{verdict} (log-rank χ² {:.2}, {} df, p {})",
                test.statistic,
                test.degrees_of_freedom,
                p_value(test.p)
            )
        }
        Err(reason) => format!("the groups cannot be compared: {reason}"),
    }
}

fn hazards(model: &Hazards, printer: &Printer, file: Option<&Path>) -> String {
    let mut table = Table::new(vec![
        Column::words("Attribute"),
        Column::words("Level").wraps_to(12),
        Column::numbers("lives").rank(1),
        Column::numbers("ended"),
        Column::numbers("hazard ratio"),
        Column::numbers("95%"),
        Column::numbers("p"),
    ]);
    let level = |level: &Option<String>| level.clone().unwrap_or_else(|| "(none)".to_owned());
    for ratio in &model.ratios {
        let interval = ratio.interval.map(|sides| format!("{:.2}–{:.2}", sides.low, sides.high)).unwrap_or_default();
        table.row(vec![
            ratio.attribute.as_str().into(),
            level(&ratio.level).into(),
            people::count(ratio.lives).into(),
            people::count(ratio.ends).into(),
            Text::toned(Tone::Strong, format!("{:.2}", ratio.ratio)),
            Text::toned(Tone::Faint, interval),
            p_value(ratio.p).into(),
        ]);
    }
    let against: Vec<String> = model.references.iter().map(|(name, at)| format!("{name} {}", level(at))).collect();
    let title = format!("What hastens the end: hazard against {}", against.join(" and "));
    let mut text = format!("\n{}\n{}", said(printer, Tone::Strong, &title), rendered(printer, &table, file));
    let mut notes = Vec::new();
    if let Ok(concordance) = model.concordance {
        notes.push(format!(
            "concordance {concordance:.2} (0.5 is chance, 1 a perfect order), {} ends among {} lives",
            people::count(model.ends),
            people::count(model.lives)
        ));
    }
    notes.extend(model.left_out.iter().map(|one| {
        format!(
            "left out: {} {}, of whose {} lives none has ended: its hazard has no finite ratio",
            one.attribute,
            level(&one.level),
            people::count(one.lives)
        )
    }));
    if model.is_thin() {
        notes.push(format!(
            "fewer than {} ends a level: take the ratios with caution",
            tenure_outlook::survival::ENDS_A_COEFFICIENT
        ));
    }
    text += &notes.iter().map(|note| said(printer, Tone::Faint, note)).collect::<String>();
    text
}

fn foot(told: &Told<'_>, printer: &Printer) -> String {
    let found = told.found;
    let mut notes = vec![match found.of {
        Of::Churn => {
            "who is still a customer counts as long as seen; who comes back begins anew (Kaplan–Meier)".to_owned()
        }
        Of::Journey(_) => {
            "who is on the way counts as long as seen; who leaves first never arrives (Aalen–Johansen)".to_owned()
        }
    }];
    if told.question.seen_from.is_some() {
        notes.push("customers from before the day given are at risk only from then on".to_owned());
    }
    let left_out = found.left_out.iter().map(|(reason, count)| format!("{reason} {}", people::count(*count)));
    let left_out: Vec<String> = left_out.collect();
    if !left_out.is_empty() {
        notes.push(format!("left out: {}", left_out.join(", ")));
    }
    let clock = told.session.engine.clock();
    notes.push(format!(
        "data through {} · lake version {} · catalogue {}",
        people::day_before(told.question.now, &clock),
        told.session.engine.lake_version(),
        crate::board::short_hash(told.session.engine.catalogue_hash())
    ));
    format!("\n{}", notes.iter().map(|note| said(printer, Tone::Faint, note)).collect::<String>())
}

fn said(printer: &Printer, tone: Tone, text: &str) -> String {
    wrap(text, printer.width).iter().map(|line| format!("{}\n", printer.palette.paint(tone, line))).collect()
}

fn sides(quartile: &Quartile) -> String {
    match (quartile.interval.low, quartile.interval.high) {
        (Some(low), Some(high)) => format!("{}–{}", people::count(whole(low)), in_days(high)),
        (Some(low), None) => format!("from {}", in_days(low)),
        (None, Some(high)) => format!("to {}", in_days(high)),
        (None, None) => String::new(),
    }
}

fn in_days(days: f64) -> String {
    format!("{} d", people::count(whole(days)))
}

/// Days are whole and far from the limits of the type.
fn whole(days: f64) -> i64 {
    days.round() as i64
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}
