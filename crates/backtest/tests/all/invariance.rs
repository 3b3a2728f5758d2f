//! The same rows give the same report, in whatever order they come.

use crate::random::Random;
use crate::simulate::company;
use tenure_backtest::{Panel, Scorer, Settings, backtest};

#[test]
fn the_order_of_rows_changes_nothing() {
    let company = company(3, 500, 30);
    let scorers = [company.score("noisy score", 1.0, 4), company.score("another", 2.0, 5)];
    let mut order: Vec<usize> = (0..company.rows.len()).collect();
    Random::new(9).shuffle(&mut order);
    let rows = order.iter().map(|&i| company.rows[i].clone()).collect();
    let shuffled = Panel::new(company.signals.clone(), rows).unwrap();
    let moved: Vec<Scorer> = scorers
        .iter()
        .map(|scorer| Scorer {
            name: scorer.name.clone(),
            scores: order.iter().map(|&i| scorer.scores[i]).collect(),
            colours: scorer.colours.as_ref().map(|colours| order.iter().map(|&i| colours[i]).collect()),
        })
        .collect();
    let settings = Settings { baseline: Some("another".into()), ..Settings::default() };
    let (before, after) =
        (backtest(&company.panel(), &scorers, &settings, &[]), backtest(&shuffled, &moved, &settings, &[]));
    let (before, after) = (before.unwrap(), after.unwrap());
    assert_eq!(before, after);
    let json = |found: &tenure_backtest::Backtest| serde_json::to_string(&found.report).unwrap();
    assert_eq!(json(&before), json(&after));
    assert!(before.report.horizons.iter().all(|horizon| horizon.judged.enough().is_some()));
}
