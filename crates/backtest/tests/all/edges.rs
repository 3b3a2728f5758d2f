//! Input that is wrong is refused; input that is too little is said to be.

use crate::simulate::{Company, company, scorer};
use tenure_backtest::{
    Answer, BacktestError, MODEL, NotEnough, Panel, ReadsAhead, Row, Scorer, Settings, TREES, backtest, words,
};

fn small() -> Company {
    company(11, 300, 24)
}

fn ninety() -> Settings {
    Settings { horizons: vec![90], ..Settings::default() }
}

/// Why a panel is not judged.
fn refused(panel: &Panel, scorers: &[Scorer]) -> NotEnough {
    let found = backtest(panel, scorers, &ninety(), &[]).unwrap();
    assert!(found.models.is_empty());
    let why = found.report.horizons[0].judged.not_enough().cloned();
    let why = why.unwrap_or_else(|| panic!("judged: {:?}", found.report.horizons[0].judged));
    assert!(words::not_enough(&why).starts_with("not enough data: "));
    why
}

fn with(company: &Company, change: impl Fn(&mut Row)) -> Panel {
    let mut rows = company.rows.clone();
    rows.iter_mut().for_each(change);
    Panel::new(company.signals.clone(), rows).unwrap()
}

#[test]
fn too_little_is_said_to_be() {
    let small = small();
    let empty = Panel::new(vec!["use".into()], Vec::new()).unwrap();
    assert_eq!(refused(&empty, &[]), NotEnough::NoRows);
    let one: Vec<Row> = small.rows.iter().filter(|row| row.account == small.rows[0].account).cloned().collect();
    assert_eq!(refused(&Panel::new(small.signals.clone(), one).unwrap(), &[]), NotEnough::OneAccount);
    let young = small.rows.iter().filter(|row| row.day + 90 > row.known_to).cloned().collect();
    let young = Panel::new(small.signals.clone(), young).unwrap();
    assert_eq!(refused(&young, &[]), NotEnough::TooYoung { horizon: 90 });
    let nobody = with(&small, |row| row.left_on = None);
    assert_eq!(refused(&nobody, &[]), NotEnough::NobodyLeft { accounts: 300 });
    let last: Vec<Row> =
        small.rows.iter().filter(|row| row.left_on.is_some_and(|left_on| left_on - row.day <= 60)).cloned().collect();
    let everybody = Panel::new(small.signals.clone(), last).unwrap();
    assert!(matches!(refused(&everybody, &[]), NotEnough::EverybodyLeft { .. }));
    let day = small.rows.iter().filter(|row| row.day == 300).cloned().collect();
    let found = refused(&Panel::new(small.signals.clone(), day).unwrap(), &[]);
    let NotEnough::FewBlocks { left, accounts, .. } = found else { panic!("{found:?}") };
    assert!(left > 0 && left < accounts, "{left} of {accounts}");
}

#[test]
fn few_who_left_are_too_few() {
    // Enough to learn from early on, and hardly anybody who leaves afterwards.
    let small = company(12, 300, 36);
    let few = with(&small, |row| row.left_on = row.left_on.filter(|left_on| *left_on < 300));
    match refused(&few, &[]) {
        NotEnough::FewChurned { found, wanted: 20 } => assert!(found < 20),
        NotEnough::FewBlocks { .. } => panic!("there was enough to learn from"),
        why => panic!("{why:?}"),
    }
}

#[test]
fn signals_that_tell_nothing_leave_no_model_and_the_scores_stand() {
    let small = small();
    let panels = [
        with(&small, |row| row.values = vec![None; 7]),
        with(&small, |row| row.values = vec![Some(3.0); 7]),
        Panel::new(Vec::new(), small.rows.iter().map(|row| Row { values: Vec::new(), ..row.clone() }).collect())
            .unwrap(),
    ];
    for panel in panels {
        let found = backtest(&panel, &[small.score("noisy score", 1.0, 1)], &ninety(), &[]).unwrap();
        let judged = found.report.horizons[0].judged.enough().unwrap();
        assert!(judged.scorers[0].judgement.enough().is_some());
        for name in [MODEL, TREES] {
            let model = judged.scorers.iter().find(|scored| scored.scorer == name).unwrap();
            assert!(matches!(&model.judgement, Answer::NotEnough(NotEnough::NoModel { .. })), "{:?}", model.judgement);
        }
        assert_eq!(judged.chosen, None);
        assert!(judged.model.not_enough().is_some() && found.models.is_empty());
        assert!(judged.blocks.iter().all(|block| block.penalty.is_none() && block.trees.is_none()));
    }
}

#[test]
fn rows_without_a_score_are_counted_apart() {
    let small = small();
    let mut gaps = small.score("with gaps", 1.0, 1);
    for place in (0..gaps.scores.len()).step_by(3) {
        gaps.scores[place] = None;
    }
    let none = Scorer { name: "none".into(), scores: vec![None; small.rows.len()], colours: None };
    let even = scorer("even", vec![5.0; small.rows.len()]);
    let found = backtest(&small.panel(), &[gaps, none, even], &ninety(), &[]).unwrap();
    let judged = found.report.horizons[0].judged.enough().unwrap();
    let all: usize = judged.blocks.iter().map(|block| block.test).sum();
    assert_eq!(judged.rows + judged.left_out, all);
    assert!(judged.left_out > all / 4);
    let [gaps, none, even, model, trees] = &judged.scorers[..] else { panic!("{:?}", judged.scorers.len()) };
    assert_eq!(gaps.without_score, judged.left_out);
    assert_eq!((none.without_score, &none.judgement), (all, &Answer::NotEnough(NotEnough::NoScores)));
    assert_eq!((model.without_score, trees.without_score), (0, 0));
    let even = even.judgement.enough().unwrap();
    assert_eq!(even.auc.value, 0.5, "one score for all is chance");
    assert!(even.top.iter().all(|top| (top.lift - 1.0).abs() < 1e-12));
    assert_eq!(judged.differences.len(), 4 * 3 / 2);
}

#[test]
fn wrong_input_is_refused() {
    let small = small();
    let panel = small.panel();
    let good = || small.score("noisy score", 1.0, 1);
    let run = |scorers: &[Scorer], settings: Settings| backtest(&panel, scorers, &settings, &[]).unwrap_err();
    let mut odd = good();
    odd.scores[4] = Some(f64::NAN);
    assert!(matches!(run(&[odd], ninety()), BacktestError::NotFinite { name, .. } if name == "noisy score"));
    let mut short = good();
    short.scores.pop();
    assert!(matches!(run(&[short], ninety()), BacktestError::Length { what: "scores", .. }));
    let mut short = good();
    short.colours = Some(Vec::new());
    assert!(matches!(run(&[short], ninety()), BacktestError::Length { what: "colours", found: 0, .. }));
    assert!(matches!(run(&[good(), good()], ninety()), BacktestError::NamedTwice { what: "scorer", .. }));
    for name in [MODEL, TREES] {
        let taken = Scorer { name: name.to_owned(), ..good() };
        assert_eq!(run(&[taken], ninety()), BacktestError::Reserved(name.to_owned()));
    }
    let set = |horizons: &[i32], blocks| Settings { horizons: horizons.to_vec(), blocks, baseline: None };
    assert_eq!(run(&[], set(&[0], 5)), BacktestError::Horizon(0));
    assert_eq!(run(&[], set(&[], 5)), BacktestError::Horizons(vec![]));
    assert_eq!(run(&[], set(&[30, 30], 5)), BacktestError::Horizons(vec![30, 30]));
    assert_eq!(run(&[], set(&[30], 1)), BacktestError::Blocks(1));
    let missing = Settings { baseline: Some("recency".into()), ..ninety() };
    assert_eq!(run(&[good()], missing), BacktestError::Baseline("recency".into()));
}

#[test]
fn extreme_numbers_do_no_harm() {
    let small = small();
    for size in [1e300, 1e-300, 1e12] {
        let panel = with(&small, |row| row.values[0] = row.values[0].map(|value| value * size));
        let mut large = small.score("large", 1.0, 1);
        large.scores.iter_mut().for_each(|score| *score = score.map(|score| score * size));
        let found = backtest(&panel, &[large], &ninety(), &[]).unwrap();
        let json = serde_json::to_string(&found.report).unwrap();
        let judged = found.report.horizons[0].judged.enough().unwrap();
        let score = judged.scorers[0].judgement.enough().unwrap();
        assert!(score.brier.is_finite() && score.log_loss.is_finite() && !json.contains("NaN"));
    }
    let far = Settings { horizons: vec![i32::MAX], ..ninety() };
    let found = backtest(&small.panel(), &[], &far, &[]).unwrap();
    assert_eq!(found.report.horizons[0].judged, Answer::NotEnough(NotEnough::TooYoung { horizon: i32::MAX }));
}

#[test]
fn what_reads_ahead_is_passed_on() {
    let found = ReadsAhead { signal: "csat".into(), rows: 1, example: "account 7 on 2026-03-01".into() };
    let report = backtest(&small().panel(), &[], &ninety(), std::slice::from_ref(&found)).unwrap().report;
    assert_eq!(report.reads_ahead, std::slice::from_ref(&found));
    let said = "csat reads later days: without them 1 value would differ, such as account 7 on 2026-03-01";
    assert_eq!(words::reads_ahead(&found), said);
}
