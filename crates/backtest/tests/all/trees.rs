//! Boosted trees beside the logistic model: chosen where they are better out of time, and nowhere else.

use crate::simulate::{Company, company, thresholds};
use std::sync::LazyLock;
use tenure_backtest::{
    AgainstChance, Backtest, Judged, Judgement, MODEL, ModelKind, Panel, Row, Settings, Standing, TREES, backtest,
    words,
};

static COMPANY: LazyLock<Company> = LazyLock::new(|| thresholds(21, 900, 30));
static FOUND: LazyLock<Backtest> = LazyLock::new(|| run(&COMPANY.panel(), &[30, 90]));

fn run(panel: &Panel, horizons: &[i32]) -> Backtest {
    let settings = Settings { horizons: horizons.to_vec(), ..Settings::default() };
    backtest(panel, &[], &settings, &[]).unwrap()
}

fn judged(found: &Backtest, place: usize) -> &Judged {
    found.report.horizons[place].judged.enough().unwrap()
}

fn of<'a>(judged: &'a Judged, name: &str) -> &'a Judgement {
    judged.scorers.iter().find(|scored| scored.scorer == name).unwrap().judgement.enough().unwrap()
}

#[test]
fn thresholds_are_found_by_trees_and_they_are_chosen() {
    for (place, days) in [(0, 30), (1, 90)] {
        let judged = judged(&FOUND, place);
        let (model, trees) = (of(judged, MODEL), of(judged, TREES));
        assert!(trees.auc.value > model.auc.value + 0.05, "{days}: {:?} {:?}", trees.auc, model.auc);
        assert!(trees.log_loss < model.log_loss && trees.calibration_error < 0.03, "{days}: {trees:?}");
        let chosen = judged.chosen.unwrap();
        assert_eq!(chosen.kind, ModelKind::Boosted);
        assert!(chosen.difference.unwrap().low.unwrap() > 0.0);
        let said = words::chosen(&chosen);
        assert!(said.starts_with("boosted trees, better than churn model: AUC by +0."), "{said}");
        let last = &FOUND.models[&days];
        assert_eq!((last.kind(), last.trees().is_some()), (ModelKind::Boosted, true));
        let report = judged.model.enough().unwrap();
        assert_eq!((report.kind, report.trees, &report.weights[..]), (last.kind(), last.trees(), last.weights()));
        assert!(judged.blocks.iter().all(|block| block.trees.is_some() && block.penalty.is_some()));
    }
}

#[test]
fn where_the_truth_is_linear_the_logistic_model_stays() {
    let company = company(22, 700, 30);
    let found = run(&company.without(&["exit_interview"]), &[90]);
    let chosen = judged(&found, 0).chosen.unwrap();
    assert_eq!((chosen.kind, found.models[&90].kind()), (ModelKind::Logistic, ModelKind::Logistic));
    assert!(chosen.difference.unwrap().low.unwrap() <= 0.0);
    let said = words::chosen(&chosen);
    assert!(said.starts_with("churn model; boosted trees are not shown to be better: AUC by "), "{said}");
    assert!(found.models[&90].trees().is_none() && judged(&found, 0).model.enough().unwrap().trees.is_none());
}

#[test]
fn a_risk_by_trees_is_the_sum_of_its_reasons() {
    let (model, panel) = (&FOUND.models[&90], COMPANY.panel());
    for row in panel.rows().iter().step_by(41) {
        let risk = model.risk(&row.values).unwrap();
        let sum = risk.contributions.iter().fold(risk.base, |sum, one| sum + one.part);
        assert_eq!(sum, risk.log_odds);
        assert!((risk.probability - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-15);
        let names: Vec<&str> = risk.contributions.iter().map(|one| &*one.signal).collect();
        assert_eq!(names, panel.signals());
        assert_eq!(risk.contributions[4].part, 0.0, "a signal that never varies says nothing");
    }
    // A change of use, up or down, and bills overdue only tell together.
    let of =
        |change: f64, overdue: f64| model.risk(&[Some(change), Some(overdue), None, Some(0.0), Some(7.0)]).unwrap();
    for both in [of(-1.8, 1.2), of(1.8, 1.2)] {
        for other in [of(-1.8, -1.2), of(1.8, -1.2), of(0.0, 1.2)] {
            assert!(both.probability > 2.0 * other.probability, "{both:?} {other:?}");
        }
        assert!(both.contributions[0].part > 0.0 && both.contributions[1].part > 0.0);
    }
    assert!(model.risk(&[None]).is_err() && model.risk(&[Some(f64::NAN); 5]).is_err());
    assert!(model.risk(&[None; 5]).unwrap().probability.is_finite(), "nothing known is an answer too");
}

#[test]
fn risks_by_trees_add_up_to_about_those_who_left() {
    let (model, panel) = (&FOUND.models[&90], COMPANY.panel());
    let from = judged(&FOUND, 1).blocks[0].first_day;
    let mature: Vec<&Row> = panel.rows().iter().filter(|row| row.day >= from && row.day + 90 <= row.known_to).collect();
    let left = mature.iter().filter(|row| row.left_on.is_some_and(|left_on| left_on <= row.day + 90)).count();
    let expected: f64 = mature.iter().map(|row| model.risk(&row.values).unwrap().probability).sum();
    assert!((expected / left as f64 - 1.0).abs() < 0.15, "{expected} of {left}");
}

#[test]
fn the_same_whichever_row_comes_first() {
    let mut rows = COMPANY.rows.clone();
    rows.reverse();
    let turned = run(&Panel::new(COMPANY.signals.clone(), rows).unwrap(), &[30, 90]);
    assert_eq!(*FOUND, turned);
}

#[test]
fn noise_makes_no_trees_better_than_chance() {
    let company = thresholds(23, 700, 30);
    // Everything that is known of an account is what was known of the next one's rows.
    let values: Vec<_> = company.rows.iter().map(|row| row.values.clone()).collect();
    let shift = values.len() / 2;
    let row = |(i, row): (usize, &Row)| Row { values: values[(i + shift) % values.len()].clone(), ..row.clone() };
    let panel = Panel::new(company.signals.clone(), company.rows.iter().enumerate().map(row).collect()).unwrap();
    let found = run(&panel, &[90]);
    for name in [MODEL, TREES] {
        let judgement = of(judged(&found, 0), name);
        assert_eq!(judgement.verdict.against_chance, AgainstChance::NoBetter, "{name}: {:?}", judgement.auc);
    }
    let chosen = judged(&found, 0).chosen.unwrap();
    assert_eq!(chosen.kind, ModelKind::Logistic, "{chosen:?}");
    assert_ne!(Standing::of(chosen.difference.unwrap()), Standing::Better);
}

#[test]
fn where_too_few_leave_nothing_is_grown_and_nothing_made_up() {
    let company = thresholds(24, 240, 30);
    let mut leavers: Vec<&str> =
        company.rows.iter().filter(|row| row.left_on.is_some()).map(|row| &*row.account).collect();
    leavers.dedup();
    let few: Vec<&str> = leavers.iter().step_by(4).copied().collect();
    let kept = company.rows.iter().filter(|row| row.left_on.is_none() || few.contains(&&*row.account));
    let found = run(&Panel::new(company.signals.clone(), kept.cloned().collect()).unwrap(), &[30]);
    assert!(found.report.horizons[0].judged.not_enough().is_some() && found.models.is_empty());
}
