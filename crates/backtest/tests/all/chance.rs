//! Where scores have nothing to do with leaving, the intervals say so.

use crate::simulate::{company, scorer};
use tenure_backtest::{MODEL, Panel, Row, Settings, TREES, backtest};

#[test]
fn scores_of_other_accounts_are_no_better_than_chance() {
    let (mut noise, mut model, mut trees, mut seeds) = (0, 0, (0, 0), 0);
    for seed in 0..100 {
        let company = company(1000 + seed, 240, 24);
        // Everything that is known of an account is another one's.
        let row = |(row, &z): (&Row, &f64)| Row { values: vec![Some(z)], ..row.clone() };
        let rows: Vec<Row> = company.rows.iter().zip(&company.elsewhere).map(row).collect();
        let panel = Panel::new(vec!["use".to_owned()], rows).unwrap();
        let settings = Settings { horizons: vec![90], ..Settings::default() };
        let found = backtest(&panel, &[scorer("noise", company.elsewhere)], &settings, &[]).unwrap();
        let Some(judged) = found.report.horizons[0].judged.enough() else { continue };
        seeds += 1;
        for scored in &judged.scorers {
            // Where few left, trees are not grown.
            let auc = match scored.judgement.enough() {
                Some(judgement) => judgement.auc,
                None if scored.scorer == TREES => continue,
                None => panic!("{scored:?}"),
            };
            let covered = auc.low.is_some_and(|low| low <= 0.5) && auc.high.is_some_and(|high| high >= 0.5);
            let counted = match scored.scorer.as_str() {
                MODEL => &mut model,
                TREES => {
                    trees.1 += 1;
                    &mut trees.0
                }
                _ => &mut noise,
            };
            *counted += usize::from(covered);
        }
    }
    assert_eq!(seeds, 100, "every company is judged");
    assert!(noise >= 90 && model >= 90, "of 100 intervals {noise} and {model} of the model cover one half");
    let (covered, judged) = trees;
    assert!(judged >= 40 && covered * 100 >= judged * 90, "of {judged} intervals of trees {covered} cover one half");
}
