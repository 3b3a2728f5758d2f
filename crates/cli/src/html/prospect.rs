//! How long customers stay, and how often scores and models were right: drawn beside the board.

use super::chart::{self, LineChart, Point, Series, Size};
use super::{trends, worth};
use crate::board::Board;
use crate::people;
use maud::{Markup, html};
use tenure_backtest::{Chosen, HorizonReport, Judged, Judgement, words};
use tenure_catalog::Unit;
use tenure_engine::Number;
use tenure_health::{BASELINE, SCORECARD};
use tenure_outlook::lifetime_value::HoldOut;
use tenure_outlook::survival::Curve;

/// The metric of health over time.
const SCORE: &str = "health_score";
/// Days of an average month.
const MONTH: f64 = 365.25 / 12.0;
/// The months that are drawn at most.
const LONGEST: usize = 60;

/// What is drawn; what there is no answer to is left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prospect {
    /// How long customers stay.
    pub(crate) staying: Option<Curve>,
    /// How often scores were right, at one horizon.
    pub(crate) judged: Option<HorizonReport>,
    /// Models of lifetime value against what came.
    pub(crate) held_out: Vec<HoldOut>,
}

/// The section; nothing where there is nothing to draw.
pub(super) fn section(board: &Board, prospect: &Prospect) -> Markup {
    let judged = prospect.judged.as_ref();
    let enough = judged.and_then(|horizon| Some((horizon.horizon, horizon.judged.enough()?)));
    let reliability = enough.into_iter().flat_map(|(days, judged)| reliability(days, judged));
    let gains = enough.and_then(|(days, judged)| gains(days, judged));
    let health = board.whole(SCORE).and_then(|line| trends::drawn(board, "Health score", &[(line, "score")]));
    let staying = prospect.staying.as_ref().and_then(staying);
    let figures: Vec<Markup> = health
        .into_iter()
        .chain(staying)
        .chain(reliability)
        .chain(gains)
        .chain(worth::figures(&prospect.held_out))
        .collect();
    html! {
        @if !figures.is_empty() || judged.is_some() {
            section.group {
                h2 { "What lies ahead" }
                @if let Some(horizon) = judged { (told(horizon)) }
                div.charts { @for figure in &figures { (figure) } }
            }
        }
    }
}

/// What was found of each score, in words.
fn told(horizon: &HorizonReport) -> Markup {
    let judged = match horizon.judged.not_enough() {
        Some(why) => {
            return html! { p.small { "Scores held against who left within " (horizon.horizon) " days: " (words::not_enough(why)) "." } };
        }
        None => horizon.judged.enough(),
    };
    html! {
        @if let Some(judged) = judged {
            p.small {
                "Scores held against who left within " (horizon.horizon) " days, out of time: " (people::count(judged.rows)) " observations of "
                (people::count(judged.accounts)) " customers, of whom " (people::count(judged.churned_accounts)) " left."
            }
            ul.small { @for (name, judgement) in found(judged) {
                li { (name) ": " (words::verdict(judgement)) "." }
            } }
        }
    }
}

fn found(judged: &Judged) -> impl Iterator<Item = (&str, &Judgement)> {
    judged.scorers.iter().filter_map(|scored| Some((scored.scorer.as_str(), scored.judgement.enough()?)))
}

/// The share still there, month by month.
fn staying(curve: &Curve) -> Option<Markup> {
    let longest = curve.points.last().map(|point| (point.days / MONTH) as usize)?.min(LONGEST);
    let point = |months: usize| {
        let until = curve.points.iter().take_while(|point| point.days <= months as f64 * MONTH).last();
        Point {
            value: Some(until.map_or(1.0, |point| point.share)),
            band: until.and_then(|point| point.interval).map(|interval| (interval.low, interval.high)),
            complete: true,
        }
    };
    let chart = LineChart {
        periods: (0..=longest).map(|months| format!("{months}")).collect(),
        series: vec![Series { name: "staying".to_owned(), points: (0..=longest).map(point).collect() }],
        tick: &round,
        text: &percent,
    };
    let share = |months: usize| Some(format!("{} after {months} months", percent(point(months).value?)));
    let told: Vec<String> =
        [3, 6, 12, 24, 36].into_iter().filter(|months| *months <= longest).filter_map(share).collect();
    let note = "months since becoming a customer; Kaplan–Meier, band: 95% interval";
    let told = format!("Still customers: {}.", told.join(", "));
    (longest > 0)
        .then(|| chart::figure("How long customers stay", &told, Some(note), Size::Page, |size| chart.draw(size)))
}

/// Predicted against what happened, of the first score.
fn reliability(days: i32, judged: &Judged) -> Option<Markup> {
    let (name, judgement) = found(judged).next()?;
    let bins = &judgement.reliability;
    let observed = |bin: &tenure_backtest::ReliabilityBin| Point {
        value: Some(bin.observed),
        band: bin.low.zip(bin.high),
        complete: true,
    };
    let predicted =
        |bin: &tenure_backtest::ReliabilityBin| Point { value: Some(bin.predicted), band: None, complete: true };
    let chart = LineChart {
        periods: bins.iter().map(|bin| percent(bin.predicted)).collect(),
        series: vec![
            Series { name: "left".to_owned(), points: bins.iter().map(observed).collect() },
            Series { name: "predicted".to_owned(), points: bins.iter().map(predicted).collect() },
        ],
        tick: &round,
        text: &percent,
    };
    let said = bins.iter().map(|bin| format!("predicted {}, left {}", percent(bin.predicted), percent(bin.observed)));
    let told = format!("Leaving within {days} days by tenths of the risk: {}.", said.collect::<Vec<_>>().join("; "));
    let title = format!("Calibration of the {name}: who left within {days} days");
    let note = "by tenths of the predicted risk; band: 95% interval";
    (bins.len() > 1).then(|| chart::figure(&title, &told, Some(note), Size::Page, |size| chart.draw(size)))
}

/// How many of those who left the riskiest hold.
fn gains(days: i32, judged: &Judged) -> Option<Markup> {
    let scorers: Vec<(&str, &Judgement)> = held_together(found(judged), judged.chosen);
    let (first, judgement) = scorers.first()?;
    let line = |(name, judgement): &(&str, &Judgement)| Series {
        name: (*name).to_owned(),
        points: judgement
            .gains
            .iter()
            .map(|top| Point { value: Some(top.capture), band: None, complete: true })
            .collect(),
    };
    let chart = LineChart {
        periods: judgement.gains.iter().map(|top| round(top.share)).collect(),
        series: scorers.iter().map(line).collect(),
        tick: &round,
        text: &percent,
    };
    let tenth = judgement.top.first()?;
    let told = format!(
        "The riskiest {} by the {first} hold {} of those who left, {:.1} times as many as by chance.",
        round(tenth.share),
        percent(tenth.capture),
        tenth.lift
    );
    let title = format!("Lift: how many who left within {days} days the riskiest hold");
    let note = "by share of customers, the riskiest first";
    Some(chart::figure(&title, &told, Some(note), Size::Page, |size| chart.draw(size)))
}

/// The scorers that share a chart: the scorecard, the model that speaks for customers of today, and the simplest score there is.
fn held_together<'a, T>(found: impl Iterator<Item = (&'a str, T)>, chosen: Option<Chosen>) -> Vec<(&'a str, T)> {
    let shown = [Some(SCORECARD), chosen.map(|chosen| chosen.kind.scorer()), Some(BASELINE)];
    let place = |name: &str| shown.iter().position(|one| *one == Some(name));
    let mut scorers: Vec<(usize, (&str, T))> = found.filter_map(|one| Some((place(one.0)?, one))).collect();
    scorers.sort_by_key(|(place, _)| *place);
    scorers.into_iter().map(|(_, one)| one).collect()
}

/// A share that was chosen, such as a tenth.
fn round(share: f64) -> String {
    people::compact(share, Unit::Ratio, None)
}

/// A share that was found.
fn percent(share: f64) -> String {
    people::percent(Number::Float(share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenure_backtest::{MODEL, ModelKind, TREES};

    #[test]
    fn the_chart_of_gains_has_the_model_that_speaks_for_today() {
        let found = [SCORECARD, BASELINE, MODEL, TREES];
        let names = |found: &[&'static str], chosen: Option<ModelKind>| -> Vec<&str> {
            let chosen = chosen.map(|kind| Chosen { kind, difference: None });
            held_together(found.iter().map(|name| (*name, ())), chosen).into_iter().map(|(name, ())| name).collect()
        };
        assert_eq!(names(&found, Some(ModelKind::Boosted)), [SCORECARD, TREES, BASELINE]);
        assert_eq!(names(&found, Some(ModelKind::Logistic)), [SCORECARD, MODEL, BASELINE]);
        assert_eq!(names(&found, None), [SCORECARD, BASELINE]);
        assert_eq!(names(&[BASELINE, MODEL], Some(ModelKind::Logistic)), [MODEL, BASELINE]);
    }
}
