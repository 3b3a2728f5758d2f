//! Nothing that became known after a block began may have taught what is judged in it.

use crate::simulate::company;
use tenure_backtest::{Judged, MODEL, Panel, Settings, TREES, backtest};

fn judged(panel: &Panel, company: &crate::simulate::Company) -> Judged {
    let scorers = [company.score("noisy score", 1.0, 3)];
    let settings = Settings { horizons: vec![90], ..Settings::default() };
    let found = backtest(panel, &scorers, &settings, &[]).unwrap();
    found.report.horizons[0].judged.enough().unwrap().clone()
}

#[test]
fn what_leaves_later_teaches_nothing() {
    let company = company(7, 600, 36);
    let before = judged(&company.panel(), &company);
    let place = 2;
    let begins = before.blocks[place].first_day;

    // Everybody who left after the block began stays instead, and everybody who stayed leaves.
    let mut rows = company.rows.clone();
    let mut turned = 0;
    for row in &mut rows {
        let later = row.left_on.filter(|left_on| *left_on > begins);
        if later.is_some() {
            turned += usize::from(row.day < begins && row.day + 90 > begins);
            row.left_on = None;
        } else if row.left_on.is_none() {
            row.left_on = Some(row.known_to.max(begins + 1) - 1);
        }
    }
    assert!(turned > 50, "rows before the block whose outcome was turned: {turned}");
    let after = judged(&Panel::new(company.signals.clone(), rows).unwrap(), &company);

    assert_eq!(before.blocks[place], after.blocks[place]);
    assert!(before.blocks[place].purged > turned);
    for scorer in ["noisy score", MODEL, TREES] {
        let calibration = |judged: &Judged| {
            let scored = judged.scorers.iter().find(|scored| scored.scorer == scorer).unwrap();
            scored.judgement.enough().unwrap().calibration.clone()
        };
        let (before, after) = (calibration(&before), calibration(&after));
        assert_eq!(before[..=place], after[..=place], "{scorer}: later leavings changed what was learned");
        assert_ne!(before[place + 1..], after[place + 1..], "{scorer}: the change is one that teaches");
    }
}

#[test]
fn each_part_begins_when_the_one_before_it_is_known() {
    let company = company(8, 400, 30);
    let judged = judged(&company.panel(), &company);
    let mut last = i32::MIN;
    for block in &judged.blocks {
        assert!(block.first_day > last, "blocks follow each other");
        assert_eq!(block.last_day - block.first_day, judged.blocks[0].last_day - judged.blocks[0].first_day);
        last = block.last_day;
        let known = |row: &&tenure_backtest::Row| row.day + 90 <= block.first_day;
        let fitted = company.rows.iter().filter(known).filter(|row| row.day + 90 <= block.calibrated_from).count();
        let calibrated = company.rows.iter().filter(known).filter(|row| row.day >= block.calibrated_from).count();
        let purged = company.rows.iter().filter(|row| row.day < block.first_day).filter(|row| !known(row)).count();
        assert_eq!((block.fitted, block.calibrated, block.purged), (fitted, calibrated, purged));
    }
}
