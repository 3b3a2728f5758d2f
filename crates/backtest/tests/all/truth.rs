//! What is known of the simulated company is found.

use crate::simulate::{Company, company, scorer};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tenure_backtest::{
    AgainstChance, Answer, Backtest, BandEdge, Colour, Direction, Judged, Judgement, MODEL, Scored, Settings, Standing,
    TREES, backtest, words,
};

const LEAKY: [&str; 1] = ["exit_interview"];

static COMPANY: LazyLock<Company> = LazyLock::new(|| company(1, 900, 36));

/// Without the leaky signal; the scorers: a noisy score, noise, the hidden health itself, and one turned round.
static TESTED: LazyLock<Backtest> = LazyLock::new(|| {
    let turned = COMPANY.health.iter().map(|z| -z).collect();
    let scorers = [
        COMPANY.score("noisy score", 2.0, 5),
        scorer("noise", COMPANY.elsewhere.clone()),
        COMPANY.score("hidden health", 0.0, 6),
        scorer("turned round", turned),
    ];
    let settings = Settings { baseline: Some("noisy score".into()), ..Settings::default() };
    backtest(&COMPANY.without(&LEAKY), &scorers, &settings, &[]).unwrap()
});

fn judged(days: i32) -> &'static Judged {
    let horizon = TESTED.report.horizons.iter().find(|horizon| horizon.horizon == days).unwrap();
    horizon.judged.enough().unwrap_or_else(|| panic!("{:?}", horizon.judged))
}

fn of<'a>(judged: &'a Judged, name: &str) -> &'a Judgement {
    let scored: &Scored = judged.scorers.iter().find(|scored| scored.scorer == name).unwrap();
    scored.judgement.enough().unwrap()
}

#[test]
fn the_model_beats_a_noisy_score_out_of_time() {
    for days in [30, 90, 180] {
        let (model, noisy) = (of(judged(days), MODEL), of(judged(days), "noisy score"));
        let standing = model.verdict.against_baseline.as_ref().unwrap();
        assert_eq!(standing.standing, Standing::Better, "{days}: {}", words::verdict(model));
        assert!(noisy.verdict.against_baseline.is_none(), "it is the baseline");
        assert_eq!(noisy.verdict.against_chance, AgainstChance::Better);
        let said = words::verdict(model);
        assert!(said.contains("better than noisy score"), "{said}");
        assert!(model.log_loss < noisy.log_loss && model.brier < noisy.brier);
        assert!(model.average_precision > noisy.average_precision);
    }
}

#[test]
fn nothing_beats_the_truth() {
    for days in [30, 90] {
        let hidden = of(judged(days), "hidden health").auc.value;
        for scored in &judged(days).scorers {
            let other = scored.judgement.enough().unwrap().auc.value;
            assert!(other <= hidden, "{days}: {} {other} over {hidden}", scored.scorer);
        }
    }
}

#[test]
fn noise_is_no_better_than_chance_and_a_turned_score_is_said_to_be_one() {
    for days in [30, 90, 180] {
        let noise = of(judged(days), "noise");
        assert_eq!(noise.verdict.against_chance, AgainstChance::NoBetter, "{days}: {:?}", noise.auc);
        assert!(words::verdict(noise).starts_with("no better than chance: the interval of its AUC includes 0.5"));
        assert_eq!(noise.verdict.against_baseline.as_ref().unwrap().standing, Standing::Worse);
        let turned = of(judged(days), "turned round");
        assert_eq!(turned.verdict.against_chance, AgainstChance::WrongWayRound);
        let right = of(judged(days), "hidden health").auc;
        assert!((turned.auc.value + right.value - 1.0).abs() < 1e-12);
    }
}

#[test]
fn probabilities_are_right() {
    for days in [30, 90] {
        for name in [MODEL, TREES, "noisy score", "hidden health"] {
            let found = of(judged(days), name);
            assert!(found.calibration_error < 0.03, "{days} {name}: {}", found.calibration_error);
            let within = found.bands.iter().filter(|band| {
                band.left.low.unwrap() - 0.01 <= band.predicted && band.predicted <= band.left.high.unwrap() + 0.01
            });
            assert!(within.count() + 1 >= found.bands.len(), "{days} {name}: {:?}", found.bands);
        }
        let base = judged(days).base_rate;
        assert!(of(judged(days), MODEL).brier < base * (1.0 - base), "better than always saying the base rate");
    }
}

#[test]
fn the_signals_weigh_what_they_tell() {
    let model = judged(90).model.enough().unwrap();
    let weight = |name: &str| model.weights.iter().find(|weight| weight.signal == name).unwrap();
    assert_eq!(model.weights[0].signal, "use");
    assert_eq!((weight("use").more_is, weight("tickets").more_is), (Direction::Healthier, Direction::Riskier));
    assert!(weight("use").agrees && weight("tickets").agrees);
    assert!(weight("useless").share < 0.08, "{:?}", weight("useless"));
    assert!((model.weights.iter().map(|weight| weight.share).sum::<f64>() - 1.0).abs() < 1e-12);
    let dropped: Vec<(&str, bool)> = model.dropped.iter().map(|one| (&*one.signal, one.never_known)).collect();
    assert_eq!(dropped, [("fixed", false), ("unknown", true)]);
}

#[test]
fn a_risk_is_the_sum_of_its_reasons() {
    let model = &TESTED.models[&90];
    let panel = COMPANY.without(&LEAKY);
    for row in panel.rows().iter().step_by(37) {
        let risk = model.risk(&row.values).unwrap();
        let sum = risk.contributions.iter().fold(risk.base, |sum, one| sum + one.part);
        assert_eq!(sum, risk.log_odds);
        assert!((risk.probability - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-15);
        let left_out = risk.contributions.iter().filter(|one| ["fixed", "unknown"].contains(&&*one.signal));
        assert!(left_out.clone().count() == 2 && left_out.clone().all(|one| one.part == 0.0));
    }
    let ill = [Some(-2.0), Some(6.0), None, Some(0.0), Some(7.0), None];
    let well = [Some(2.0), Some(1.0), None, Some(0.0), Some(7.0), None];
    let (ill, well) = (model.risk(&ill).unwrap(), model.risk(&well).unwrap());
    assert!(ill.probability > 5.0 * well.probability, "{} {}", ill.probability, well.probability);
    assert!(ill.contributions[0].part > 0.0 && well.contributions[0].part < 0.0);
    assert!(model.risk(&[None]).is_err() && model.risk(&[Some(f64::NAN); 6]).is_err());
}

#[test]
fn risks_of_all_rows_add_up_to_about_those_who_left() {
    let panel = COMPANY.without(&LEAKY);
    for (days, model) in &TESTED.models {
        let mature: Vec<_> = panel.rows().iter().filter(|row| row.day + days <= row.known_to).collect();
        let left = mature.iter().filter(|row| row.left_on.is_some_and(|left_on| left_on <= row.day + days)).count();
        let expected: f64 = mature.iter().map(|row| model.risk(&row.values).unwrap().probability).sum();
        assert!((expected / left as f64 - 1.0).abs() < 0.15, "{days}: {expected} of {left}");
    }
}

#[test]
fn all_are_judged_on_the_same_rows() {
    let judged = judged(90);
    assert_eq!(judged.blocks.len(), 5);
    assert_eq!(judged.rows, judged.blocks.iter().map(|block| block.test).sum::<usize>());
    assert_eq!(judged.left_out, 0);
    for scored in &judged.scorers {
        let found = scored.judgement.enough().unwrap();
        assert_eq!(found.bands.iter().map(|band| band.left.of).sum::<u64>(), judged.rows as u64);
    }
    assert_eq!(judged.differences.len(), 6 * 5 / 2);
}

#[test]
fn colours_and_bands_are_what_counting_gives() {
    let (judged, panel) = (judged(90), COMPANY.panel());
    let noisy = COMPANY.score("noisy score", 2.0, 5);
    let hidden = COMPANY.score("hidden health", 0.0, 6);
    let inside = |day: i32| judged.blocks.iter().any(|block| (block.first_day..=block.last_day).contains(&day));
    let mut matrix = [[0; 3]; 3];
    let (mut red, mut red_left) = (0, 0);
    for (i, row) in panel.rows().iter().enumerate() {
        if inside(row.day) && row.day + 90 <= row.known_to {
            let colour = |scorer: &tenure_backtest::Scorer| scorer.colours.as_ref().unwrap()[i].unwrap();
            matrix[colour(&noisy) as usize][colour(&hidden) as usize] += 1;
            red += u64::from(colour(&noisy) == Colour::Red);
            let left = row.left_on.is_some_and(|left_on| left_on <= row.day + 90);
            red_left += u64::from(colour(&noisy) == Colour::Red && left);
        }
    }
    let band = &of(judged, "noisy score").bands[0];
    assert_eq!((band.edge, band.left.of, band.left.count), (BandEdge::Colour(Colour::Red), red, red_left));
    let pair = |one: &&tenure_backtest::Difference| one.first == "noisy score" && one.second == "hidden health";
    let found = judged.differences.iter().find(pair).unwrap().recoloured.as_ref().unwrap();
    assert_eq!(found.rows, matrix);
    let same: u64 = (0..3).map(|i| matrix[i][i]).sum();
    assert_eq!(found.changed, judged.rows as u64 - same);
}

#[test]
fn what_the_highest_risks_catch_is_more_than_chance() {
    let gains = &of(judged(90), MODEL).gains;
    assert!(
        gains.len() == 20
            && gains[19].capture == 1.0
            && gains.windows(2).all(|pair| pair[0].capture <= pair[1].capture)
    );
    let reliability = &of(judged(90), MODEL).reliability;
    assert_eq!(reliability.iter().map(|bin| bin.rows).sum::<u64>(), judged(90).rows as u64);
    assert!(reliability.windows(2).all(|pair| pair[0].predicted <= pair[1].predicted));
    for top in &of(judged(90), MODEL).top {
        assert!(top.lift > 1.5 && (top.capture / top.share - top.lift).abs() < 0.05, "{top:?}");
    }
    for top in &of(judged(90), "noise").top {
        assert!((top.lift - 1.0).abs() < 0.4, "{top:?}");
    }
}

#[test]
fn warnings_come_and_some_never_do() {
    let noisy = of(judged(90), "hidden health");
    let first = noisy.first_warning.as_ref().unwrap().enough().unwrap();
    assert!(first.median_days.unwrap() > 30.0);
    let green = noisy.green_leavers.as_ref().unwrap().enough().unwrap();
    assert_eq!(green.green.count + green.amber + green.red, green.green.of);
    let share = |name: &str| of(judged(90), name).first_warning.as_ref().unwrap().enough().unwrap().never.share;
    assert!(share("hidden health") < share("noise"), "the truth is green less often before a leaving");
    assert!(of(judged(90), MODEL).green_leavers.is_none(), "the model has no colours");
}

#[test]
fn segments_stand_apart() {
    let segments = &of(judged(90), MODEL).segments;
    let names: Vec<Option<&str>> = segments.iter().map(|one| one.segment.as_deref()).collect();
    assert_eq!(names, [Some("large"), Some("small")]);
    assert!(segments.iter().all(|one| one.auc.enough().unwrap().value > 0.6));
}

#[test]
fn a_signal_written_because_accounts_leave_is_named() {
    let found = backtest(&COMPANY.panel(), &[], &Settings::default(), &[]).unwrap();
    for horizon in &found.report.horizons {
        let named: Vec<&str> = horizon.leaks.presence.iter().map(|one| &*one.signal).collect();
        assert_eq!(named, LEAKY, "{}", horizon.horizon);
        let good: BTreeSet<&str> = horizon.leaks.too_good.iter().map(|one| &*one.signal).collect();
        assert!(good.is_subset(&BTreeSet::from(LEAKY)), "{good:?}");
        if horizon.horizon > 60 {
            let said = words::presence(&horizon.leaks.presence[0]);
            assert!(said.starts_with("exit_interview exists only for those who left"), "{said}");
        }
    }
    // Without it nothing is suspected.
    for horizon in &TESTED.report.horizons {
        assert!(horizon.leaks.too_good.is_empty() && horizon.leaks.presence.is_empty(), "{:?}", horizon.leaks);
    }
}

#[test]
fn a_signal_that_says_the_same_in_other_words_is_named() {
    let mut rows = COMPANY.rows.clone();
    for row in &mut rows {
        let soon = row.left_on.is_some_and(|left_on| left_on <= row.day + 90);
        row.values[4] = Some(f64::from(u8::from(soon)));
    }
    let panel = tenure_backtest::Panel::new(COMPANY.signals.clone(), rows).unwrap();
    let found = backtest(&panel, &[], &Settings { horizons: vec![90], ..Settings::default() }, &[]).unwrap();
    let leaks = &found.report.horizons[0].leaks;
    let fixed = leaks.too_good.iter().find(|one| one.signal == "fixed").unwrap();
    assert!(fixed.separates && fixed.auc == Some(1.0) && fixed.bins.len() == 2);
    assert!(words::too_good(fixed).contains("with a value of 1 everybody left"));
    // The model finds the leak too, and its answer is no number without doubt.
    let model = &found.report.horizons[0].judged.enough().unwrap().scorers[0];
    assert!(matches!(&model.judgement, Answer::Enough(found) if found.auc.value > 0.99));
}
