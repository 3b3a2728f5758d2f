//! An answer made by hand, for tests of what is made of answers.

use crate::board::{Board, assemble};
use crate::html::{Facts, Meaning};
use jiff::Timestamp;
use rust_decimal::Decimal;
use tenure_catalog::{Better, BoardPlan, Catalog, Unit};
use tenure_engine::{Answer, Cell, Number, Part};
use tenure_schema::period::{Clock, Grain, Period};
use tenure_schema::settings::Settings;

pub(crate) fn clock() -> Clock {
    Settings::default().clock()
}

pub(crate) fn now() -> Timestamp {
    "2026-07-01T00:00:00Z".parse().unwrap()
}

/// The last months before [`now`].
pub(crate) fn months(n: u32) -> Vec<Period> {
    Period::last(n, Grain::Month, now(), &clock()).unwrap()
}

/// A cell of the whole with nothing excluded.
pub(crate) fn cell(metric: &str, title: &str, group: &str, unit: Unit, better: Better, value: f64) -> Cell {
    let period = months(1).remove(0);
    Cell {
        metric: metric.into(),
        variant: "default".into(),
        title: title.into(),
        group: group.into(),
        window_start: period.start,
        window_end: period.end,
        period,
        segment: Vec::new(),
        value: Some(Number::Float(value)),
        parts: Vec::new(),
        low: None,
        high: None,
        n: 512,
        excluded: Vec::new(),
        reason: None,
        withheld: false,
        unit,
        currency: (unit == Unit::Money).then(|| "USD".to_owned()),
        better,
        complete: true,
        observed_to: now(),
        assumed: None,
    }
}

/// A ratio with an interval, money to the cent, and a cell that has no value.
pub(crate) fn answer() -> Answer {
    let mut nrr = cell("nrr", "Net revenue retention", "retention", Unit::Ratio, Better::Up, 1.04);
    (nrr.low, nrr.high) = (Some(Number::Float(1.02)), Some(Number::Float(1.06)));
    nrr.excluded = vec![("trial".into(), 3), ("no account".into(), 1)];
    nrr.assumed = Some(0.125);
    let mut mrr = cell("mrr", "Monthly recurring revenue", "revenue", Unit::Money, Better::Up, 0.0);
    mrr.value = Some(Number::Exact(Decimal::new(41_234_550, 2)));
    mrr.segment = vec![("plan".into(), Some("pro, \"gold\"".into())), ("country".into(), None)];
    mrr.parts =
        vec![Part { name: "paused".into(), value: Some(Number::Exact(Decimal::new(120_000, 3))), unit: Unit::Money }];
    let mut quick = cell("quick_ratio", "Quick ratio", "revenue", Unit::Number, Better::Up, 0.0);
    (quick.value, quick.reason, quick.n, quick.complete) = (None, Some("no losses".into()), 0, false);
    Answer { cells: vec![nrr, mrr, quick], catalogue: "c0ffee".into(), lake_version: 7 }
}

/// Thirteen months of a small company.
pub(crate) fn board() -> Board {
    let periods = months(13);
    let settings = Settings {
        name: "Acme & Sons".into(),
        targets: [("nrr".to_owned(), 1.05), ("nps".to_owned(), 30.0), ("first_response_time".to_owned(), 7200.0)]
            .into(),
        ..Settings::default()
    };
    let mut cells = Vec::new();
    let mut trend = |template: Cell, slope: f64, wave: f64, band: f64| {
        for (at, period) in periods.iter().enumerate() {
            // The last month is what the template says; those before differ by a slope and a wave.
            let back = (periods.len() - 1 - at) as f64;
            let base = template.value.map(Number::as_f64);
            let value = base.map(|base| base - slope * back + wave * (back * 1.7).sin());
            let ends = |by: f64| value.filter(|_| band > 0.0).map(|value| Number::Float(value + by));
            cells.push(Cell {
                value: value.map(Number::Float),
                low: ends(-band),
                high: ends(band),
                window_start: period.start,
                window_end: period.end,
                period: period.clone(),
                ..template.clone()
            });
        }
    };
    use Better::{Down, Neither, Up};
    use Unit::{Count, Money, Number as Plain, Points, Ratio, Seconds};
    trend(cell("mrr", "Monthly recurring revenue", "revenue", Money, Up, 412_345.5), 7_200.0, 2_500.0, 0.0);
    trend(cell("new_mrr", "New MRR", "revenue", Money, Up, 21_400.0), 300.0, 2_000.0, 0.0);
    trend(cell("expansion_mrr", "Expansion MRR", "revenue", Money, Up, 11_900.0), 100.0, 900.0, 0.0);
    trend(cell("reactivation_mrr", "Reactivation MRR", "revenue", Money, Up, 1_250.0), 0.0, 300.0, 0.0);
    trend(cell("contraction_mrr", "Contraction MRR", "revenue", Money, Down, 6_300.0), 0.0, 500.0, 0.0);
    trend(cell("churned_mrr", "Churned MRR", "revenue", Money, Down, 14_150.0), -100.0, 900.0, 0.0);
    let quick = Cell {
        reason: Some("no losses".into()),
        value: None,
        n: 0,
        ..cell("quick_ratio", "Quick ratio", "revenue", Plain, Up, 0.0)
    };
    trend(quick, 0.0, 0.0, 0.0);
    let excluded = vec![("no opening subscription".to_owned(), 48), ("merged".to_owned(), 3)];
    trend(
        Cell { excluded, ..cell("nrr", "Net revenue retention", "retention", Ratio, Up, 1.042) },
        0.003,
        0.004,
        0.021,
    );
    trend(cell("grr", "Gross revenue retention", "retention", Ratio, Up, 0.881), 0.002, 0.003, 0.015);
    trend(cell("logo_churn_rate", "Logo churn rate", "retention", Ratio, Down, 0.0181), -0.0003, 0.002, 0.009);
    let renewal = Cell { complete: false, ..cell("renewal_rate", "Renewal rate", "retention", Ratio, Up, 0.912) };
    trend(renewal, 0.002, 0.01, 0.03);
    trend(cell("nps", "Net Promoter Score", "voice", Points, Up, 34.2), 0.4, 3.0, 6.1);
    for (scale, value) in [("1.0 (1–5)", 2.31), ("2.0 (1–7)", 5.42)] {
        let segment = vec![("version".to_owned(), Some(scale.to_owned()))];
        trend(
            Cell { segment, ..cell("ces", "Customer effort score", "voice", Unit::Score, Neither, value) },
            0.0,
            0.05,
            0.1,
        );
    }
    trend(cell("first_response_time", "First response time", "support", Seconds, Down, 5_520.0), -90.0, 400.0, 600.0);
    trend(cell("backlog", "Ticket backlog", "support", Count, Down, 143.0), -2.0, 9.0, 0.0);
    let answer = Answer { cells, catalogue: "c0ffee00c0ffee00".into(), lake_version: 7 };
    assemble(&[answer], periods, 1, &settings, &plan())
}

fn plan() -> BoardPlan {
    Catalog::builtin().unwrap().board().clone()
}

/// The board with two figures split by plan.
pub(crate) fn split_board() -> Board {
    let mut cells = Vec::new();
    for (plan, mrr, nrr) in
        [(Some("pro"), 300_000.0, Some(1.08)), (Some("basic"), 100_000.0, Some(0.97)), (None, 12_000.0, None)]
    {
        let segment = vec![("plan".to_owned(), plan.map(str::to_owned))];
        let mrr = cell("mrr", "Monthly recurring revenue", "revenue", Unit::Money, Better::Up, mrr);
        let rate = cell("quick_ratio", "Quick ratio", "revenue", Unit::Number, Better::Up, nrr.unwrap_or_default());
        let (value, reason) = (nrr.map(Number::Float), nrr.is_none().then(|| "no losses".to_owned()));
        cells.push(Cell { segment: segment.clone(), ..mrr });
        cells.push(Cell { segment, value, reason, ..rate });
    }
    let answer = Answer { cells, catalogue: "c0ffee00c0ffee00".into(), lake_version: 7 };
    let mut board = assemble(&[answer], months(1), 1, &Settings::default(), &plan());
    board.by = vec!["plan".into()];
    board
}

pub(crate) fn meanings() -> Vec<Meaning> {
    vec![Meaning {
        metric: "nrr".into(),
        variant: "in_period".into(),
        title: "Net revenue retention".into(),
        about: "What the customers of twelve months ago pay now, for each unit they paid then.".into(),
        formula: "sum(closing MRR of the opening cohort) / sum(opening MRR)".into(),
        source: "public filings, point to point".into(),
        choices: vec![("churn_grace_days".into(), "0".into())],
    }]
}

pub(crate) fn facts() -> Facts {
    [("Lake version", "7"), ("Currency", "USD")].map(|(name, value)| (name.into(), value.into())).into()
}
